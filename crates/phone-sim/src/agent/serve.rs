//! What the phone answers to requests.

use super::{Agent, Then};
use crate::digest::right;
use crate::message::Message;
use crate::profile::{Manner, Reaction, Restart};
use std::{net::SocketAddr, time::Duration};

/// Between the answer and the leave.
const PULLING_ITSELF_TOGETHER: Duration = Duration::from_millis(150);
/// How many answers it remembers.
const REMEMBERED: usize = 16;
/// Of its own challenges.
const REALM: &str = "phone";

impl Agent {
    /// Answers a request to where it came from, one that comes again with the same answer as before (RFC 3261 §17.2.2).
    pub(super) async fn serve(&mut self, request: &Message, from: SocketAddr) {
        let part = |name| request.get(name).unwrap_or_default();
        let key = format!("{} {} {}", request.branch().unwrap_or_default(), part("call-id"), part("cseq"));
        if let Some((_, answer)) = self.given.iter().find(|(k, _)| *k == key) {
            let answer = answer.clone();
            return self.send(&answer, from).await;
        }
        let (code, reason, extra) = match request.method() {
            Some("OPTIONS") if self.phone.profile.answers_options => (200, "OK", "Allow: OPTIONS, NOTIFY\r\n".into()),
            Some("NOTIFY") => match self.notified(request) {
                Some(answer) => answer,
                None => return,
            },
            Some("ACK" | "OPTIONS") | None => return,
            Some(_) => (405, "Method Not Allowed", "Allow: OPTIONS, NOTIFY\r\n".into()),
        };
        let answer = request.answer(code, reason, &self.boot.tag, &extra);
        self.send(&answer, from).await;
        self.given.truncate(REMEMBERED - 1);
        self.given.push_front((key, answer));
        // A phone that takes what its provisioning server has, registers with it.
        if code == 200
            && request.method() == Some("NOTIFY")
            && self.next.is_none_or(|(_, then)| then == Then::Register)
            && self.take_provisioned()
        {
            self.at(PULLING_ITSELF_TOGETHER, Then::Register);
        }
    }

    /// Acts on a NOTIFY and says what to answer, if anything.
    fn notified(&mut self, request: &Message) -> Option<(u16, &'static str, String)> {
        let profile = &self.phone.profile;
        if profile.manner == Manner::Ignores {
            return None;
        }
        let reaction = profile.reaction(request.get("event").unwrap_or_default());
        if reaction == Reaction::Unknown {
            return Some((489, "Bad Event", "Allow-Events: check-sync\r\n".into()));
        }
        if profile.manner == Manner::Challenges {
            let password = &self.phone.password;
            let given = request.get("authorization");
            if !given.is_some_and(|g| right(g, &self.phone.username, REALM, password, "NOTIFY", &self.nonce)) {
                let nonce = &self.nonce;
                let challenge = format!("WWW-Authenticate: Digest realm=\"{REALM}\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"\r\n");
                return Some((401, "Unauthorized", challenge));
            }
        }
        let says = profile.manner != Manner::SaysNothing;
        match reaction {
            Reaction::Restart if profile.restart != Restart::Stays => self.at(PULLING_ITSELF_TOGETHER, Then::Leave),
            _ => self.state.resyncs += 1,
        }
        says.then(|| (200, "OK", String::new()))
    }
}
