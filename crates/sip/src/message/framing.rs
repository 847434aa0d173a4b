//! Cuts a byte stream into messages and keep-alives (RFC 3261 §18.3, RFC 5626 §3.5.1).

use super::parse::parse_length;

/// What stands at the front of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// More bytes are needed.
    Partial,
    /// A ping (`CRLF CRLF`) of this many bytes: answer it with one `CRLF`.
    Ping(usize),
    /// A lone `CRLF`: a pong, or padding between messages; lone line feeds, however many.
    Pong(usize),
    /// One message of this many bytes.
    Message(usize),
    /// A head that leaves the end of the message unknown: answer it (these many bytes), then close.
    Unframed(usize),
    /// A head or body beyond the limit: close.
    TooLong,
}

/// Looks at the front of `buffer`. Limits are in bytes.
pub(crate) fn next_frame(buffer: &[u8], head_limit: usize, body_limit: usize) -> Frame {
    match buffer {
        [b'\r', b'\n', b'\r', b'\n', ..] => return Frame::Ping(4),
        [] | [b'\r'] | [b'\r', b'\n'] | [b'\r', b'\n', b'\r'] if buffer != b"\r\n" => return Frame::Partial,
        [b'\r', b'\n', ..] => return Frame::Pong(2),
        [b'\n', ..] => return Frame::Pong(buffer.iter().take_while(|b| **b == b'\n').count()),
        _ => {}
    }
    let Some((head, body)) = head_end(buffer) else {
        return if buffer.len() > head_limit { Frame::TooLong } else { Frame::Partial };
    };
    if head > head_limit {
        return Frame::TooLong;
    }
    match length_of(&buffer[..head]) {
        None => Frame::Unframed(body),
        Some(length) if length > body_limit => Frame::TooLong,
        Some(length) if buffer.len() - body < length => Frame::Partial,
        Some(length) => Frame::Message(body + length),
    }
}

/// Where the head ends (without its empty line) and where the body begins.
pub(super) fn head_end(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|b| *b == b'\n') {
        let next = from + at + 1;
        match &bytes[next..] {
            [b'\n', ..] => return Some((next, next + 1)),
            [b'\r', b'\n', ..] => return Some((next, next + 2)),
            _ => from = next,
        }
    }
    None
}

/// The `Content-Length` of a head, which a stream must have; none when it is absent, malformed or contradictory.
fn length_of(head: &[u8]) -> Option<usize> {
    let mut found = None;
    for line in head.split(|b| *b == b'\n') {
        let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
        let name = line[..colon].trim_ascii_end();
        if name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"l") {
            let length = parse_length(line[colon + 1..].trim_ascii()).filter(|_| !line[colon + 1..].trim_ascii().is_empty())?;
            if found.replace(length).is_some_and(|before| before != length) {
                return None;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\n";

    #[test]
    fn messages_pings_and_pongs_are_told_apart() {
        let frame = |b: &[u8]| next_frame(b, 200, 100);
        assert_eq!(frame(b""), Frame::Partial);
        assert_eq!(frame(b"\r\n\r\nOPT"), Frame::Ping(4));
        assert_eq!(frame(b"\r\nOPT"), Frame::Pong(2));
        assert_eq!(frame(b"\r\n"), Frame::Pong(2));
        assert_eq!(frame(b"\n\n\nOPT"), Frame::Pong(3), "all at once: each by itself would move the rest each time");
        assert_eq!(frame(b"\r\n\r"), Frame::Partial);
        assert_eq!(frame(HEAD), Frame::Partial);
        assert_eq!(frame(&[HEAD, b"abcOPT"].concat()), Frame::Message(HEAD.len() + 3));
    }

    #[test]
    fn lengths_that_cannot_be_trusted_end_the_stream() {
        let frame = |l: &str| next_frame(format!("A sip:a SIP/2.0\r\n{l}\r\n\r\n").as_bytes(), 200, 100);
        assert!(matches!(frame("X: y"), Frame::Unframed(_)));
        assert!(matches!(frame("l: -1"), Frame::Unframed(_)));
        assert!(matches!(frame("l: 1\r\nContent-Length: 2"), Frame::Unframed(_)));
        assert_eq!(frame("l: 101"), Frame::TooLong);
        assert_eq!(frame("l: 18446744073709551615"), Frame::TooLong);
        assert_eq!(next_frame(&[b'x'; 201], 200, 100), Frame::TooLong);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_and_never_overrun(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            match next_frame(&bytes, 100, 100) {
                Frame::Ping(n) | Frame::Pong(n) | Frame::Message(n) | Frame::Unframed(n) => proptest::prop_assert!(n > 0 && n <= bytes.len()),
                Frame::Partial | Frame::TooLong => {}
            }
        }
    }
}
