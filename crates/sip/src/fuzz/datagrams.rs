//! Whole datagrams against the registrar: as a stranger, as a phone that is allowed by its address, and as one that knows its password.

use super::messages::{INVITE, REGISTER};
use super::{behaviour, drive};
use crate::config::Config;
use crate::digest::{Algorithm, ha1_md5, ha1_sha256};
use crate::directory::{CallRules, Credential, Directory, Observer, RealmPolicy, Registrant};
use crate::message::{Message, Start, parse};
use crate::registrar::{Origin, Registrar};
use domain::routing::Carrier;
use domain::{AccountId, Clock, DeviceId, Millis, RegistrarEvent, Transport};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId(Uuid::nil());
/// A device with a password, and one that is known by its address.
const USER: &str = "1001";
const GATEWAY: &str = "gateway";
const ALLOWED: [u8; 4] = [192, 0, 2, 2];

struct House;

fn registrant(username: &str) -> Registrant {
    let (md5, sha256) = (ha1_md5(username, "sip.test", "secret1"), ha1_sha256(username, "sip.test", "secret1"));
    let credential = if username == GATEWAY { Credential::Source } else { Credential::Digest { md5, sha256 } };
    let device = DeviceId(Uuid::from_u128(username.len() as u128));
    let (realm, username) = ("sip.test".into(), username.into());
    Registrant { account: ACCOUNT, device, realm, username, enabled: true, expire_seconds: 360, credential }
}

impl Directory for House {
    fn realm(&self, realm: &str) -> Option<RealmPolicy> {
        (realm == "sip.test").then_some(RealmPolicy { account: ACCOUNT, sha256: false })
    }

    fn by_username(&self, _: &str, username: &str) -> Option<Registrant> {
        [USER, GATEWAY].into_iter().find(|known| known.eq_ignore_ascii_case(username)).map(registrant)
    }

    fn by_source(&self, ip: IpAddr) -> Option<Registrant> {
        (ip == IpAddr::from(ALLOWED)).then(|| registrant(GATEWAY))
    }

    fn by_extension(&self, _: AccountId, extension: &str) -> Option<Vec<DeviceId>> {
        (extension == "200").then(|| vec![registrant(USER).device, registrant(GATEWAY).device])
    }

    fn call_rules(&self, device: DeviceId) -> Option<Arc<CallRules>> {
        let username = [USER, GATEWAY].into_iter().find(|user| registrant(user).device == device)?;
        Some(Arc::new(CallRules { username: username.into(), ..CallRules::default() }))
    }

    fn carriers(&self, _: AccountId) -> Arc<[Carrier]> {
        let (name, uri) = ("North".into(), "sip:north.test".into());
        Arc::new([Carrier { id: None, name, uri, flags: Vec::new(), require_flags: false, ignore_flags: false, weight: 1, enabled: true }])
    }
}

impl Observer for House {
    fn event(&self, _: RegistrarEvent) {}
}

/// Each look is a tenth of a second later: a run sees days.
#[derive(Default)]
struct Running(AtomicI64);

impl Clock for Running {
    fn now(&self) -> Millis {
        1_700_000_000_000 + self.0.fetch_add(100, Ordering::Relaxed)
    }
}

/// Another port each time: an answer that is kept for a repetition would say nothing new.
fn origin(ip: [u8; 4], count: u32) -> Origin {
    let port = 1_024 + (count % 60_000) as u16;
    Origin { source: SocketAddr::from((ip, port)), transport: Transport::Udp, connection: None }
}

fn ask(registrar: &Registrar, bytes: &[u8], origin: Origin) -> Option<Message> {
    let request = parse(bytes, 16_384)?;
    let Start::Request { .. } = request.start else { return None };
    let reply = registrar.answer(&request, origin)?;
    if reply.bytes.is_empty() {
        return None;
    }
    assert!(reply.to.ip() == origin.source.ip(), "answers go where the request came from");
    let contacts = 20 * 1_600;
    assert!(reply.bytes.len() <= bytes.len() + contacts, "{} bytes for {}", reply.bytes.len(), bytes.len());
    let answer = parse(&reply.bytes, usize::MAX).expect("an answer is SIP");
    assert!(matches!(answer.start, Start::Response { code: 200..700, .. }), "{:?}", answer.start);
    // What was echoed may be as broken as it came; what is ours is not, and no line was smuggled in.
    let text = String::from_utf8_lossy(&reply.bytes);
    assert!(text.ends_with("\r\nServer: Seatline\r\nContent-Length: 0\r\n\r\n"), "{}", &text[text.len() - 99..]);
    assert!(text.matches("\nServer:").count() == 1 && text.matches("\r\n\r\n").count() == 1);
    Some(answer)
}

fn code(answer: Option<&Message>) -> u16 {
    match answer.map(|a| &a.start) {
        Some(Start::Response { code, .. }) => *code,
        _ => 0,
    }
}

/// Answers the challenge to `text`, whose last header it is put before.
fn authorized(challenge: &Message, text: &[u8], method: &str) -> Vec<u8> {
    let value = challenge.text("www-authenticate").expect("a challenge");
    let nonce = value.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a nonce");
    let ha1 = ha1_md5(USER, "sip.test", "secret1").hex();
    let response = Algorithm::Md5.response(&ha1, nonce, Some(("00000001", "c")), method, "sip:sip.test");
    let line = format!(
        "Authorization: Digest username=\"{USER}\", realm=\"sip.test\", nonce=\"{nonce}\", uri=\"sip:sip.test\", response=\"{response}\", qop=auth, nc=00000001, cnonce=\"c\"\r\n"
    );
    let start = text.iter().position(|b| *b == b'\n').map_or(text.len(), |at| at + 1);
    [&text[..start], line.as_bytes(), &text[start..]].concat()
}

#[test]
fn whatever_comes_the_registrar_goes_on() {
    let config = Config::new(([192, 0, 2, 1], 5060).into());
    let house = Arc::new(House);
    let registrar = Registrar::new(&config, house.clone(), house, Arc::new(Running::default()), Vec::new(), [[1; 32], [2; 32]]);
    let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let gateway = plain(REGISTER).replace(USER, GATEWAY);
    let flow = gateway
        .replace(";expires=300;q=0.7", ";reg-id=1;+sip.instance=\"<urn:uuid:A>\"")
        .replace("Max-", "Supported: path, outbound\r\nMax-");
    let removal = gateway.replace("<sip:gateway@10.0.0.1;transport=udp>;expires=300;q=0.7", "*\r\nExpires: 0");
    let call = plain(INVITE).replace(USER, GATEWAY);
    let out = call.replace("sip:200@", "sip:+12234567890@");
    let others = ["OPTIONS", "CANCEL", "ACK", "BYE", "SUBSCRIBE", "FOO"].map(|method| plain(REGISTER).replace("REGISTER", method));
    let mut seeds: Vec<&[u8]> = vec![REGISTER, INVITE];
    seeds.extend([&gateway, &flow, &removal, &call, &out].map(String::as_bytes));
    seeds.extend(others.iter().map(String::as_bytes));
    let mut count = 0_u32;
    drive("datagram", &seeds, |bytes| {
        count += 1;
        let stranger = ask(&registrar, bytes, origin([192, 0, 2, 9], count));
        let allowed = ask(&registrar, bytes, origin(ALLOWED, count));
        // The same with the right password, whatever else stands in it.
        let challenge = ask(&registrar, REGISTER, origin([192, 0, 2, 7], count)).expect("a challenge");
        let method = if bytes.starts_with(b"INVITE") { "INVITE" } else { "REGISTER" };
        let known = ask(&registrar, &authorized(&challenge, bytes, method), origin([192, 0, 2, 7], count));
        if count.is_multiple_of(64) {
            registrar.sweep();
            registrar.end_device(registrant(USER).device, domain::Dropped::Removed);
            let good =
                plain(REGISTER).replace("Call-ID: c", &format!("Call-ID: good-{count}")).replace("z9hG4bKa", &format!("z9hG4bKg{count}"));
            let challenge = ask(&registrar, good.as_bytes(), origin([192, 0, 2, 8], count)).expect("answered");
            let answer = ask(&registrar, &authorized(&challenge, good.as_bytes(), "REGISTER"), origin([192, 0, 2, 8], count));
            assert_eq!((code(Some(&challenge)), code(answer.as_ref())), (401, 200));
        }
        let bindings = registrar.all_bindings();
        assert!(bindings.len() <= 2 * config.limits.contacts, "{}", bindings.len());
        assert!(bindings.iter().all(|b| b.contact.len() <= 1_024 && b.call_id.len() <= 512 && b.path.len() <= 8));
        behaviour((code(stranger.as_ref()), code(allowed.as_ref()), code(known.as_ref()), bindings.len()))
    });
}
