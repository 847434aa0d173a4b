//! The parts of messages: each parser of ours, and what it prints.

use super::{behaviour, drive};
use crate::digest::{NonceState, Nonces, answer_challenge};
use crate::message::{
    Address, host_port, parse, parse_address_list, parse_auth, parse_uri, parse_via, percent_decode, split_commas, without_headers,
};
use std::net::{IpAddr, SocketAddr};

/// What is more than a parser of text is given.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_via_is_answered_by_the_same_via() {
    let source: SocketAddr = "192.0.2.7:40000".parse().expect("an address");
    let seeds: [&[u8]; 4] = [
        b"SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKa",
        b"SIP / 2.0 / TLS [::1] : 9;received=1.2.3.4;x=\"a;b\"",
        b"SIP/2.0/UDP h;;",
        b"SIP/7.0/UDP h;branch=a",
    ];
    drive("via", &seeds, |bytes| {
        let Some(via) = parse_via(bytes) else { return behaviour(0) };
        let marked = via.marked(source);
        let again = parse_via(marked.as_bytes()).unwrap_or_else(|| panic!("{marked:?}"));
        // Of another version it stays, whatever its parameters were.
        assert!(again.marked(source) == marked && (via.broken || !again.broken), "{marked:?}");
        assert_eq!((again.branch(), again.sent_by()), (via.branch(), via.sent_by()), "{marked:?}");
        assert!(via.reply_to(source).ip() == source.ip(), "answers go where the request came from");
        behaviour((
            via.broken,
            via.branch().is_some(),
            via.reply_to(source) == source,
            via.sent_by().1.is_some(),
            (marked.len() / 16).min(20),
        ))
    });
}

fn print(address: &Address) -> String {
    let mut text = format!("<{}>", address.uri);
    for (name, value) in &address.params {
        text.extend([";", name]);
        text.extend(value.iter().flat_map(|value| ["=", value]));
    }
    text
}

#[test]
fn addresses_read_the_same_when_written_again() {
    let seeds: [&[u8]; 3] = [
        b"\"A \\\" <x>\" <sip:a@h:5060;transport=udp?X=%20y>;expires=60;q=0.5, sip:b@h;expires=0",
        b"Eric B. <sips:c@[::1]>;tag=1;+sip.instance=\"<urn:uuid:A;b,c>\";ob",
        b"sip:a;b@h;tag=2",
    ];
    drive("address", &seeds, |bytes| {
        let Some(list) = parse_address_list(bytes) else { return behaviour(0) };
        let printed = list.iter().map(print).collect::<Vec<_>>().join(", ");
        assert_eq!(parse_address_list(printed.as_bytes()).as_ref(), Some(&list), "{printed:?}");
        behaviour((list.len().min(5), list.iter().map(|a| (a.params.len().min(5), parse_uri(&a.uri).is_ok())).take(5).collect::<Vec<_>>()))
    });
}

#[test]
fn uris_read_the_same_when_written_again() {
    let seeds: [&[u8]; 4] = [b"sip:a;b?c:pw@Sip.Example:5070;transport=tcp?x=y", b"sips:[2001:db8::1]:5061", b"sip:%41%zz@h", b"tel:+1-2"];
    drive("uri", &seeds, |bytes| {
        let text = text(bytes);
        let decoded = percent_decode(&text);
        assert!(decoded.len() <= 3 * text.len() && text.starts_with(without_headers(&text)));
        let _ = host_port(&text);
        match parse_uri(&text) {
            Ok(uri) => {
                let host = if uri.host.contains(':') { format!("[{}]", uri.host) } else { uri.host.clone() };
                let user = uri.user.as_ref().map_or_else(String::new, |user| format!("{user}@"));
                let printed = format!("sip:{user}{host}{}", uri.port.map_or_else(String::new, |port| format!(":{port}")));
                assert_eq!(parse_uri(&printed).as_ref(), Ok(&uri), "{printed:?}");
                assert!(parse_uri(without_headers(&text)).is_ok(), "{text:?}");
                behaviour((uri.user.is_some(), uri.port.is_some(), host.starts_with('[')))
            }
            Err(fault) => behaviour(fault as u8 + 1),
        }
    });
}

#[test]
fn credentials_and_challenges_are_read_as_written() {
    let seeds: [&[u8]; 3] = [
        br#"Digest username="a,b", realm="r", nonce="n", uri="sip:h;x=1", response="00", algorithm=MD5, qop=auth, nc=0000000A, cnonce="c""#,
        br#"digest realm="p", nonce="n", algorithm=SHA-256, qop="auth-int,auth", opaque="o", stale=true"#,
        br"Basic abc",
    ];
    let nonces = Nonces::new([1; 32], 0, 300_000, 10);
    let source: IpAddr = [192, 0, 2, 7].into();
    drive("auth", &seeds, |bytes| {
        let Some(params) = parse_auth(bytes) else { return behaviour(0) };
        let names = ["username", "realm", "nonce", "uri", "response", "algorithm", "qop", "nc", "cnonce", "opaque"];
        let given: Vec<(&str, &str)> = names.into_iter().filter_map(|name| Some((name, params.get(name)?))).collect();
        let plain = given.iter().all(|(_, value)| !value.contains(['"', '\\']));
        if plain && !given.is_empty() {
            let printed = given.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect::<Vec<_>>().join(",");
            let again = parse_auth(format!("Digest {printed}").as_bytes()).unwrap_or_else(|| panic!("{printed:?}"));
            assert!(names.iter().all(|name| again.get(name) == params.get(name)), "{printed:?}");
        }
        assert_eq!(
            nonces.check(params.get("nonce").unwrap_or_default(), 1_000, "r", source),
            NonceState::Stale,
            "a nonce of ours by chance"
        );
        // What a phone challenges us with goes into our answer: as one line.
        let response = parse(&[b"SIP/2.0 401 No\r\nWWW-Authenticate: ", bytes, b"\r\n\r\n"].concat(), 99_999);
        let answer = response.and_then(|response| answer_challenge(&response, ("1001", "secret1"), ("NOTIFY", "sip:1001@h"), "abc"));
        if let Some((_, value)) = &answer {
            assert!(!value.contains(['\r', '\n']) && !value.contains("secret1"), "{value:?}");
        }
        behaviour((given.iter().map(|(name, _)| *name).collect::<Vec<_>>(), plain, answer.is_some()))
    });
}

#[test]
fn lists_are_split_without_loss() {
    let seeds: [&[u8]; 2] = [b"\"a, <b\\\" ,\" <sip:x,y@h>, <sip:z>", b"a,,b"];
    drive("list", &seeds, |bytes| {
        let Some(parts) = split_commas(bytes) else { return behaviour(0) };
        assert_eq!(parts.join(&b','), bytes);
        for part in &parts {
            assert_eq!(split_commas(part), Some(vec![*part]), "{:?}", text(part));
        }
        behaviour(parts.len().min(40))
    });
}
