//! What a REGISTER asks for, read before anything is decided.

use super::Origin;
use crate::directory::Registrant;
use crate::message::{Message, parse_address_list, parse_uri, split_commas};
use domain::{Binding, Millis, ProvedBy, SECOND, Transport};
use std::net::IpAddr;

/// The least that is granted, in seconds; less is answered 423.
pub(super) const MIN_EXPIRES: u32 = 60;

/// Bounds of what a binding keeps, in bytes.
const MAX_CONTACT: usize = 1_024;
const MAX_CALL_ID: usize = 512;
const MAX_CONTACTS_ASKED: usize = 32;
const MAX_PATHS: usize = 8;

/// One Contact of a REGISTER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contact {
    pub uri: String,
    /// Seconds; none when neither the Contact nor an Expires header says.
    pub expires: Option<u32>,
    pub q: Option<String>,
    pub instance: Option<String>,
    pub reg_id: Option<u32>,
}

/// What stands in the Contact headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// No Contact: what is bound?
    Query,
    /// `*` with `Expires: 0`.
    RemoveAll,
    Contacts(Vec<Contact>),
}

/// A contact as it will be bound: `granted` is 0 for removal.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub contact: String,
    pub granted: u32,
    pub q: Option<String>,
    pub instance: Option<String>,
    pub reg_id: Option<u32>,
}

/// Everything that the table needs.
#[derive(Clone)]
pub(super) struct Wanted {
    pub registrant: Registrant,
    pub proved_by: ProvedBy,
    pub origin: Origin,
    pub call_id: String,
    pub cseq: u32,
    pub path: Vec<String>,
    pub user_agent: Option<String>,
    pub removes_all: bool,
    pub changes: Vec<Change>,
}

/// Reads the Contact and Expires headers; none is a 400.
pub(super) fn read_contacts(request: &Message) -> Option<Asked> {
    let header = request.text("expires").map(seconds);
    let values: Vec<&[u8]> = request.all("contact").collect();
    if values.iter().any(|v| v.trim_ascii() == b"*") {
        return (values.len() == 1 && header == Some(0)).then_some(Asked::RemoveAll);
    }
    let mut contacts = Vec::new();
    for address in values.iter().map(|v| parse_address_list(v)).collect::<Option<Vec<_>>>()?.into_iter().flatten() {
        parse_uri(&address.uri).ok()?;
        if address.uri.len() > MAX_CONTACT || contacts.len() >= MAX_CONTACTS_ASKED {
            return None;
        }
        let short = |name: &str| address.param(name).filter(|v| !v.is_empty() && v.len() <= 256).map(str::to_owned);
        contacts.push(Contact {
            expires: address.param("expires").map(seconds).or(header),
            q: short("q").filter(|q| is_q(q)),
            instance: short("+sip.instance"),
            // Without an instance it says nothing (RFC 5626 §6).
            reg_id: address.param("reg-id").and_then(|r| r.parse().ok()).filter(|r| *r > 0 && short("+sip.instance").is_some()),
            uri: address.uri,
        });
    }
    // One REGISTER, one flow (RFC 5626 §6).
    let flows = contacts.iter().filter(|c| c.reg_id.is_some() && c.expires != Some(0)).count();
    if flows > 1 {
        return None;
    }
    Some(if contacts.is_empty() { Asked::Query } else { Asked::Contacts(contacts) })
}

/// Delta seconds; what can't be read is an hour (RFC 3261 §10.3 step 6), what is too large the largest.
fn seconds(text: &str) -> u32 {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().unwrap_or(u32::MAX) } else { 3_600 }
}

/// `0`, `1`, `0.123`, `1.000` (RFC 3261 §25.1 qvalue).
fn is_q(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    digits && (whole == "0" || (whole == "1" && fraction.bytes().all(|b| b == b'0')))
}

/// The Call-ID; none when it is absent or longer than we keep.
pub(super) fn read_call_id(request: &Message) -> Option<String> {
    request.text("call-id").filter(|id| !id.is_empty() && id.len() <= MAX_CALL_ID).map(str::to_owned)
}

/// Path values in order (RFC 3327); none when they are malformed or too many.
pub(super) fn read_path(request: &Message) -> Option<Vec<String>> {
    let lists = request.all("path").map(split_commas).collect::<Option<Vec<_>>>()?;
    let values = lists.into_iter().flatten().map(|v| std::str::from_utf8(v).ok().map(|v| v.trim().to_owned()));
    let values = values.collect::<Option<Vec<_>>>()?;
    let ok = values.len() <= MAX_PATHS && values.iter().all(|v| v.len() <= MAX_CONTACT && v.starts_with('<') && v.contains('>'));
    ok.then_some(values)
}

/// Whether the proxy next to the phone keeps its flow: the last Path says so by `ob` (RFC 5626 §5.1).
pub(super) fn first_hop_keeps_flows(path: &[String]) -> bool {
    let uri = path.last().and_then(|p| p.strip_prefix('<')).and_then(|p| p.split('>').next());
    uri.is_some_and(|uri| uri.split([';', '?']).skip(1).any(|param| param.eq_ignore_ascii_case("ob")))
}

/// What the phone calls itself, printable and short.
pub(super) fn read_user_agent(request: &Message) -> Option<String> {
    let text = String::from_utf8_lossy(request.first("user-agent")?);
    let text: String = text.chars().filter(|c| !c.is_control()).take(256).collect();
    (!text.is_empty()).then_some(text)
}

/// What is granted of what was asked, in seconds: at most the device's own, 0 for removal. None is a 423.
pub(super) fn grant(asked: Option<u32>, most: u32) -> Option<u32> {
    match asked.unwrap_or(most) {
        0 => Some(0),
        brief if brief < MIN_EXPIRES => None,
        asked => Some(asked.min(most.max(MIN_EXPIRES))),
    }
}

impl Wanted {
    pub fn binding(&self, change: &Change, now: Millis) -> Binding {
        Binding {
            account: self.registrant.account,
            device: self.registrant.device,
            aor: format!("sip:{}@{}", self.registrant.username, self.registrant.realm),
            contact: change.contact.clone(),
            source: self.origin.source,
            transport: self.origin.transport,
            connection: self.origin.connection,
            path: self.path.clone(),
            instance: change.instance.clone(),
            reg_id: change.reg_id,
            user_agent: self.user_agent.clone(),
            call_id: self.call_id.clone(),
            cseq: self.cseq,
            q: change.q.clone(),
            proved_by: self.proved_by,
            // Behind a Path the proxy at its end holds the way to the phone open.
            natted: self.path.is_empty() && is_natted(&change.contact, self.origin),
            reachable: true,
            since: now,
            refreshed: now,
            expires: now + Millis::from(change.granted) * SECOND,
        }
    }
}

/// Whether the contact names another host or port than where the REGISTER came from. A name in place of an address counts: nothing is
/// looked up here.
fn is_natted(contact: &str, origin: Origin) -> bool {
    let Ok(uri) = parse_uri(contact) else { return true };
    let default =
        if origin.transport == Transport::Tls || contact.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("sips:")) { 5061 } else { 5060 };
    let host = uri.host.parse::<IpAddr>().map(|ip| ip.to_canonical());
    host != Ok(origin.source.ip().to_canonical()) || uri.port.unwrap_or(default) != origin.source.port()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse;

    fn read(headers: &str) -> Option<Asked> {
        read_contacts(&parse(format!("REGISTER sip:r SIP/2.0\r\n{headers}\r\n\r\n").as_bytes(), 9_999).expect("SIP"))
    }

    #[test]
    fn contacts_take_their_own_expiry_before_the_header() {
        let Some(Asked::Contacts(c)) = read(
            "m: \"<\" <sip:a@h>;expires=70;+sip.instance=\"<urn:x>\";reg-id=2;q=0.7, <sip:b@h>\r\nContact: sip:c@h;expires=soon;q=9\r\nExpires: 300",
        ) else {
            panic!("contacts")
        };
        assert_eq!(c.iter().map(|c| c.expires).collect::<Vec<_>>(), [Some(70), Some(300), Some(3600)]);
        assert_eq!((c[0].instance.as_deref(), c[0].reg_id, c[0].q.as_deref(), &c[2].q), (Some("\"<urn:x>\""), Some(2), Some("0.7"), &None));
    }

    #[test]
    fn a_star_stands_alone_with_expires_0() {
        assert_eq!(read("Contact: *\r\nExpires: 0"), Some(Asked::RemoveAll));
        for bad in [
            "Contact: *",
            "Contact: *\r\nExpires: 60",
            "Contact: *\r\nContact: <sip:a@h>\r\nExpires: 0",
            "Contact: *, <sip:a@h>\r\nExpires: 0",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read("Expires: 60"), Some(Asked::Query));
        assert_eq!(read("Contact: <tel:1>"), None);
        assert_eq!(read("Contact: <sip:a@h>;expires=99999999999"), read("Contact: <sip:a@h>;expires=4294967295"));
    }

    #[test]
    fn the_smaller_of_asked_and_allowed_is_granted() {
        assert_eq!(
            [grant(Some(3600), 360), grant(Some(90), 360), grant(None, 360), grant(Some(0), 360)].map(Option::unwrap),
            [360, 90, 360, 0]
        );
        assert_eq!((grant(Some(59), 360), grant(Some(1), 360), grant(Some(60), 60)), (None, None, Some(60)));
    }

    #[test]
    fn nat_is_seen_by_host_and_port() {
        let origin = Origin { source: "192.0.2.1:5060".parse().expect("address"), transport: Transport::Udp, connection: None };
        for (contact, natted) in
            [("sip:a@192.0.2.1", false), ("sip:a@192.0.2.1:5061", true), ("sip:a@10.0.0.1", true), ("sip:a@phone.local", true)]
        {
            assert_eq!(is_natted(contact, origin), natted, "{contact}");
        }
    }
}
