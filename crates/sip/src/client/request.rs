//! The bytes of our own requests (RFC 3261 §8.1.1), the Request-URI being the Contact as the phone wrote it.

use super::flow::Flow;
use super::random_hex;
use crate::message::without_headers;
use crate::net::{Net, via_name};

/// A request ready to go out, and what its answer is matched by.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub method: &'static str,
    pub uri: String,
    pub via: String,
    pub branch: String,
    /// From with its tag; To is the same without.
    pub from: String,
    pub aor: String,
    pub call_id: String,
    pub cseq: u32,
    pub bytes: Vec<u8>,
}

/// What stays the same when a request is sent again with credentials.
#[derive(Clone)]
pub(crate) struct Thread {
    pub from_tag: String,
    pub call_id: String,
    pub cseq: u32,
}

impl Thread {
    pub fn new() -> Self {
        Self { from_tag: random_hex(8), call_id: random_hex(16), cseq: 1 }
    }
}

impl Outgoing {
    /// `headers` stand between Contact and Content-Length, without line ends in them.
    pub fn build(method: &'static str, flow: &Flow, net: &Net, thread: &Thread, headers: &[(&str, String)], body: &str) -> Self {
        let binding = flow.binding();
        let own = net.own_name(binding.source, flow.connection());
        let branch = format!("z9hG4bK{}", random_hex(12));
        let via = format!("SIP/2.0/{} {own};branch={branch};rport", via_name(binding.transport));
        // Headers of a URI are for whoever dials it and have no place in a Request-URI (RFC 3261 §19.1.1).
        let uri = without_headers(&binding.contact).to_owned();
        let from = format!("<{}>;tag={}", binding.aor, thread.from_tag);
        let transport = if binding.transport.is_stream() { format!(";transport={}", binding.transport.as_str()) } else { String::new() };
        let mut text = format!("{method} {uri} SIP/2.0\r\nVia: {via}\r\nMax-Forwards: 70\r\n");
        let mut line = |name: &str, value: &str| {
            let value = value.chars().filter(|c| !c.is_control());
            text.extend(name.chars().chain(": ".chars()).chain(value).chain("\r\n".chars()));
        };
        for route in &binding.path {
            line("Route", route);
        }
        line("From", &from);
        line("To", &format!("<{}>", binding.aor));
        line("Call-ID", &thread.call_id);
        line("CSeq", &format!("{} {method}", thread.cseq));
        line("Contact", &format!("<sip:seatline@{own}{transport}>"));
        for (name, value) in headers {
            line(name, value);
        }
        line("User-Agent", "Seatline");
        line("Content-Length", &body.len().to_string());
        text += "\r\n";
        text += body;
        Self {
            method,
            uri,
            via,
            branch,
            from,
            aor: binding.aor.clone(),
            call_id: thread.call_id.clone(),
            cseq: thread.cseq,
            bytes: text.into_bytes(),
        }
    }
}

/// An OPTIONS whose answer nobody waits for: it holds the hole in the NAT open.
pub(crate) fn keepalive(flow: &Flow, net: &Net) -> Vec<u8> {
    Outgoing::build("OPTIONS", flow, net, &Thread::new(), &[], "").bytes
}
