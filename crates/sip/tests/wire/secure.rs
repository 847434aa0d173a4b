//! TLS, and certificates that are exchanged while phones are connected.

use crate::lab::{Lab, USER, until};
use crate::phone::{Register, Tcp};
use domain::{Dropped, Transport};
use sip::{Certificates, Config, Engine, Notify, NotifyOutcome, OptionsOutcome, StartError};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A certificate for localhost that vouches for itself, and its key.
pub fn pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("made");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// A client that trusts one certificate; none when it is shown another.
pub async fn connect(to: SocketAddr, trusted: &str) -> Option<(TlsStream<TcpStream>, SocketAddr)> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).expect("PEM")).expect("a root");
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let config = builder.expect("versions").with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(to).await.expect("connects");
    let local = stream.local_addr().expect("connected");
    let name = ServerName::try_from("localhost").expect("a name");
    Some((TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?, local))
}

/// A registrar that speaks TLS and WSS, the certificate's PEM, and what exchanges it.
pub async fn secure(change: impl FnOnce(&mut Config)) -> (Lab, String, Certificates) {
    let (chain, key) = pair();
    let certificates = Certificates::from_pem(chain.as_bytes(), key.as_bytes()).expect("taken");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let own = certificates.clone();
    let lab = Lab::with(
        |config| {
            (config.tls, config.ws, config.wss, config.certificates) = (Some(any), Some(any), Some(any), Some(own));
            change(config);
        },
        Vec::new(),
    )
    .await;
    (lab, chain, certificates)
}

async fn phone(lab: &Lab, trusted: &str) -> Tcp {
    let (stream, local) = connect(lab.engine.address_of(Transport::Tls).expect("listens"), trusted).await.expect("trusted");
    Tcp::over(stream, local)
}

#[tokio::test]
async fn a_phone_on_tls_registers_and_is_reached_over_its_connection() {
    let (lab, chain, _) = secure(|c| (c.timers.keepalive, c.advertise) = (Duration::from_millis(300), Some("sip.test:5070".into()))).await;
    let mut desk = phone(&lab, &chain).await;
    let contact = "<sip:1001@10.0.0.1:5061;transport=tls>";
    assert_eq!(desk.register(&Register::new().over("TLS").contact(contact)).await.code(), 200);
    let binding = lab.binding(USER);
    assert_eq!((binding.transport, binding.source, binding.natted), (Transport::Tls, desk.local(), true));
    let flow = lab.engine.flow(&binding.key()).expect("bound");
    let notify = Notify { event: "check-sync".into(), body: None };
    let (outcome, got) = tokio::join!(lab.engine.notify(&flow, &notify, &[]), async {
        let got = desk.recv().await;
        let lines: String = ["Via", "From", "To", "Call-ID", "CSeq"].map(|name| format!("{name}: {}\r\n", got.header(name))).concat();
        desk.send(format!("SIP/2.0 200 OK\r\n{lines}Content-Length: 0\r\n\r\n")).await;
        got
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: false });
    let port = lab.engine.address_of(Transport::Tls).expect("listens").port();
    assert!(got.header("Via").starts_with(&format!("SIP/2.0/TLS sip.test:{port};")), "the port of TLS, not the advertised one");
    assert_eq!(got.header("Contact"), format!("<sip:seatline@sip.test:{port};transport=tls>"));
    assert_eq!(desk.raw(4, Duration::from_secs(30)).await, b"\r\n\r\n", "a keep-alive");
    drop(desk);
    until("not reachable", || !lab.binding(USER).reachable).await;
    assert_eq!(lab.engine.options(&flow).await, OptionsOutcome::FlowGone);
}

#[tokio::test]
async fn a_certificate_is_exchanged_and_connections_stay() {
    let (lab, first, certificates) = secure(|_| {}).await;
    let tls = lab.engine.address_of(Transport::Tls).expect("listens");
    let mut before = phone(&lab, &first).await;
    assert_eq!(before.register(&Register::new().over("TLS")).await.code(), 200);
    let (second, key) = pair();
    assert!(certificates.replace(second.as_bytes(), b"").is_err());
    assert!(connect(tls, &first).await.is_some(), "what can't be used changes nothing");
    certificates.replace(second.as_bytes(), key.as_bytes()).expect("taken");
    assert!(connect(tls, &first).await.is_none());
    let mut after = phone(&lab, &second).await;
    assert_eq!(after.ask(Register::new().over("TLS").text()).await.code(), 401);
    assert!(lab.binding(USER).reachable);
    assert_eq!(before.ask(Register::new().over("TLS").text()).await.code(), 401, "the connection of before goes on");
    lab.engine.end_device(crate::lab::device(USER), Dropped::Changed);
}

#[tokio::test]
async fn what_is_no_tls_is_closed_and_counts_for_nothing_after() {
    let (lab, chain, _) = secure(|c| c.limits.connections = 2).await;
    let tls = lab.engine.address_of(Transport::Tls).expect("listens");
    for _ in 0..6 {
        let mut plain = Tcp::new(tls).await;
        plain.send(Register::new().text()).await;
        assert!(plain.is_closed_within(Duration::from_secs(30)).await);
    }
    // Two that never shake hands take all the room there is until they leave.
    let (silent, other) = (Tcp::new(tls).await, Tcp::new(tls).await);
    assert!(Tcp::new(tls).await.is_closed_within(Duration::from_secs(30)).await);
    drop((silent, other));
    for _ in 0..100 {
        if connect(tls, &chain).await.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(phone(&lab, &chain).await.ask(Register::new().over("TLS").text()).await.code(), 401);
    tokio::time::timeout(Duration::from_secs(30), lab.engine.shutdown()).await.expect("ends");
}

#[tokio::test]
async fn tls_without_a_certificate_is_one_clear_line() {
    let lab = Lab::start().await;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = Config { wss: Some(any), ..Config::new(any) };
    let started = Engine::start(config, lab.phones.clone(), lab.seen.clone(), lab.clock.clone(), Vec::new()).await;
    let error: StartError = started.err().expect("no certificate");
    assert_eq!(error.to_string(), "SIP over WSS needs a certificate");
    assert_eq!(lab.engine.address_of(Transport::Wss), None);
    assert_eq!(lab.engine.address_of(Transport::Tcp), Some(lab.address()));
}
