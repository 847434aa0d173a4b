//! Where does the call go?

use super::super::Registrar;
use crate::directory::{CallRules, Registrant};
use crate::message::{Answer, SipUri, parse_uri, percent_decode};
use domain::routing::{FlagValues, number, number_key, way_out};
use domain::{AccountId, Binding, DeviceId, invite};

/// Bytes of Contact headers in one 302: an answer must fit a datagram.
const MAX_CONTACTS: usize = 16 * 1024;
/// Characters of the words in a Reason.
const MAX_REASON: usize = 512;

/// 302, or why there is nowhere to go. `uri` is the Request-URI as written, `called` the same read.
pub(super) fn answer(registrar: &Registrar, caller: &Registrant, uri: &str, called: &SipUri) -> Answer {
    let directory = &registrar.directory;
    let realm = if registrar.own.is(&called.host) { &caller.realm } else { &called.host };
    // A realm of another account is as unknown as one of nobody.
    let ours = directory.realm(realm).filter(|policy| policy.account == caller.account);
    let (Some(user), Some(_)) = (&called.user, ours) else { return Answer::new(404) };
    let user = percent_decode(user);
    let dialled = number(&user);
    if let Some(devices) = callees(registrar, caller.account, realm, &user, dialled.as_deref()) {
        return contacts(registrar, &devices, dialled.as_deref().unwrap_or(&user), uri);
    }
    match dialled {
        Some(number) => outside(registrar, caller, &number),
        None => Answer::new(404),
    }
}

/// The devices that are meant; none: nobody here.
fn callees(registrar: &Registrar, account: AccountId, realm: &str, user: &str, dialled: Option<&str>) -> Option<Vec<DeviceId>> {
    let directory = &registrar.directory;
    let seat = directory.by_extension(account, user).or_else(|| directory.by_extension(account, dialled?));
    let named = || directory.by_username(realm, user).map(|device| vec![device.device]);
    let numbered = || Some(directory.by_number(account, &number_key(dialled?))).filter(|devices| !devices.is_empty());
    seat.or_else(named).or_else(numbered)
}

/// 302 with a Contact for each binding, the ones with the highest `q` first.
///
/// A Contact is where the phone says it is. What the registration came through (a Path, a NAT) is not in it: the caller asks that address
/// itself.
fn contacts(registrar: &Registrar, devices: &[DeviceId], dialled: &str, uri: &str) -> Answer {
    let mut found: Vec<(u32, String)> = Vec::new();
    for device in devices {
        let Some(rules) = registrar.directory.call_rules(*device) else { continue };
        for binding in registrar.bindings(*device) {
            let contact = request_uri(&rules, dialled, &binding);
            // One that leads back here would go round in circles (RFC 3261 §8.3).
            let new = contact != uri && parse_uri(&contact).is_ok() && !found.iter().any(|(_, c)| *c == contact);
            if new {
                found.push((thousandths(binding.q.as_deref()), contact));
            }
        }
    }
    found.sort_by_key(|(q, _)| std::cmp::Reverse(*q));
    let preferred = found.iter().any(|(q, _)| *q != 1_000);
    let (mut answer, mut bytes) = (Answer::new(if found.is_empty() { 480 } else { 302 }), 0);
    for (q, contact) in found {
        let value = if preferred { format!("<{contact}>;q={}.{:03}", q / 1_000, q % 1_000) } else { format!("<{contact}>") };
        bytes += value.len();
        if bytes > MAX_CONTACTS {
            break;
        }
        answer = answer.with("Contact", value);
    }
    answer
}

fn request_uri(rules: &CallRules, dialled: &str, binding: &Binding) -> String {
    let (number, route) = (rules.number.as_deref(), rules.route.as_deref());
    invite::request_uri(rules.invite_format, &rules.username, number, route, dialled, &binding.contact)
}

/// A `q` that was found well formed; absent means 1.
fn thousandths(q: Option<&str>) -> u32 {
    let Some((whole, fraction)) = q.map(|q| q.split_once('.').unwrap_or((q, ""))) else { return 1_000 };
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |b| u32::from(b - b'0'));
    if whole == "0" { digit(0) * 100 + digit(1) * 10 + digit(2) } else { 1_000 }
}

/// 302 to the carrier that the caller's Outbound Flags choose; 503 saying which flag took the last one away (RFC 3326).
fn outside(registrar: &Registrar, caller: &Registrant, number: &str) -> Answer {
    let directory = &registrar.directory;
    // Deleted since it proved itself. Without its flags it would leave by a carrier that they forbid.
    let Some(rules) = directory.call_rules(caller.device) else { return Answer::new(403) };
    let values = FlagValues::of_call(&registrar.zone, &caller.realm);
    match way_out(&directory.carriers(caller.account), &rules.outbound_flags, &values, number) {
        Ok(uri) => match parse_uri(&uri) {
            Ok(to) if registrar.own.has_port(to.port) && (registrar.own.is(&to.host) || directory.realm(&to.host).is_some()) => {
                Answer::because(404, "Carrier Leads Back Here")
            }
            Ok(_) => Answer::new(302).with("Contact", format!("<{uri}>")),
            Err(_) => Answer::because(404, "Carrier Has No Address"),
        },
        Err(said) => Answer::new(503).with("Reason", format!(r#"SIP;cause=503;text="{}""#, quoted(&said))),
    }
}

/// The inside of a quoted string (RFC 3261 §25.1).
fn quoted(text: &str) -> String {
    let clean = text.chars().filter(|c| !c.is_control()).take(MAX_REASON);
    clean.flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q_is_ordered_as_a_number() {
        let all = [None, Some("1"), Some("1.000"), Some("0.7"), Some("0.75"), Some("0.125"), Some("0"), Some("0.")].map(thousandths);
        assert_eq!(all, [1_000, 1_000, 1_000, 700, 750, 125, 0, 0]);
    }

    #[test]
    fn a_flag_may_hold_quotes() {
        assert_eq!(quoted("a \"b\\\" \u{7}c"), "a \\\"b\\\\\\\" c");
        assert_eq!(quoted(&"é".repeat(9_999)).chars().count(), MAX_REASON);
    }
}
