//! Phones that call: INVITE, ACK and CANCEL as a test wants them.

use crate::lab::{PASSWORD, REALM, USER};
use crate::phone::{COUNT, Got, Udp, authorization};
use std::sync::atomic::Ordering;

/// An INVITE being made; its ACK and CANCEL.
#[derive(Clone)]
pub struct Invite {
    pub user: String,
    pub uri: String,
    pub from: String,
    pub via: String,
    pub call_id: String,
    pub cseq: u32,
    pub branch: String,
    pub extra: String,
}

impl Invite {
    /// From [`USER`] to a name or number of the realm.
    pub fn to(called: &str) -> Self {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            user: USER.into(),
            uri: format!("sip:{called}@{REALM}"),
            from: format!("<sip:{USER}@{REALM}>;tag=f1"),
            via: "SIP/2.0/UDP 127.0.0.1:9;rport".into(),
            call_id: format!("call-{n}"),
            cseq: 1,
            branch: format!("z9hG4bK-{n}-1"),
            extra: String::new(),
        }
    }

    /// From another device.
    pub fn by(mut self, user: &str) -> Self {
        (self.user, self.from) = (user.into(), format!("<sip:{user}@{REALM}>;tag=f1"));
        self
    }

    pub fn from(mut self, from: &str) -> Self {
        self.from = format!("{from};tag=f1");
        self
    }

    pub fn extra(mut self, line: &str) -> Self {
        self.extra.extend([line, "\r\n"]);
        self
    }

    pub fn text(&self) -> String {
        self.as_method("INVITE", "", "v=0\r\n")
    }

    /// The ACK or CANCEL of this INVITE.
    pub fn as_method(&self, method: &str, to_tag: &str, body: &str) -> String {
        let Self { uri, from, via, call_id, cseq, branch, extra, .. } = self;
        let extra = if method == "INVITE" { extra } else { "" };
        let length = body.len();
        format!(
            "{method} {uri} SIP/2.0\r\nVia: {via};branch={branch}\r\nFrom: {from}\r\nTo: <{uri}>{to_tag}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:caller@192.168.77.7:5062>\r\nMax-Forwards: 70\r\n{extra}Content-Length: {length}\r\n\r\n{body}"
        )
    }

    /// The ACK to an answer.
    pub fn ack(&self, answer: &Got) -> String {
        let tag = answer.header("To").split_once(";tag=").map_or_else(String::new, |(_, tag)| format!(";tag={tag}"));
        self.as_method("ACK", &tag, "")
    }

    /// The same call again with an answer to a challenge.
    pub fn authorized(&self, challenge: &Got, password: &str) -> Self {
        let branch = format!("z9hG4bK-{}-n", COUNT.fetch_add(1, Ordering::Relaxed));
        let next = Self { cseq: self.cseq + 1, branch, ..self.clone() };
        next.extra(&authorization(challenge.header("WWW-Authenticate"), "INVITE", &self.uri, (&self.user, password), "00000001"))
    }
}

impl Udp {
    /// Challenge, answer, and the ACK to what comes then; the INVITE that was answered last.
    pub async fn call(&self, invite: &Invite) -> (Got, Invite) {
        let challenge = self.ask(invite.text()).await;
        assert_eq!(challenge.code(), 401, "{challenge:?}");
        self.send(invite.ack(&challenge)).await;
        let again = invite.authorized(&challenge, PASSWORD);
        let answer = self.ask(again.text()).await;
        self.send(again.ack(&answer)).await;
        (answer, again)
    }
}
