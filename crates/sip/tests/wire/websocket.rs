//! Browser phones (RFC 7118), without and with TLS.

use crate::caller::Invite;
use crate::lab::{Lab, PASSWORD, USER, device, until};
use crate::phone::{Got, Register, Wire};
use crate::secure::{connect, secure};
use domain::Transport;
use futures::{SinkExt, StreamExt};
use sip::{Notify, NotifyOutcome};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

const CONTACT: &str = "<sip:k2j4@8h5x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:0001>\";reg-id=1";

struct Browser(WebSocketStream<Box<dyn Wire>>);

impl Browser {
    async fn over(stream: Box<dyn Wire>, subprotocol: Option<&str>) -> Result<Self, Error> {
        let mut request = "ws://localhost/any/path".into_client_request().expect("a request");
        if let Some(name) = subprotocol {
            request.headers_mut().insert("Sec-WebSocket-Protocol", name.parse().expect("a header"));
        }
        let (socket, response) = tokio_tungstenite::client_async(request, stream).await?;
        assert_eq!(response.headers()["Sec-WebSocket-Protocol"], "sip");
        Ok(Self(socket))
    }

    async fn plain(lab: &Lab) -> Self {
        let stream = TcpStream::connect(lab.engine.address_of(Transport::Ws).expect("listens")).await.expect("connects");
        Self::over(Box::new(stream), Some("chat, sip")).await.expect("a WebSocket")
    }

    async fn secure(lab: &Lab, trusted: &str) -> Self {
        let (stream, _) = connect(lab.engine.address_of(Transport::Wss).expect("listens"), trusted).await.expect("trusted");
        Self::over(Box::new(stream), Some("sip")).await.expect("a WebSocket")
    }

    async fn send(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.expect("sent");
    }

    /// The next message that is no control frame.
    async fn recv(&mut self) -> Got {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(3), self.0.next()).await.expect("within 3 s");
            match next.expect("open").expect("readable") {
                Message::Text(text) => return Got(text.to_string()),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn ask(&mut self, text: impl Into<String>) -> Got {
        self.send(text).await;
        self.recv().await
    }

    async fn register(&mut self, register: &Register) -> Got {
        let challenge = self.ask(register.text()).await;
        assert_eq!(challenge.code(), 401, "{challenge:?}");
        self.ask(register.clone().next().authorized(&challenge, PASSWORD, "00000001").text()).await
    }
}

fn register(transport: &str) -> Register {
    // A message is framed by the socket: no Content-Length is needed (RFC 7118 §5).
    let mut register = Register::new().over(transport).contact(CONTACT).extra("Supported: path, outbound");
    register.via = register.via.replace("127.0.0.1:9;rport", "8h5x.invalid");
    register
}

#[tokio::test]
async fn a_browser_registers_and_is_reached_over_its_socket() {
    let (lab, chain, _) = secure(|_| {}).await;
    for (transport, name) in [(Transport::Ws, "WS"), (Transport::Wss, "WSS")] {
        let mut browser = if transport == Transport::Ws { Browser::plain(&lab).await } else { Browser::secure(&lab, &chain).await };
        let answer = browser.register(&register(name)).await;
        assert_eq!((answer.code(), answer.header("Require")), (200, "outbound"));
        assert!(answer.header("Via").ends_with(";received=127.0.0.1"), "{answer:?}");
        let binding = lab.binding(USER);
        assert_eq!((binding.transport, binding.natted), (transport, true));
        let flow = lab.engine.flow(&binding.key()).expect("bound");
        let notify = Notify { event: "check-sync".into(), body: Some(("text/plain".into(), "ü".into())) };
        let (outcome, got) = tokio::join!(lab.engine.notify(&flow, &notify, &[]), async {
            let got = browser.recv().await;
            let lines: String = ["Via", "From", "To", "Call-ID", "CSeq"].map(|n| format!("{n}: {}\r\n", got.header(n))).concat();
            browser.send(format!("SIP/2.0 200 OK\r\n{lines}\r\n")).await;
            got
        });
        assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: false });
        assert!(got.0.starts_with("NOTIFY sip:k2j4@8h5x.invalid;transport=ws SIP/2.0") && got.0.ends_with("ü"));
        let port = lab.engine.address_of(transport).expect("listens").port();
        assert!(got.header("Via").starts_with(&format!("SIP/2.0/{name} 127.0.0.1:{port};")));
        drop(browser);
        until("not reachable", || !lab.binding(USER).reachable).await;
    }
}

#[tokio::test]
async fn pings_of_either_kind_are_answered_and_sent() {
    let (lab, _, _) = secure(|c| c.timers.keepalive = Duration::from_millis(100)).await;
    let mut browser = Browser::plain(&lab).await;
    assert_eq!(browser.ask("\r\n\r\n").await.0, "\r\n");
    browser.send("\r\n").await;
    browser.0.send(Message::Ping(b"x".as_ref().into())).await.expect("sent");
    let pong = tokio::time::timeout(Duration::from_secs(30), browser.0.next()).await.expect("in time");
    assert!(matches!(pong, Some(Ok(Message::Pong(bytes))) if bytes.as_ref() == b"x"));
    assert_eq!(browser.register(&register("WS")).await.code(), 200);
    let ping = tokio::time::timeout(Duration::from_secs(2), browser.0.next()).await.expect("in time");
    assert!(matches!(ping, Some(Ok(Message::Ping(_)))), "a frame, no line ends: {ping:?}");
}

#[tokio::test]
async fn what_is_no_sip_socket_is_refused_and_what_is_no_sip_ignored() {
    let (lab, _, _) = secure(|c| (c.timers.idle, c.limits.body_bytes) = (Duration::from_secs(3), 1_000)).await;
    for subprotocol in [None, Some("chat")] {
        let stream = TcpStream::connect(lab.engine.address_of(Transport::Ws).expect("listens")).await.expect("connects");
        let refused = Browser::over(Box::new(stream), subprotocol).await.err().expect("refused");
        assert!(matches!(&refused, Error::Http(response) if response.status() == 400), "{refused}");
    }
    let mut browser = Browser::plain(&lab).await;
    for junk in ["", "hello", "GET / HTTP/1.1\r\n\r\n", "\0"] {
        browser.send(junk).await;
    }
    browser.0.send(Message::binary(vec![0xff; 500])).await.expect("sent");
    // Binary frames are as good as text.
    browser.0.send(Message::binary(register("WS").text().into_bytes())).await.expect("sent");
    assert_eq!(browser.recv().await.code(), 401);
    let mut large = Browser::plain(&lab).await;
    large.0.send(Message::text("x".repeat(40_000))).await.ok();
    assert!(!matches!(tokio::time::timeout(Duration::from_secs(30), large.0.next()).await.expect("closed"), Some(Ok(Message::Text(_)))));
    // Silent and without a binding: closed.
    let end = tokio::time::timeout(Duration::from_secs(30), browser.0.next()).await.expect("closed");
    assert!(matches!(end, None | Some(Ok(Message::Close(_)) | Err(_))), "{end:?}");
}

#[tokio::test]
async fn an_allowed_address_proves_nothing_in_a_browser() {
    let (lab, _, _) = secure(|_| {}).await;
    lab.phones.add_source("gateway", &["127.0.0.1"]);
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let mut browser = Browser::plain(&lab).await;
    // Any page that the office looks at could open this socket.
    assert_eq!(browser.ask(Register::of("gateway").over("WS").text()).await.code(), 401);
    let invite = Invite { via: "SIP/2.0/WS x.invalid".into(), ..Invite::to("112").by("gateway") };
    assert_eq!(browser.ask(invite.text()).await.code(), 401);
    assert!(!lab.engine.is_registered(device("gateway")));
    let invite = Invite { via: "SIP/2.0/WS x.invalid".into(), ..Invite::to("112") };
    let challenge = browser.ask(invite.text()).await;
    assert_eq!(browser.ask(invite.authorized(&challenge, PASSWORD).text()).await.code(), 302, "a password does");
}
