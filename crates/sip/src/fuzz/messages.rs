//! Whole messages and streams of them.

use super::{behaviour, drive};
use crate::message::{Frame, Message, Start, next_frame, parse};

pub(super) const REGISTER: &[u8] = b"REGISTER sip:sip.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKa\r\nFrom: \"A\" <sip:1001@sip.test>;tag=f\r\nTo: <sip:1001@sip.test>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\nContact: <sip:1001@10.0.0.1;transport=udp>;expires=300;q=0.7\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
pub(super) const INVITE: &[u8] = b"INVITE sip:200@sip.test SIP/2.0\r\nv: SIP/2.0/TCP h;branch=z9hG4bKb, SIP/2.0/UDP p\r\nf: <sip:1001@sip.test>;tag=f\r\nt: sip:200@sip.test\r\ni: d\r\nCSeq: 2 INVITE\r\nm: sip:1001@h\r\nSubject: a\r\n b\r\nl: 4\r\n\r\nv=0\n";
const RESPONSE: &[u8] = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKc\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n";

/// As a sender without faults would have written it.
fn print(message: &Message) -> Vec<u8> {
    let mut text = match &message.start {
        Start::Request { method, uri } => format!("{method} {uri} SIP/2.0\r\n"),
        Start::Response { code, reason } => format!("SIP/2.0 {code} {reason}\r\n"),
    }
    .into_bytes();
    for (name, value) in &message.headers {
        text.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    text.extend(b"\r\n");
    text.extend(&message.body);
    text
}

#[test]
fn messages_read_the_same_when_written_again() {
    drive("message", &[REGISTER, INVITE, RESPONSE], |bytes| {
        let Some(message) = parse(bytes, 16_384) else { return behaviour(0) };
        assert!(message.body.len() <= bytes.len() && message.headers.len() <= 256);
        for (name, value) in &message.headers {
            assert!(value.trim_ascii() == value && !value.iter().any(|b| matches!(b, b'\r' | b'\n')), "{name}: {value:?}");
        }
        if message.fault.is_none() {
            let again = parse(&print(&message), usize::MAX).expect("SIP");
            assert_eq!((again.fault, &again.start, &again.headers, &again.body), (None, &message.start, &message.headers, &message.body));
        }
        let names: Vec<&str> = message.headers.iter().map(|(name, _)| &**name).take(12).collect();
        let kind = matches!(message.start, Start::Request { .. });
        behaviour((kind, message.fault.map(|f| f as u8), names.len(), message.cseq().is_some(), message.via_count().min(4)))
    });
}

#[test]
fn streams_are_cut_the_same_however_they_arrive() {
    let stream = [REGISTER, b"\r\n\r\n", INVITE, b"\r\n", RESPONSE].concat();
    drive("framing", &[&stream], |bytes| {
        let (head, body) = (2_000, 4_000);
        let (mut rest, mut kinds) = (bytes, Vec::new());
        loop {
            let frame = next_frame(rest, head, body);
            let length = match frame {
                Frame::Partial | Frame::TooLong => 0,
                Frame::Ping(n) | Frame::Pong(n) | Frame::Message(n) | Frame::Unframed(n) => n,
            };
            assert!(length <= rest.len() && length <= head + body + 4, "{frame:?}");
            if let Frame::Message(length) | Frame::Unframed(length) = frame {
                // Nothing that comes later changes what was cut, and no less is cut before all of it is there.
                assert_eq!(next_frame(&rest[..length], head, body), frame);
                assert!(!matches!(next_frame(&rest[..length - 1], head, body), Frame::Message(_)), "{length}");
            }
            kinds.push(std::mem::discriminant(&frame));
            if length == 0 {
                kinds.truncate(6);
                return behaviour(kinds);
            }
            rest = &rest[length..];
        }
    });
}
