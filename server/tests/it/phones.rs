//! What phones meet beside UDP and TCP: TLS, the sockets of browsers, and certificates that are renewed under a running server.

use crate::{client::connect, seatline::Seatline, tls::Trusting};
use std::{
    fs,
    io::{Read, Write},
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

/// Where it says that it serves phones over a transport.
fn door(server: &Seatline, transport: &str) -> SocketAddr {
    let end = format!(" ({transport})");
    let line = server.said.lines().find_map(|line| line.trim().strip_prefix("phones")?.strip_suffix(&end));
    line.unwrap_or_else(|| panic!("no {transport}: {}", server.said)).trim().parse().unwrap()
}

/// A certificate for localhost in two files, and its PEM.
fn renew(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

fn start(folder: &Path, (cert, key): (&str, &str), more: &[&str]) -> Seatline {
    let (cert_file, key_file) = (folder.join("cert.pem"), folder.join("key.pem"));
    let files = [cert, cert_file.to_str().unwrap(), key, key_file.to_str().unwrap()];
    Seatline::start(&[&files[..], &["--sip-tls-listen", "127.0.0.1:0", "--sip-wss-listen", "127.0.0.1:0"], more].concat())
}

/// The first bytes that answer `request`.
fn say(stream: &mut (impl Read + Write), request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut got = [0; 4096];
    let length = stream.read(&mut got).unwrap();
    String::from_utf8_lossy(&got[..length]).into_owned()
}

const OPTIONS: &str = "OPTIONS sip:localhost SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bKa;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
const UPGRADE: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

#[test]
fn phones_are_served_over_tls_and_websockets() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = Trusting::only(&renew(folder.path()));
    let server = start(folder.path(), ("--sip-tls-cert", "--sip-tls-key"), &["--sip-ws-listen", "127.0.0.1:0"]);
    assert!(server.said.contains("pages   http://"), "the phones' certificate alone: {}", server.said);
    let answer = say(&mut trusted.connect(door(&server, "TLS")).unwrap(), OPTIONS);
    assert!(answer.starts_with("SIP/2.0 200 "), "{answer}");
    for answer in [say(&mut connect(door(&server, "WS")), UPGRADE), say(&mut trusted.connect(door(&server, "WSS")).unwrap(), UPGRADE)] {
        assert!(answer.starts_with("HTTP/1.1 101 ") && answer.to_ascii_lowercase().contains("sec-websocket-protocol: sip"), "{answer}");
    }
}

#[test]
fn a_renewed_certificate_counts_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = Trusting::only(&renew(folder.path()));
    let server = start(folder.path(), ("--tls-cert", "--tls-key"), &[]);
    let phones = door(&server, "TLS");
    let mut before = first.connect(phones).unwrap();
    assert!(say(&mut before, OPTIONS).starts_with("SIP/2.0 200 "));
    // Half a renewal can't be used: the one before stays.
    fs::write(folder.path().join("key.pem"), "no key").unwrap();
    std::thread::sleep(Duration::from_secs(6));
    assert!(first.connect(phones).is_some() && first.connect(server.pages).is_some());
    let second = Trusting::only(&renew(folder.path()));
    let start = Instant::now();
    while second.connect(phones).is_none() || second.connect(server.pages).is_none() {
        assert!(start.elapsed() < Duration::from_secs(20), "not taken");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(first.connect(phones).is_none() && first.connect(server.pages).is_none());
    assert!(say(&mut before, OPTIONS).starts_with("SIP/2.0 200 "), "connections of before go on");
}
