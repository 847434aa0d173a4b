//! A registrar as small as the tests allow: one user, one socket.

use crate::Handle;
use crate::digest::{Challenge, param, random, right};
use crate::message::Message;
use secrecy::SecretString;
use std::{collections::HashMap, net::SocketAddr, sync::Arc, sync::Mutex, sync::MutexGuard, time::Duration};
use tokio::{net::UdpSocket, sync::mpsc, time::timeout};

const REALM: &str = "a.example.net";

struct Inner {
    password: SecretString,
    nonce: String,
    grant: Option<u32>,
    min_expires: u32,
    registers: Vec<Message>,
    bound: bool,
    waiting: HashMap<String, mpsc::UnboundedSender<Message>>,
}

pub struct Registrar {
    pub address: SocketAddr,
    socket: Arc<UdpSocket>,
    inner: Arc<Mutex<Inner>>,
}

impl Registrar {
    pub async fn start(password: &str) -> Self {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let inner = Arc::new(Mutex::new(Inner {
            password: password.into(),
            nonce: random(8),
            grant: None,
            min_expires: 0,
            registers: vec![],
            bound: false,
            waiting: HashMap::new(),
        }));
        let (s, i) = (socket.clone(), inner.clone());
        tokio::spawn(async move {
            let mut buffer = vec![0; 65_536];
            while let Ok((n, from)) = s.recv_from(&mut buffer).await {
                let message = Message::parse(&buffer[..n]).expect("phones speak SIP");
                let answer =
                    if message.status().is_some() { i.lock().unwrap().hand_on(message) } else { i.lock().unwrap().register(message) };
                if let Some(text) = answer {
                    s.send_to(text.as_bytes(), from).await.unwrap();
                }
            }
        });
        Self { address: socket.local_addr().unwrap(), socket, inner }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub fn grant(&self, seconds: u32) {
        self.inner().grant = Some(seconds);
    }

    pub fn min_expires(&self, seconds: u32) {
        self.inner().min_expires = seconds;
    }

    pub fn forget_nonces(&self) {
        self.inner().nonce = random(8);
    }

    pub fn password(&self, password: &str) {
        self.inner().password = password.into();
    }

    pub fn registers(&self) -> Vec<Message> {
        self.inner().registers.clone()
    }

    pub fn bound(&self) -> bool {
        self.inner().bound
    }

    pub fn request(&self, phone: &Handle, method: &str, extra: &str) -> String {
        format!(
            "{method} sip:desk@{to} SIP/2.0\r\nVia: SIP/2.0/UDP {me};rport;branch=z9hG4bK{branch}\r\nMax-Forwards: 70\r\n\
             From: <sip:desk@{REALM}>;tag=r1\r\nTo: <sip:desk@{REALM}>\r\nCall-ID: {id}\r\nCSeq: 1 {method}\r\n{extra}Content-Length: 0\r\n\r\n",
            to = phone.address(),
            me = self.address,
            branch = random(6),
            id = random(6),
        )
    }

    /// The code of the answer; none when it does not come.
    pub async fn ask(&self, phone: &Handle, request: &str) -> Option<u16> {
        self.answer(phone, request).await?.status()
    }

    async fn answer(&self, phone: &Handle, request: &str) -> Option<Message> {
        let branch = Message::parse(request.as_bytes()).unwrap().branch().unwrap().to_owned();
        let (tell, mut told) = mpsc::unbounded_channel();
        self.inner().waiting.insert(branch, tell);
        self.socket.send_to(request.as_bytes(), phone.address()).await.unwrap();
        timeout(Duration::from_millis(80), told.recv()).await.ok().flatten()
    }

    pub async fn options(&self, phone: &Handle) -> Option<u16> {
        self.ask(phone, &self.request(phone, "OPTIONS", "")).await
    }

    /// With a password, a challenge is answered once.
    pub async fn notify(&self, phone: &Handle, event: &str, password: Option<&str>) -> Option<u16> {
        let event = format!("Event: {event}\r\nSubscription-State: terminated;reason=noresource\r\n");
        let first = self.answer(phone, &self.request(phone, "NOTIFY", &event)).await?;
        let (Some(401), Some(password)) = (first.status(), password) else { return first.status() };
        let challenge = Challenge::parse(first.get("www-authenticate").unwrap()).unwrap();
        let credentials = challenge.answer("desk", &password.into(), "NOTIFY", "sip:desk", 1);
        self.ask(phone, &self.request(phone, "NOTIFY", &format!("{event}Authorization: {credentials}\r\n"))).await
    }
}

impl Inner {
    fn hand_on(&mut self, answer: Message) -> Option<String> {
        let tell = self.waiting.get(answer.branch()?)?;
        let _ = tell.send(answer);
        None
    }

    fn register(&mut self, request: Message) -> Option<String> {
        assert_eq!(request.method(), Some("REGISTER"));
        let expires: u32 = request.get("expires")?.parse().unwrap();
        let credentials = request.get("authorization").map(str::to_owned);
        self.registers.push(request.clone());
        let challenge = |stale: bool, nonce: &str| {
            let stale = if stale { ", stale=true" } else { "" };
            format!("WWW-Authenticate: Digest realm=\"{REALM}\", nonce=\"{nonce}\", qop=\"auth\", algorithm=MD5{stale}\r\n")
        };
        let Some(credentials) = credentials else {
            return Some(request.answer(401, "Unauthorized", "x", &challenge(false, &self.nonce)));
        };
        if param(&credentials, "nonce") != Some(&self.nonce) {
            return Some(request.answer(401, "Unauthorized", "x", &challenge(true, &self.nonce)));
        }
        if !right(&credentials, "desk", REALM, &self.password, "REGISTER", &self.nonce) {
            return Some(request.answer(401, "Unauthorized", "x", &challenge(false, &self.nonce)));
        }
        if expires > 0 && expires < self.min_expires {
            return Some(request.answer(423, "Interval Too Brief", "x", &format!("Min-Expires: {}\r\n", self.min_expires)));
        }
        self.bound = expires > 0;
        let seconds = self.grant.unwrap_or(expires);
        let contact = if expires == 0 { String::new() } else { format!("Contact: {};expires={seconds}\r\n", request.get("contact")?) };
        Some(request.answer(200, "OK", "x", &contact))
    }
}
