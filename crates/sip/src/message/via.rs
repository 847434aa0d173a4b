//! The topmost Via: where an answer goes, and how it is marked (RFC 3261 §18.2, RFC 3581).

use super::params::{Param, parse_params};
use super::uri::host_port;
use std::net::{IpAddr, SocketAddr};

/// What every branch since RFC 3261 begins with.
const COOKIE: &str = "z9hG4bK";

/// One Via value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Via {
    /// `SIP/2.0/UDP host:port`, as written.
    head: String,
    host: String,
    port: Option<u16>,
    params: Vec<Param>,
    /// The parameters could not be read, or it is of another version: good enough to answer by, not to go on with.
    pub broken: bool,
}

/// Reads one Via value (no list).
pub(crate) fn parse_via(bytes: &[u8]) -> Option<Via> {
    let text = std::str::from_utf8(bytes.trim_ascii()).ok()?;
    let end = text.find(';').unwrap_or(text.len());
    let head = text[..end].trim_end();
    let (protocol, rest) = head.split_once('/')?;
    let (version, rest) = rest.split_once('/')?;
    let rest = rest.trim_start();
    let (transport, sent_by) = rest.split_once([' ', '\t'])?;
    let sip = protocol.trim().eq_ignore_ascii_case("SIP") && is_version(version.trim()) && super::parse::is_token(transport);
    let spaceless: String = sent_by.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let (host, port) = sip.then(|| host_port(&spaceless))??;
    let params = parse_params(&bytes.trim_ascii()[end..]);
    let broken = params.is_none() || version.trim() != "2.0";
    Some(Via { head: head.to_owned(), host, port, broken, params: params.unwrap_or_default() })
}

/// `2.0`, or one that is not spoken here: that is answered, too.
fn is_version(text: &str) -> bool {
    text.split_once('.').is_some_and(|(major, minor)| [major, minor].iter().all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

impl Via {
    /// The transaction's name, as written.
    pub fn branch(&self) -> Option<&str> {
        self.param("branch")
    }

    /// The branch where it names one transaction: the magic cookie with something behind it (RFC 3261 §8.1.1.7). What else is there, the cookie
    /// alone too (RFC 4475 §3.2.1), many transactions may share.
    pub fn unique_branch(&self) -> Option<&str> {
        self.branch().filter(|b| b.len() > COOKIE.len() && b.get(..COOKIE.len()).is_some_and(|magic| magic.eq_ignore_ascii_case(COOKIE)))
    }

    /// Who sent it, as it says: host in lower case, and port.
    pub fn sent_by(&self) -> (&str, Option<u16>) {
        (&self.host, self.port)
    }

    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_deref().unwrap_or(""))
    }

    fn sent_from(&self, source: SocketAddr) -> bool {
        self.host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical() == source.ip().to_canonical())
    }

    /// Where a datagram's answer goes: back to the source port when `rport` asks for it, or when the sender is behind a NAT (its own address is
    /// not where it came from: the port it names can't be reached); else to the port of sent-by at the source address. `maddr` is not
    /// followed: it would let a stranger aim our answers.
    pub fn reply_to(&self, source: SocketAddr) -> SocketAddr {
        if self.param("rport").is_some() || !self.sent_from(source) {
            return source;
        }
        SocketAddr::new(source.ip(), self.port.unwrap_or(5060))
    }

    /// The value as it goes into the answer: `rport` filled in, `received` of our own.
    pub fn marked(&self, source: SocketAddr) -> String {
        use std::fmt::Write;
        let mut text = self.head.clone();
        let mut ported = false;
        for (name, value) in &self.params {
            let _ = match (name.as_str(), value) {
                ("received", _) => Ok(()),
                ("rport", _) => {
                    ported = true;
                    write!(text, ";rport={}", source.port())
                }
                (_, Some(value)) => write!(text, ";{name}={value}"),
                (_, None) => write!(text, ";{name}"),
            };
        }
        if ported || !self.sent_from(source) {
            let _ = write!(text, ";received={}", source.ip().to_canonical());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> SocketAddr {
        "192.0.2.7:40000".parse().expect("address")
    }

    #[test]
    fn rport_and_received_are_filled_in() {
        let via = parse_via(b"SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKa;received=1.2.3.4").expect("via");
        assert_eq!(via.marked(source()), "SIP/2.0/UDP 10.0.0.1:5060;rport=40000;branch=z9hG4bKa;received=192.0.2.7");
        assert_eq!(via.reply_to(source()), source());
        assert_eq!(via.branch(), Some("z9hG4bKa"));
    }

    #[test]
    fn a_branch_is_unique_by_what_stands_behind_the_cookie() {
        for (branch, unique) in
            [("z9hG4bKa", true), ("Z9hg4bka", true), ("z9hG4bK", false), ("z9hG4b", false), ("é9hG4bKa", false), ("1", false)]
        {
            let via = parse_via(format!("SIP/2.0/UDP h;branch={branch}").as_bytes()).expect("via");
            assert_eq!(via.unique_branch(), unique.then_some(branch));
        }
        assert_eq!(parse_via(b"SIP/2.0/UDP h").expect("via").unique_branch(), None);
    }

    #[test]
    fn without_rport_the_port_of_sent_by_counts_unless_there_is_a_nat() {
        let to = |text: &str| parse_via(text.as_bytes()).expect("via").reply_to(source()).port();
        assert_eq!(to("SIP/2.0/UDP 192.0.2.7:5066;branch=1"), 5066);
        assert_eq!(to("SIP / 2.0 / UDP 192.0.2.7 : 5067;branch=1"), 5067);
        assert_eq!(to("SIP/2.0/UDP 192.0.2.7"), 5060);
        assert_eq!(to("SIP/2.0/UDP 10.0.0.1:5060"), 40000);
    }

    #[test]
    fn broken_parameters_leave_enough_to_answer_by() {
        let via = parse_via(b"SIP/2.0/UDP 192.0.2.15;;").expect("via");
        assert!(via.broken);
        assert_eq!(via.marked(source()), "SIP/2.0/UDP 192.0.2.15;received=192.0.2.7");
        assert!(parse_via(b"SIP/7.0/UDP 192.0.2.15;branch=1").expect("via").broken);
    }

    #[test]
    fn garbage_is_refused() {
        for bad in [
            "",
            ";;;garbage",
            "SIP/2.0/UDP",
            "SIP/2.0/UDP ;branch=1",
            "SIP/x.0/UDP h",
            "SIP/2/UDP h",
            "HTTP/2.0/UDP h",
            "SIP/2.0/UDP h:99999",
            "SIP/2.0/UDP [::1",
        ] {
            assert_eq!(parse_via(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,80}") {
            let _ = parse_via(text.as_bytes());
            if let Some(via) = parse_via(format!("SIP/2.0/UDP h;{text}").as_bytes()) { let _ = via.marked(source()); }
        }
    }
}
