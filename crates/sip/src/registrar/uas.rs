//! What every request goes through before its method counts (RFC 3261 §8.2): see the table at the top of the crate.

use super::calls::{self, Again, invite};
use super::kept::Key;
use super::register::{SUPPORTED, register};
use super::{Origin, Registrar, Reply};
use crate::message::{Address, Answer, Fault, Message, Start, UriFault, Via, parse_address, parse_uri, parse_via, split_commas};
use domain::Transport;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::Instant;

const ALLOW: &str = "INVITE, ACK, CANCEL, OPTIONS, REGISTER";
/// Methods of other uses of SIP: known, and not ours.
const OTHERS: &[&str] = &["SUBSCRIBE", "NOTIFY", "MESSAGE", "PUBLISH", "REFER", "INFO", "UPDATE", "PRACK"];
/// Methods that are answered by what they are.
const OURS: &[&str] = &["REGISTER", "OPTIONS", "INVITE", "ACK", "CANCEL", "BYE"];
/// Headers that a message has once (RFC 3261 §7.3.1, §20).
const SINGLE: &[&str] = &["from", "to", "call-id", "cseq", "max-forwards"];

/// Bytes of an answer that is kept for a repetition. It echoes what the request said, and a flood must not fill the memory with that.
const MAX_KEPT: usize = 4 * 1024;

/// Answers a request; none where silence is right: an ACK, and what has no Via that an answer could go by.
pub(super) fn answer(registrar: &Registrar, request: &Message, origin: Origin) -> Option<Reply> {
    let Start::Request { method, uri } = &request.start else { return None };
    let via = request.first("via").and_then(split_commas).and_then(|list| parse_via(list.first()?))?;
    let call = matches!(method.as_str(), "INVITE" | "ACK" | "CANCEL").then(|| calls::Key::of(request, &via, origin)).flatten();
    if method == "ACK" {
        let awaited = registrar.calls.lock().acknowledge(call.as_ref()?, Instant::now());
        return Some(Reply { bytes: Vec::new(), to: origin.source, credit: u32::from(awaited) });
    }
    let to = if origin.transport == Transport::Udp { via.reply_to(origin.source) } else { origin.source };
    if method == "INVITE"
        && let Some(again) = call.as_ref().and_then(|key| registrar.calls.lock().again(key))
    {
        return match again {
            Again::Answer(bytes) => Some(Reply { bytes, to, credit: 0 }),
            Again::Nothing => None,
        };
    }
    let kept = key(request, &via, origin).filter(|_| matches!(method.as_str(), "REGISTER" | "INVITE"));
    if let Some(bytes) = kept.as_ref().and_then(|key| registrar.kept.lock().get(key).cloned()) {
        // Charged: it proves nothing new.
        return Some(Reply { bytes, to, credit: 0 });
    }
    let (mut held, mut credit) = (false, 0);
    let answer = match checked(request, method, uri) {
        // Of another version the Via is so too: that is what is said.
        _ if via.broken && request.fault != Some(Fault::Version) => Answer::new(400),
        Err(answer) => answer,
        Ok((from, addressee)) if method == "REGISTER" => {
            let (answer, earned) = register(registrar, request, &from, &addressee, origin);
            credit = earned;
            answer
        }
        Ok((from, _)) if method == "INVITE" => {
            let invited = invite(registrar, request, uri, &from, origin);
            (held, credit) = (invited.proved, invited.credit);
            invited.answer
        }
        // Each call was answered for good when it came: there is nothing left to stop (RFC 3261 §9.2).
        Ok(_) if method == "CANCEL" => {
            let known = call.as_ref().is_some_and(|key| registrar.calls.lock().again(key).is_some());
            Answer::new(if known { 200 } else { 481 })
        }
        Ok(_) => Answer::new(200).with("Allow", ALLOW).with("Accept", "application/sdp").with("Supported", SUPPORTED),
    };
    tracing::debug!(method = %method.escape_debug(), source = %origin.source, status = answer.code, "answered");
    let bytes = answer.bytes(request, &via, origin.source, &to_tag(registrar, request, &via));
    if let Some(key) = call.filter(|_| held) {
        registrar.calls.lock().hold(key, bytes.clone(), to, origin.transport, Instant::now());
        registrar.held.notify_one();
    } else if let Some(key) = kept.filter(|_| is_kept(&answer) && bytes.len() <= MAX_KEPT) {
        registrar.kept.lock().keep(key, bytes.clone(), registrar.clock.now());
    }
    Some(Reply { bytes, to, credit })
}

/// Challenges are made anew; what is malformed stays malformed.
fn is_kept(answer: &Answer) -> bool {
    matches!(answer.code, 200 | 403 | 423 | 500)
}

fn is_known(method: &str) -> bool {
    OURS.contains(&method) || OTHERS.contains(&method)
}

/// From and To of a request that may go on to its method.
fn checked(request: &Message, method: &str, uri: &str) -> Result<(Address, Address), Answer> {
    match request.fault {
        Some(Fault::Version) => return Err(Answer::new(505)),
        Some(Fault::HeadersTooLong) => return Err(Answer::new(513)),
        Some(_) => return Err(Answer::new(400)),
        None => {}
    }
    let bad = || Answer::new(400);
    if SINGLE.iter().any(|name| request.all(name).count() > 1) {
        return Err(bad());
    }
    let from = request.first("from").and_then(parse_address).ok_or_else(bad)?;
    let to = request.first("to").and_then(parse_address).ok_or_else(bad)?;
    request.first("call-id").filter(|id| !id.is_empty()).ok_or_else(bad)?;
    // Of a method that nobody knows, that is what is said first (RFC 4475 §3.1.2.18).
    request.cseq().filter(|(_, named)| *named == method || !is_known(method)).ok_or_else(bad)?;
    match parse_uri(uri) {
        Err(UriFault::Scheme) => return Err(Answer::new(416)),
        Err(UriFault::Malformed) => return Err(bad()),
        Ok(_) => {}
    }
    let hops = match request.first("max-forwards") {
        None => 70,
        Some(value) => std::str::from_utf8(value).ok().and_then(|v| v.parse::<u8>().ok()).ok_or_else(bad)?,
    };
    match method {
        "INVITE" if to.param("tag").is_some() => return Err(Answer::new(481)),
        "REGISTER" | "OPTIONS" | "INVITE" => {}
        // It ends what its INVITE began, at whatever hop that was.
        "CANCEL" => return Ok((from, to)),
        "BYE" => return Err(Answer::new(481)),
        _ if OTHERS.contains(&method) && to.param("tag").is_some() => return Err(Answer::new(481)),
        _ if OTHERS.contains(&method) => return Err(Answer::new(405).with("Allow", ALLOW)),
        _ => return Err(Answer::new(501).with("Allow", ALLOW)),
    }
    if method == "INVITE" {
        // What is redirected would go on. REGISTER and OPTIONS end here: only what forwards counts hops (RFC 3261 §16.3, RFC 4475 §3.3.11).
        return if hops == 0 { Err(Answer::new(483)) } else { Ok((from, to)) };
    }
    let supported = |tag: &String| SUPPORTED.split(", ").any(|s| tag.eq_ignore_ascii_case(s));
    let unknown: Vec<String> = request.listed("require").into_iter().filter(|tag| !supported(tag)).take(16).collect();
    if !unknown.is_empty() {
        return Err(Answer::new(420).with("Unsupported", unknown.join(", ")));
    }
    Ok((from, to))
}

fn key(request: &Message, via: &Via, origin: Origin) -> Option<Key> {
    let udp = origin.transport == Transport::Udp;
    let (call_id, branch) = (request.text("call-id")?, via.unique_branch()?);
    let small = call_id.len() <= 512 && branch.len() <= 256;
    let (cseq, _) = request.cseq().filter(|_| udp && small)?;
    Some((origin.source, call_id.to_owned(), cseq, branch.to_owned()))
}

/// The same for each retransmission, though nothing is remembered (RFC 3261 §8.2.7), and for a CANCEL as for its INVITE (§9.2).
fn to_tag(registrar: &Registrar, request: &Message, via: &Via) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&registrar.tag_key).expect("HMAC takes a key of any length");
    let number = request.cseq().map(|(number, _)| number.to_be_bytes());
    let cseq = number.as_ref().map(<[u8; 4]>::as_slice).or_else(|| request.first("cseq"));
    for part in [request.first("call-id"), cseq, request.first("from"), via.branch().map(str::as_bytes)] {
        mac.update(part.unwrap_or_default());
        mac.update(b"\0");
    }
    hex::encode(&mac.finalize().into_bytes()[..8])
}
