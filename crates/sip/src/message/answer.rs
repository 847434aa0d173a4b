//! Answers of a stateless UAS (RFC 3261 §8.2.6, §8.2.7).

use super::{Message, Via, split_commas};
use std::net::SocketAddr;

/// An answer before it meets the request that it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub code: u16,
    reason: &'static str,
    headers: Vec<(&'static str, String)>,
}

/// The codes that we give and their phrases.
const REASONS: &[(u16, &str)] = &[
    (200, "OK"),
    (302, "Moved Temporarily"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (416, "Unsupported URI Scheme"),
    (420, "Bad Extension"),
    (423, "Interval Too Brief"),
    (439, "First Hop Lacks Outbound Support"),
    (480, "Temporarily Unavailable"),
    (481, "Call/Transaction Does Not Exist"),
    (483, "Too Many Hops"),
    (500, "Server Internal Error"),
    (501, "Not Implemented"),
    (503, "Service Unavailable"),
    (505, "Version Not Supported"),
    (513, "Message Too Large"),
];

/// Bytes that most answers need.
const USUAL: usize = 768;

impl Answer {
    pub fn new(code: u16) -> Self {
        let reason = REASONS.iter().find(|(c, _)| *c == code).map_or("Unknown", |(_, r)| r);
        Self { code, reason, headers: Vec::new() }
    }

    /// The same code with words that help whoever reads a trace; no data of the request in them.
    pub fn because(code: u16, reason: &'static str) -> Self {
        Self { reason, ..Self::new(code) }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes that answer `request`: its Via (the topmost marked), From, To, Call-ID and `CSeq` as they came, `to_tag` where To has none.
    pub fn bytes(&self, request: &Message, via: &Via, source: SocketAddr, to_tag: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(USUAL);
        out.extend_from_slice(format!("SIP/2.0 {} {}\r\n", self.code, self.reason).as_bytes());
        let mut line = |name: &str, value: &[u8]| {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        };
        for (index, value) in request.all("via").enumerate() {
            if index == 0 {
                line("Via", via.marked(source).as_bytes());
                let rest = split_commas(value).unwrap_or_default();
                for value in rest.iter().skip(1) {
                    line("Via", value.trim_ascii());
                }
            } else {
                line("Via", value);
            }
        }
        if let Some(from) = request.first("from") {
            line("From", from);
        }
        if let Some(to) = request.first("to") {
            let mut to = to.to_vec();
            if !has_tag(&to) {
                to.extend_from_slice(b";tag=");
                to.extend_from_slice(to_tag.as_bytes());
            }
            line("To", &to);
        }
        for (name, key) in [("Call-ID", "call-id"), ("CSeq", "cseq")] {
            if let Some(value) = request.first(key) {
                line(name, value);
            }
        }
        for (name, value) in &self.headers {
            line(name, value.as_bytes());
        }
        line("Server", b"Seatline");
        line("Content-Length", b"0");
        out.extend_from_slice(b"\r\n");
        out
    }
}

/// Whether a To carries a tag; one that can't be read counts as tagged, to leave it as it came.
fn has_tag(to: &[u8]) -> bool {
    super::parse_address(to).is_none_or(|address| address.param("tag").is_some())
}

#[cfg(test)]
mod tests {
    use super::super::{parse, parse_via};
    use super::*;

    #[test]
    fn every_via_is_echoed_and_only_the_first_is_marked() {
        let request = parse(b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 1.1.1.1;branch=a;rport, SIP/2.0/TCP x;branch=b\r\nVia: SIP/2.0/TLS y;branch=c\r\nTo: \"q\" <sip:a@b>\r\n\r\n", 999).expect("SIP");
        let via = parse_via(split_commas(request.first("via").expect("via")).expect("list")[0]).expect("via");
        let bytes = Answer::new(405).with("Allow", "OPTIONS").bytes(&request, &via, "1.1.1.1:7".parse().expect("address"), "tt");
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "SIP/2.0 405 Method Not Allowed\r\nVia: SIP/2.0/UDP 1.1.1.1;branch=a;rport=7;received=1.1.1.1\r\nVia: SIP/2.0/TCP x;branch=b\r\nVia: SIP/2.0/TLS y;branch=c\r\nTo: \"q\" <sip:a@b>;tag=tt\r\nAllow: OPTIONS\r\nServer: Seatline\r\nContent-Length: 0\r\n\r\n"
        );
    }
}
