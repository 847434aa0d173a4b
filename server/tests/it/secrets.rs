//! What is secret stands in no log, whatever the level.

use crate::{api::Api, seatline::Seatline};
use serde_json::json;
use std::{fs, net::UdpSocket, time::Duration};

/// One REGISTER with credentials that are wrong, so that it is told.
fn knock(phones: &str, username: &str, response: &str) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let here = socket.local_addr().unwrap();
    let request = format!(
        "REGISTER sip:secret.test SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKs;rport\r\nMax-Forwards: 70\r\n\
         From: <sip:{username}@secret.test>;tag=1\r\nTo: <sip:{username}@secret.test>\r\nCall-ID: s\r\nCSeq: 1 REGISTER\r\n\
         Contact: <sip:{username}@{here}>\r\nAuthorization: Digest username=\"{username}\", realm=\"secret.test\", nonce=\"n\", \
         uri=\"sip:secret.test\", response=\"{response}\", algorithm=MD5\r\nContent-Length: 0\r\n\r\n"
    );
    socket.send_to(request.as_bytes(), phones).unwrap();
    let mut answer = [0; 2048];
    let length = socket.recv(&mut answer).unwrap();
    assert!(answer[..length].starts_with(b"SIP/2.0 401"), "{}", String::from_utf8_lossy(&answer[..length]));
}

#[test]
fn no_secret_is_in_the_log_even_where_everything_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = Seatline::start_talking(&log);
    let next = || server.more.recv_timeout(Duration::from_secs(30)).unwrap();
    while !next().contains("/setup") {}
    let code = next().trim().to_owned();
    let phones = server.said.lines().find_map(|line| line.trim().strip_prefix("phones  sip:")).unwrap();
    let phones = phones.split(' ').next().unwrap().to_owned();
    let own = "own-secret-of-the-admin";
    let args = json!({ "code": code, "name": "ada", "password": own, "account": "First", "realm": "secret.test" });
    let ada = Api::entered(&server, "setup", &args);
    let wrong = server.post("/api/sign_in", &json!({ "name": "ada", "password": "wrong-secret-tried" }).to_string());
    assert_eq!(wrong.status, 401);
    let invitation = ada.call("invite", json!({ "name": "eve", "role": "viewer" }));
    let joined = Api::entered(&server, "accept_invite", &json!({ "token": invitation, "password": "joined-secret-of-eve" }));
    let made = ada.call("new_seat", json!({ "name": "Desk", "extension": "1", "device": "Phone" }));
    let first = ada.call("look_password", json!({ "device": made["device"] }));
    ada.save(&made["device"], "password", &json!({ "secret": "typed-secret-of-a-phone" }));
    ada.call("change_password", json!({ "old": own, "new": "next-secret-of-the-admin" }));
    let username = ada.call("device", json!({ "device": made["device"] }))["record"]["values"]["username"]["text"].clone();
    knock(&phones, username.as_str().unwrap(), "5ec4e70f5ec4e70f5ec4e70f5ec4e70f");
    let tokens = [ada.token().to_owned(), joined.token().to_owned()];
    server.terminate();
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));

    let told = fs::read_to_string(&log).unwrap();
    assert!(told.contains("TRACE") || told.contains("DEBUG"), "it does say much: {told}");
    let secrets = [
        code.as_str(),
        own,
        "wrong-secret-tried",
        "joined-secret-of-eve",
        "typed-secret-of-a-phone",
        "next-secret-of-the-admin",
        "5ec4e70f5ec4e70f5ec4e70f5ec4e70f",
        &tokens[0],
        &tokens[1],
        invitation.as_str().unwrap(),
        first.as_str().unwrap(),
    ];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} is in the log");
    }
}
