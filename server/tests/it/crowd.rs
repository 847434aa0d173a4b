//! Two thousand browsers at once, each with its live stream: what happens reaches every one, and the server stays small. Without
//! `SEATLINE_TEST_ALL` a hundred.

#[cfg(target_os = "linux")]
use crate::seatline::OPEN_FILES;
use crate::seatline::{Seatline, command, finished, output};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Stdio,
    time::{Duration, Instant},
};

/// What the server may use, in kB.
const MOST: u64 = 200 * 1024;

struct Session {
    cookie: String,
    account: String,
}

fn call(server: &Seatline, function: &str, body: &str, cookie: &str) -> crate::client::Answer {
    let host = server.pages;
    server.ask(&format!(
        "POST /api/{function} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-type: application/json\r\naccept: application/json\r\n\
         cookie: {cookie}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// An account and its admin, made on the command line beside the running server.
fn sign_in(server: &Seatline) -> Session {
    assert!(output(command(server.data.path()).args(["account", "add", "First", "first.test"])).status.success());
    let mut add = command(server.data.path());
    let mut add = add.args(["operator", "add", "first", "--role", "admin"]).stdin(Stdio::piped()).spawn().unwrap();
    add.stdin.take().unwrap().write_all(b"a long enough password\n").unwrap();
    assert!(finished(add).status.success());
    let answer = call(server, "sign_in", r#"{"name":"first","password":"a long enough password"}"#, "");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let me: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    Session { cookie, account: me["accounts"][0]["id"].as_str().unwrap().to_owned() }
}

/// Opens a stream and reads its head.
fn watch(server: &Seatline, session: &Session) -> TcpStream {
    let mut stream = TcpStream::connect(server.pages).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (host, Session { cookie, account }) = (server.pages, session);
    write!(
        stream,
        "GET /live/{account} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\naccept: text/event-stream\r\ncookie: {cookie}\r\n\r\n"
    )
    .unwrap();
    let head = read_until(&mut stream, "\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    stream
}

fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut all = Vec::new();
    let mut byte = [0; 1];
    while !String::from_utf8_lossy(&all).ends_with(end) {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "the stream ended: {}", String::from_utf8_lossy(&all));
        all.push(byte[0]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn two_thousand_browsers_within_200_mb() {
    let many = if std::env::var_os("SEATLINE_TEST_ALL").is_some() { 2_000 } else { 100 };
    let _files = OPEN_FILES.lock();
    // This side of the connections wants files too; the server raises its own limit, from the one that it is started with.
    let before = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::setrlimit(rlimit::Resource::NOFILE, before.1.min(1_024), before.1).unwrap();
    let server = Seatline::start(&[]);
    rlimit::increase_nofile_limit(4_096).unwrap();
    let session = sign_in(&server);
    let mut streams: Vec<TcpStream> = (0..many).map(|_| watch(&server, &session)).collect();
    let asked = Instant::now();
    for name in ["One", "Two", "Three"] {
        let body = serde_json::json!({ "account": session.account, "name": name });
        assert_eq!(call(&server, "rename_account", &body.to_string(), &session.cookie).status, 200);
    }
    for stream in &mut streams {
        for name in ["One", "Two", "Three"] {
            let mut message = read_until(stream, "\n\n");
            // What keeps the stream open says nothing.
            while message.starts_with(':') {
                message = read_until(stream, "\n\n");
            }
            assert!(message.contains("account_renamed") && message.contains(name), "{message}");
        }
    }
    let used = server.memory();
    println!("{many} streams: {used} kB resident, the last message after {:?}", asked.elapsed());
    assert!(used < MOST, "{used} kB");
    // The stream ends with the session, for every one of them.
    assert_eq!(call(&server, "sign_out", "{}", &session.cookie).status, 200);
    for stream in &mut streams {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert!(String::from_utf8_lossy(&rest).ends_with("0\r\n\r\n"), "it ends in order");
    }
}
