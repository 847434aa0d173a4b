//! REGISTER (RFC 3261 §10.3).

use super::ask::{
    Asked, Change, MIN_EXPIRES, Wanted, first_hop_keeps_flows, grant, read_call_id, read_contacts, read_path, read_user_agent,
};
use super::auth::{Claim, Proved, prove};
use super::hush::Whose;
use super::table::{Conflict, seconds_left};
use super::{Origin, Registrar};
use crate::directory::Registrant;
use crate::message::{Address, Answer, Message, parse_uri, percent_decode};
use domain::{AccountId, DeviceId, RefusedBecause, RegistrarEvent, Sender};

/// Option tags that a REGISTER may require.
pub(super) const SUPPORTED: &str = "path, outbound";
/// Seconds between two pings of a phone.
const FLOW_TIMER: u32 = 120;

/// Messages that a challenge costs: the REGISTER that it answers.
const CHALLENGE: u32 = 1;

/// Answers a REGISTER whose shape was found right; a success says how much it gives back.
pub(super) fn register(registrar: &Registrar, request: &Message, from: &Address, to: &Address, origin: Origin) -> (Answer, u32) {
    decide(registrar, request, from, to, origin).unwrap_or_else(|answer| (answer, 0))
}

fn decide(registrar: &Registrar, request: &Message, from: &Address, to: &Address, origin: Origin) -> Result<(Answer, u32), Answer> {
    let now = registrar.clock.now();
    let uri = parse_uri(&to.uri).map_err(|_| Answer::new(400))?;
    let username = percent_decode(&uri.user.ok_or_else(|| Answer::new(404))?);
    let from_user = parse_uri(&from.uri).ok().and_then(|u| u.user).map(|u| percent_decode(&u)).unwrap_or_default();
    let (asked, path, call_id) = (read_contacts(request), read_path(request), read_call_id(request));
    let (account, sha256) = match registrar.directory.realm(&uri.host) {
        Some(policy) => (Some(policy.account), policy.sha256),
        None => (None, registrar.directory.all_take_sha256()),
    };
    let claim =
        Claim { method: "REGISTER", realm: &uri.host, account, sha256, username: &username, from_user: &from_user, request, origin, now };
    let (Some(asked), Some(path), Some(call_id)) = (asked, path, call_id) else {
        registrar.refused_quietly(&claim, None, RefusedBecause::Malformed);
        return Err(Answer::new(400));
    };
    let proved = prove(registrar, request, &claim)?;
    let credit = proved.credit(origin, CHALLENGE);
    let Proved { device: registrant, by: proved_by, .. } = proved;
    let device = registrant.device;
    let most = registrant.expire_seconds;
    let (removes_all, contacts) = match asked {
        Asked::Query => return Ok((listing(registrar, device, now), credit)),
        Asked::RemoveAll => (true, Vec::new()),
        Asked::Contacts(contacts) => (false, contacts),
    };
    let supported = request.tokens("supported");
    let supports = |tag: &str| supported.iter().any(|t| t == tag);
    let outbound = supports("outbound") && contacts.iter().any(|c| c.reg_id.is_some());
    if outbound && request.via_count() > 1 && !first_hop_keeps_flows(&path) {
        registrar.refused_quietly(&claim, Some(&registrant), RefusedBecause::FirstHop);
        return Err(Answer::new(439));
    }
    let mut changes = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let Some(granted) = grant(contact.expires, most) else {
            registrar.refused_quietly(&claim, Some(&registrant), RefusedBecause::IntervalTooBrief);
            return Err(Answer::new(423).with("Min-Expires", MIN_EXPIRES.to_string()));
        };
        changes.push(Change { contact: contact.uri, granted, q: contact.q, instance: contact.instance, reg_id: contact.reg_id });
    }
    let cseq = request.cseq().map(|(number, _)| number).ok_or_else(|| Answer::new(400))?;
    let user_agent = read_user_agent(request);
    let returned = if supports("path") { path.clone() } else { Vec::new() };
    let wanted = Wanted { registrant, proved_by, origin, call_id, cseq, path, user_agent, removes_all, changes };
    let outcome = registrar.table.lock().apply(&wanted, now, registrar.contacts);
    match outcome {
        Ok(()) => {
            let listed = listing(registrar, device, now);
            let answer = returned.into_iter().fold(listed, |answer, value| answer.with("Path", value));
            Ok((if outbound { with_outbound(answer, origin) } else { answer }, credit))
        }
        Err(Conflict::OutOfOrder) => {
            registrar.refused_quietly(&claim, Some(&wanted.registrant), RefusedBecause::OutOfOrder);
            Err(Answer::because(500, "CSeq Out Of Order"))
        }
        Err(Conflict::TooManyContacts) => {
            registrar.refused_quietly(&claim, Some(&wanted.registrant), RefusedBecause::TooManyContacts);
            Err(Answer::because(403, "Too Many Contacts"))
        }
    }
}

/// 200 with every binding and what is left of its time.
fn listing(registrar: &Registrar, device: DeviceId, now: domain::Millis) -> Answer {
    let mut table = registrar.table.lock();
    table.expire(now);
    let mut answer = Answer::new(200);
    for binding in table.flows(device) {
        let mut value = format!("<{}>;expires={}", binding.contact, seconds_left(&binding, now));
        for (name, param) in [("q", binding.q), ("+sip.instance", binding.instance), ("reg-id", binding.reg_id.map(|r| r.to_string()))] {
            value.extend(param.map(|p| format!(";{name}={p}")));
        }
        answer = answer.with("Contact", value);
    }
    answer.with("Supported", SUPPORTED)
}

/// Says that the flow was taken for one (RFC 5626 §6), and on a stream how often to ping it (§5.4): over UDP a `Flow-Timer` would make the
/// phone send STUN, which nobody here speaks.
fn with_outbound(answer: Answer, origin: Origin) -> Answer {
    let answer = answer.with("Require", "outbound");
    if origin.transport.is_stream() { answer.with("Flow-Timer", FLOW_TIMER.to_string()) } else { answer }
}

impl Registrar {
    /// A failure that echoes a valid nonce of ours; `previous`: the device whose password of before a save it proves.
    pub(super) fn refused(&self, claim: &Claim<'_>, device: Option<&Registrant>, why: RefusedBecause, previous: Option<DeviceId>) {
        let sender = Sender { proves_previous: previous, ..sender(claim.request) };
        self.push(refusal(owner(claim, device), (claim.realm, claim.username), claim.origin, sender, why, claim.now));
    }

    /// A failure that costs nothing to bring about: told once a minute.
    pub(super) fn refused_quietly(&self, claim: &Claim<'_>, device: Option<&Registrant>, why: RefusedBecause) {
        let (account, device) = owner(claim, device);
        let (realm, username) = (short(claim.realm), short(claim.username));
        let whose = match device {
            Some(device) => Whose::Device(device),
            None if self.directory.is_username(&username) => Whose::Name(username.to_ascii_lowercase()),
            None => Whose::Strangers(account),
        };
        if self.hush.lock().news(whose, claim.origin.source.ip(), &realm, &username, why, claim.now) {
            self.push(refusal((account, device), (&realm, &username), claim.origin, sender(claim.request), why, claim.now));
        }
    }
}

/// The account and the device that a refusal is told to.
fn owner(claim: &Claim<'_>, device: Option<&Registrant>) -> (Option<AccountId>, Option<DeviceId>) {
    (device.map(|d| d.account).or(claim.account), device.map(|d| d.device))
}

fn refusal(
    (account, device): (Option<AccountId>, Option<DeviceId>),
    (realm, username): (&str, &str),
    origin: Origin,
    sender: Sender,
    why: RefusedBecause,
    at: domain::Millis,
) -> RegistrarEvent {
    let (realm, username) = (short(realm), short(username));
    RegistrarEvent::Refused { account, device, realm, username, source: origin.source, sender, why, at }
}

/// What a refused request says of its phone.
fn sender(request: &Message) -> Sender {
    let (contacts, instances): (Vec<_>, Vec<_>) = match read_contacts(request) {
        Some(Asked::Contacts(contacts)) => contacts.into_iter().map(|c| (c.uri, c.instance)).unzip(),
        _ => Default::default(),
    };
    let call_id = read_call_id(request).unwrap_or_default();
    Sender {
        call_id,
        contacts,
        instances: instances.into_iter().flatten().collect(),
        user_agent: read_user_agent(request),
        proves_previous: None,
    }
}

/// A name out of a stranger's message, short and printable enough for an event.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(253).collect()
}
