//! Bytes to [`Message`]. Never panics; none means "not SIP at all" and is answered by silence.

use super::{Fault, Message, Start, framing::head_end};
use std::borrow::Cow;

/// More than any real message has; a bound for work per message.
const MAX_HEADERS: usize = 256;
const USUAL_HEADERS: usize = 16;

/// Reads one whole message: a datagram, or what the framing of a stream cut off. `header_limit` is in bytes.
pub(crate) fn parse(bytes: &[u8], header_limit: usize) -> Option<Message> {
    let bytes = &bytes[bytes.iter().position(|b| !matches!(b, b'\r' | b'\n'))?..];
    let (head, rest, mut fault) = match head_end(bytes) {
        Some((head, body)) => (&bytes[..head], &bytes[body..], None),
        None => (bytes, &[][..], Some(Fault::NoEmptyLine)),
    };
    let mut lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (start, start_fault) = start_line(lines.next()?)?;
    fault = start_fault.or(fault);
    let mut headers: Vec<(Cow<'static, str>, Vec<u8>)> = Vec::with_capacity(USUAL_HEADERS);
    for line in lines.filter(|line| !line.is_empty()) {
        let folded = matches!(line[0], b' ' | b'\t');
        let clean = cleaned(trimmed(line));
        if matches!(clean, Cow::Owned(_)) {
            fault = fault.or(Some(Fault::ControlCharacter));
        }
        if folded {
            let Some((_, value)) = headers.last_mut() else {
                fault = fault.or(Some(Fault::HeaderLine));
                continue;
            };
            let more = trimmed(&clean);
            if !value.is_empty() && !more.is_empty() {
                value.push(b' ');
            }
            value.extend_from_slice(more);
            continue;
        }
        let colon = line.iter().position(|b| *b == b':');
        let name = colon.and_then(|at| std::str::from_utf8(&line[..at]).ok()).map(str::trim_end).filter(|n| is_token(n));
        match (name, colon) {
            (Some(name), Some(at)) if headers.len() < MAX_HEADERS => {
                let value = trimmed(&cleaned(&line[at + 1..])).to_vec();
                headers.push((long_name(name), value));
            }
            _ => fault = fault.or(Some(Fault::HeaderLine)),
        }
    }
    if head.len() > header_limit {
        fault = fault.or(Some(Fault::HeadersTooLong));
    }
    let mut message = Message { start, headers, body: Vec::new(), fault };
    match content_length(&message) {
        Err(()) => message.fault = message.fault.or(Some(Fault::ContentLength)),
        Ok(Some(length)) if length > rest.len() => message.fault = message.fault.or(Some(Fault::ShortBody)),
        Ok(length) => message.body = rest[..length.unwrap_or(rest.len())].to_vec(),
    }
    Some(message)
}

/// The one `Content-Length`; an error when it is no number or when two differ.
pub(super) fn content_length(message: &Message) -> Result<Option<usize>, ()> {
    let mut found = None;
    for value in message.all("content-length") {
        let length = parse_length(value).ok_or(())?;
        if found.replace(length).is_some_and(|before| before != length) {
            return Err(());
        }
    }
    Ok(found)
}

/// Digits alone; `+1`, `-1` and what overflows are refused.
pub(super) fn parse_length(value: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(value).ok()?;
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn start_line(line: &[u8]) -> Option<(Start, Option<Fault>)> {
    let line = String::from_utf8_lossy(line);
    let sip = |part: &str| part.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("SIP/"));
    if sip(&line) {
        let mut parts = line.splitn(3, ' ');
        let version_ok = parts.next().is_some_and(|v| v.eq_ignore_ascii_case("SIP/2.0"));
        let code = parts.next()?;
        let three_digits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
        let code = code.parse::<u16>().ok().filter(|c| version_ok && three_digits && (100..700).contains(c))?;
        let reason = parts.next().unwrap_or("").chars().filter(|c| !c.is_control()).take(128).collect();
        return Some((Start::Response { code, reason }, None));
    }
    let version = line.split([' ', '\t']).rfind(|part| !part.is_empty()).filter(|part| sip(part))?;
    let parts: Vec<&str> = line.split(' ').collect();
    let method = parts[0].to_owned();
    let fault = match parts.as_slice() {
        [method, uri, last] if is_token(method) && !uri.is_empty() && !line.contains('\t') => {
            (!last.eq_ignore_ascii_case("SIP/2.0")).then_some(Fault::Version)
        }
        _ if !version.eq_ignore_ascii_case("SIP/2.0") => Some(Fault::Version),
        _ => Some(Fault::RequestLine),
    };
    let uri = parts.get(1).copied().unwrap_or_default().to_owned();
    Some((Start::Request { method, uri }, fault))
}

/// RFC 3261 §25.1 `token`.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
}

/// Control characters become spaces, so that what is echoed is clean; within a quoted pair they are allowed (RFC 3261 §25.1). Borrowed: it
/// was clean.
fn cleaned(line: &[u8]) -> Cow<'_, [u8]> {
    if !line.iter().any(|byte| control(*byte)) {
        return Cow::Borrowed(line);
    }
    let mut escaped = false;
    let clean = line.iter().map(|byte| {
        let kept = !control(*byte) || (escaped && !matches!(byte, b'\r' | b'\n'));
        escaped = *byte == b'\\' && !escaped;
        if kept { *byte } else { b' ' }
    });
    let clean: Vec<u8> = clean.collect();
    if clean == line { Cow::Borrowed(line) } else { Cow::Owned(clean) }
}

const fn control(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || byte == 0x7f
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// Names that phones send all the time, with their compact forms: they need no memory of their own.
const KNOWN: &[(&str, Option<&str>)] = &[
    ("via", Some("v")),
    ("from", Some("f")),
    ("to", Some("t")),
    ("call-id", Some("i")),
    ("cseq", None),
    ("contact", Some("m")),
    ("max-forwards", None),
    ("authorization", None),
    ("expires", None),
    ("user-agent", None),
    ("content-length", Some("l")),
    ("supported", Some("k")),
    ("allow", None),
    ("path", None),
    ("require", None),
    ("event", Some("o")),
    ("content-type", Some("c")),
    ("content-encoding", Some("e")),
    ("subject", Some("s")),
    ("allow-events", Some("u")),
];

/// Lower case, compact forms spelled out (RFC 3261 §7.3.3 and the registry of header fields).
fn long_name(name: &str) -> Cow<'static, str> {
    let known =
        KNOWN.iter().find(|(long, compact)| name.eq_ignore_ascii_case(long) || compact.is_some_and(|c| name.eq_ignore_ascii_case(c)));
    known.map_or_else(|| Cow::Owned(name.to_ascii_lowercase()), |(long, _)| Cow::Borrowed(*long))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Message {
        parse(text.as_bytes(), 16_384).expect("SIP")
    }

    #[test]
    fn compact_folded_and_repeated_headers_are_read() {
        let m = read(
            "REGISTER sip:a SIP/2.0\r\nv: SIP/2.0/UDP h;branch=1\r\nm:\r\n <sip:a@b>\r\nRequire: A, b\r\nRequire: c\r\nl: 2\r\n\r\nhi!!",
        );
        assert_eq!(m.text("contact"), Some("<sip:a@b>"));
        assert_eq!(m.tokens("require"), ["a", "b", "c"]);
        assert_eq!((m.body.as_slice(), m.fault), (&b"hi"[..], None));
    }

    #[test]
    fn faults_are_kept_not_dropped() {
        let fault = |t: &str| read(t).fault;
        assert_eq!(fault("OPTIONS sip:a SIP/7.0\r\n\r\n"), Some(Fault::Version));
        assert_eq!(fault("OPTIONS sip:a; lr SIP/2.0\r\n\r\n"), Some(Fault::RequestLine));
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\ngarbage\r\n\r\n"), Some(Fault::HeaderLine));
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nX: a\0b\r\n\r\n"), Some(Fault::ControlCharacter));
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nX: \"a\\\0b\"\r\n\r\n"), None);
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nX: a\rb\r\n\r\n"), Some(Fault::ControlCharacter));
        for length in ["-1", "+1", "x", "", "18446744073709551616"] {
            assert_eq!(
                fault(&format!(
                    "OPTIONS sip:a SIP/2.0
l: {length}

"
                )),
                Some(Fault::ContentLength),
                "{length:?}"
            );
        }
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nl: 18446744073709551615\r\n\r\n"), Some(Fault::ShortBody));
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nl: 0\r\nl: 1\r\n\r\nx"), Some(Fault::ContentLength));
        assert_eq!(fault("OPTIONS sip:a SIP/2.0\r\nTo: x"), Some(Fault::NoEmptyLine));
    }

    #[test]
    fn what_is_not_sip_is_none() {
        for text in ["", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "SIP/2.0 4xx no\r\n\r\n", "SIP/2.0 4294967301 big\r\n\r\n", "\0\u{1}\u{2}"] {
            assert!(parse(text.as_bytes(), 1000).is_none(), "{text:?}");
        }
    }

    /// RFC 4475 §3.1.1.12 and §3.1.1.13.
    #[test]
    fn a_response_is_read_whatever_its_reason() {
        let start = |line: &str| {
            let message = read(&format!("{line}\r\nCSeq: 1 NOTIFY\r\nl: 0\r\n\r\n"));
            assert_eq!((message.fault, message.cseq()), (None, Some((1, "NOTIFY"))), "{line}");
            message.start
        };
        let response = |code, reason: &str| Start::Response { code, reason: reason.into() };
        assert_eq!(start("SIP/2.0 200 = 6 * 9, принято: ¡так! %"), response(200, "= 6 * 9, принято: ¡так! %"));
        assert_eq!(start("SIP/2.0 481 "), response(481, ""));
        assert_eq!(start("SIP/2.0 481"), response(481, ""));
    }

    #[test]
    fn cseq_is_a_number_below_two_to_31_and_a_method() {
        let cseq = |v: &str| read(&format!("OPTIONS sip:a SIP/2.0\r\nCSeq: {v}\r\n\r\n")).cseq().map(|(n, m)| (n, m.to_owned()));
        assert_eq!(cseq("7  OPTIONS"), Some((7, "OPTIONS".to_owned())));
        for bad in ["99999999999 A", "2147483648 A", "-1 A", "+1 A", "1", "A 1", "1 A b"] {
            assert_eq!(cseq(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            let _ = parse(&bytes, 300);
        }

        #[test]
        fn arbitrary_tails_after_a_request_line_never_panic(tail in "[\\x00-\\x7f]{0,400}") {
            let m = parse(format!("REGISTER sip:a SIP/2.0\r\n{tail}").as_bytes(), 300).expect("SIP");
            let _ = (m.cseq(), m.tokens("via"), m.text("to"));
            proptest::prop_assert!(m.headers.iter().all(|(_, v)| !v.iter().any(|b| matches!(b, b'\r' | b'\n'))));
        }
    }
}
