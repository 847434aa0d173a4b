//! Hand-made phones: they write what a test wants, right or wrong, and read what comes.

use crate::lab::{PASSWORD, REALM, USER};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// For what has to come: long, so that a slow machine fails nothing.
const WAIT: Duration = Duration::from_secs(30);
const QUIET: Duration = Duration::from_millis(250);
pub static COUNT: AtomicU32 = AtomicU32::new(1);

/// A message that came.
#[derive(Clone, Debug)]
pub struct Got(pub String);

impl Got {
    /// The status code, 0 for a request.
    pub fn code(&self) -> u16 {
        self.0.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok()).unwrap_or(0)
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let prefix = format!("{}:", name.to_ascii_lowercase());
        let lines = self.0.split("\r\n\r\n").next().unwrap_or_default().lines();
        lines.filter(|l| l.to_ascii_lowercase().starts_with(&prefix)).map(|l| l[prefix.len()..].trim()).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    /// A parameter of the challenge.
    pub fn challenge(&self, name: &str) -> Option<&str> {
        param(self.header("WWW-Authenticate"), name)
    }
}

/// `name="value"` or `name=value` in a header.
pub fn param<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let header = header.strip_prefix("Digest ").unwrap_or(header);
    header.split(", ").find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).map(|v| v.trim_matches('"'))
}

/// A REGISTER being made.
#[derive(Clone)]
pub struct Register {
    pub user: String,
    pub from_user: Option<String>,
    pub realm: String,
    pub uri: String,
    pub via: String,
    pub call_id: String,
    pub cseq: u32,
    pub branch: String,
    pub contact: String,
    pub extra: String,
}

impl Register {
    pub fn new() -> Self {
        Self::of(USER)
    }

    pub fn of(user: &str) -> Self {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            user: user.into(),
            from_user: None,
            realm: REALM.into(),
            uri: format!("sip:{REALM}"),
            via: "SIP/2.0/UDP 127.0.0.1:9;rport".into(),
            call_id: format!("call-{n}"),
            cseq: 1,
            branch: format!("z9hG4bK-{n}-1"),
            contact: format!("Contact: <sip:{user}@192.168.77.7:5062;transport=udp>\r\n"),
            extra: String::new(),
        }
    }

    pub fn contact(mut self, contact: &str) -> Self {
        self.contact = format!("Contact: {contact}\r\n");
        self
    }

    pub fn extra(mut self, line: &str) -> Self {
        self.extra.extend([line, "\r\n"]);
        self
    }

    /// The next request of the same Call-ID.
    pub fn next(mut self) -> Self {
        self.cseq += 1;
        self.branch = format!("z9hG4bK-{}-n", COUNT.fetch_add(1, Ordering::Relaxed));
        self
    }

    pub fn text(&self) -> String {
        let Self { user, realm, uri, via, call_id, cseq, branch, contact, extra, .. } = self;
        let from = self.from_user.as_ref().unwrap_or(user);
        format!(
            "REGISTER {uri} SIP/2.0\r\nVia: {via};branch={branch}\r\nFrom: <sip:{from}@{realm}>;tag=f1\r\nTo: <sip:{user}@{realm}>\r\nCall-ID: {call_id}\r\nCSeq: {cseq} REGISTER\r\n{contact}Max-Forwards: 70\r\nUser-Agent: Yealink SIP-T46S 66.86.0.15\r\n{extra}Content-Length: 0\r\n\r\n"
        )
    }

    /// With an answer to a challenge.
    pub fn authorized(&self, challenge: &Got, password: &str, nc: &str) -> Self {
        self.clone().extra(&authorization(challenge.header("WWW-Authenticate"), "REGISTER", &self.uri, (&self.user, password), nc))
    }
}

fn hash(algorithm: &str, text: String) -> String {
    if algorithm == "SHA-256" { hex::encode(Sha256::digest(text)) } else { hex::encode(Md5::digest(text)) }
}

/// An Authorization line for a challenge.
pub fn authorization(challenge: &str, method: &str, uri: &str, (user, password): (&str, &str), nc: &str) -> String {
    let (realm, nonce) = (param(challenge, "realm").expect("realm"), param(challenge, "nonce").expect("nonce"));
    let algorithm = param(challenge, "algorithm").unwrap_or("MD5");
    let ha1 = hash(algorithm, format!("{user}:{realm}:{password}"));
    let ha2 = hash(algorithm, format!("{method}:{uri}"));
    let response = hash(algorithm, format!("{ha1}:{nonce}:{nc}:cn0nce:auth:{ha2}"));
    format!(
        r#"Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}", algorithm={algorithm}, qop=auth, nc={nc}, cnonce="cn0nce""#
    )
}

pub struct Udp {
    pub socket: UdpSocket,
    to: SocketAddr,
}

impl Udp {
    pub async fn new(to: SocketAddr) -> Self {
        Self::at("127.0.0.1", to).await
    }

    pub async fn at(ip: &str, to: SocketAddr) -> Self {
        Self { socket: UdpSocket::bind((ip, 0)).await.expect("a port"), to }
    }

    pub async fn send(&self, text: impl AsRef<[u8]>) {
        self.socket.send_to(text.as_ref(), self.to).await.expect("sent");
    }

    async fn read(&self, wait: Duration) -> Option<Got> {
        let mut buffer = vec![0; 65_536];
        let (length, from) = timeout(wait, self.socket.recv_from(&mut buffer)).await.ok()?.ok()?;
        assert_eq!(from, self.to, "from the listening socket");
        Some(Got(String::from_utf8_lossy(&buffer[..length]).into_owned()))
    }

    pub async fn recv(&self) -> Got {
        self.read(WAIT).await.expect("a message within 3 s")
    }

    pub async fn recv_within(&self, wait: Duration) -> Option<Got> {
        self.read(wait).await
    }

    pub async fn ask(&self, text: impl AsRef<[u8]>) -> Got {
        self.send(text).await;
        self.recv().await
    }

    /// The status line's code, or none when nothing comes.
    pub async fn code_of(&self, text: impl AsRef<[u8]>) -> Option<u16> {
        self.send(text).await;
        self.read(QUIET).await.map(|got| got.code())
    }

    /// Challenge and answer.
    pub async fn register(&self, register: &Register) -> Got {
        self.register_as(register, PASSWORD).await
    }

    pub async fn register_as(&self, register: &Register, password: &str) -> Got {
        let challenge = self.ask(register.text()).await;
        assert_eq!(challenge.code(), 401, "{challenge:?}");
        let again = register.clone().next();
        self.ask(again.authorized(&challenge, password, "00000001").text()).await
    }
}

/// A stream of bytes, whatever carries it.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Wire for S {}

pub struct Tcp {
    stream: Box<dyn Wire>,
    local: SocketAddr,
    buffer: Vec<u8>,
}

impl Tcp {
    pub async fn new(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.expect("connects");
        let local = stream.local_addr().expect("connected");
        Self::over(stream, local)
    }

    /// Over a stream that is there; `local` is our end of it.
    pub fn over(stream: impl Wire + 'static, local: SocketAddr) -> Self {
        Self { stream: Box::new(stream), local, buffer: Vec::new() }
    }

    pub fn local(&self) -> SocketAddr {
        self.local
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("written");
        self.stream.flush().await.expect("written");
    }

    /// The next bytes up to `length`, or what came before the end or the wait.
    pub async fn raw(&mut self, length: usize, wait: Duration) -> Vec<u8> {
        let deadline = tokio::time::Instant::now() + wait;
        let mut chunk = [0; 4096];
        while self.buffer.len() < length {
            match tokio::time::timeout_at(deadline, self.stream.read(&mut chunk)).await {
                Ok(Ok(n)) if n > 0 => self.buffer.extend_from_slice(&chunk[..n]),
                _ => break,
            }
        }
        let take = length.min(self.buffer.len());
        self.buffer.drain(..take).collect()
    }

    /// The next message without a body, pings before it left out.
    pub async fn recv(&mut self) -> Got {
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") {
            let byte = self.raw(1, WAIT).await;
            assert!(!byte.is_empty(), "the connection ended or was silent after {text:?}");
            text.push(char::from(byte[0]));
            if text.trim().is_empty() {
                text.clear();
            }
        }
        Got(text)
    }

    pub async fn ask(&mut self, text: impl AsRef<[u8]>) -> Got {
        self.send(text).await;
        self.recv().await
    }

    pub async fn register(&mut self, register: &Register) -> Got {
        let challenge = self.ask(register.text()).await;
        assert_eq!(challenge.code(), 401, "{challenge:?}");
        self.ask(register.clone().next().authorized(&challenge, PASSWORD, "00000001").text()).await
    }

    /// One byte, if it still can.
    pub async fn drip(&mut self) {
        self.stream.write_all(b"x").await.ok();
        self.stream.flush().await.ok();
    }

    /// Whether the other side closes within the wait; what it still sends is thrown away.
    pub async fn is_closed_within(&mut self, wait: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + wait;
        let mut chunk = [0; 4096];
        loop {
            match tokio::time::timeout_at(deadline, self.stream.read(&mut chunk)).await {
                Err(_) => return false,
                Ok(Ok(0) | Err(_)) => return true,
                Ok(Ok(_)) => {}
            }
        }
    }
}

impl Register {
    /// The same over TCP.
    pub fn tcp(self) -> Self {
        self.over("TCP")
    }

    /// The same over another transport.
    pub fn over(mut self, transport: &str) -> Self {
        self.via = format!("SIP/2.0/{transport} 127.0.0.1:9;rport");
        self
    }
}
