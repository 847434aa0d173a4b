//! Starting and ending in order.

use crate::{
    client::connect,
    seatline::{Seatline, command, output},
};
use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

/// Less than a request that still runs is given.
const GRACE: Duration = Duration::from_secs(4);

#[test]
fn it_says_where_it_serves_and_ends_when_told() {
    let mut server = Seatline::start(&[]);
    assert!(server.said.contains(&format!("pages   http://{}", server.pages)), "{}", server.said);
    assert!(server.said.contains("phones  sip:127.0.0.1:"), "{}", server.said);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/readyz").text(), "ready\n");
    server.terminate();
    assert_eq!(server.wait(Duration::from_secs(30)), Some(0));
}

/// Each browser and each phone on TCP is an open file.
#[cfg(target_os = "linux")]
#[test]
fn it_raises_its_limit_of_open_files() {
    let _files = crate::seatline::OPEN_FILES.lock();
    let (own, most) = rlimit::Resource::NOFILE.get().unwrap();
    // As a shell gives it.
    rlimit::setrlimit(rlimit::Resource::NOFILE, 1_024.min(most / 2), most).unwrap();
    let server = Seatline::start(&[]);
    rlimit::setrlimit(rlimit::Resource::NOFILE, own, most).unwrap();
    assert_eq!(server.open_files(), (most, most));
}

#[test]
fn an_idle_connection_does_not_hold_the_end_up() {
    let mut server = Seatline::start(&[]);
    let mut idle = connect(server.pages);
    write!(idle, "GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", server.pages).unwrap();
    assert!(idle.read(&mut [0; 4096]).unwrap() > 0);
    server.terminate();
    assert_eq!(server.wait(GRACE), Some(0));
}

#[test]
fn live_streams_end_at_once() {
    let mut server = Seatline::start(&[]);
    let (account, cookie) = server.signed_in();
    let mut live = connect(server.pages);
    write!(live, "GET /live/{account} HTTP/1.1\r\nhost: {}\r\naccept-encoding: br, gzip\r\ncookie: {cookie}\r\n\r\n", server.pages)
        .unwrap();
    let mut head = [0; 4096];
    let n = live.read(&mut head).unwrap();
    let head = String::from_utf8_lossy(&head[..n]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("text/event-stream"), "{head}");
    assert!(!head.contains("content-encoding"), "what is packed would wait for more: {head}");
    let told = Instant::now();
    server.terminate();
    while !matches!(live.read(&mut [0; 4096]), Ok(0) | Err(_)) {}
    assert!(told.elapsed() < GRACE, "the stream went on for {:?}", told.elapsed());
    assert_eq!(server.wait(GRACE), Some(0), "and holds no end up");
}

#[test]
fn a_request_that_still_runs_has_five_seconds() {
    let mut server = Seatline::start(&[]);
    let mut slow = connect(server.pages);
    let head = format!("POST /api/sign_in HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\nexpect: 100-continue\r\n", server.pages);
    write!(slow, "{head}content-length: 100\r\n\r\n").unwrap();
    let mut heard = [0; 64];
    let n = slow.read(&mut heard).unwrap();
    assert!(heard[..n].starts_with(b"HTTP/1.1 100 "), "it is at the body: {}", String::from_utf8_lossy(&heard[..n]));
    server.terminate();
    assert_eq!(server.wait(Duration::from_secs(2)), None, "it waits for the request");
    assert_eq!(server.wait(Duration::from_secs(30)), Some(0), "but not for ever");
}

#[test]
fn help_tells_every_option_and_command() {
    let data = tempfile::tempdir().unwrap();
    let help = output(command(data.path()).arg("--help"));
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.status.success());
    let options = [
        "--listen",
        "--sip-listen",
        "--sip-tls-listen",
        "--sip-ws-listen",
        "--sip-wss-listen",
        "--sip-tls-cert",
        "--sip-tls-key",
        "--sip-advertise",
        "--data",
        "--database",
        "--tls-cert",
        "--tls-key",
        "--trust-proxy",
        "--public-url",
    ];
    let commands = ["serve", "migrate", "backup", "operator", "account", "rotate-key", "--demo", "--log", "SEATLINE_LISTEN"];
    for name in options.iter().chain(&commands) {
        assert!(text.contains(name), "{name} is missing: {text}");
    }
}
