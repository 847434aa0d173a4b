//! `name-addr` and `addr-spec` of From, To and Contact (RFC 3261 §20.10), the URI kept byte for byte.

use super::params::{Param, parse_params, split_commas};

/// One address with the parameters of its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// What stands between `<` and `>`, or the bare addr-spec.
    pub uri: String,
    pub params: Vec<Param>,
}

impl Address {
    /// The value of a parameter as written; an empty text for a flag.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_deref().unwrap_or(""))
    }
}

/// Reads a list such as the value of one Contact header; none when anything in it is malformed.
pub(crate) fn parse_address_list(bytes: &[u8]) -> Option<Vec<Address>> {
    split_commas(bytes)?.into_iter().map(parse_address).collect()
}

/// Reads exactly one address.
pub(crate) fn parse_address(bytes: &[u8]) -> Option<Address> {
    let bytes = bytes.trim_ascii();
    let (uri, rest) = if let Some(open) = opening_bracket(bytes)? {
        display_name(bytes[..open].trim_ascii())?;
        let close = open + bytes[open..].iter().position(|b| *b == b'>')?;
        (&bytes[open + 1..close], &bytes[close + 1..])
    } else {
        let end = bytes.iter().position(|b| *b == b';').unwrap_or(bytes.len());
        // Without brackets a `?` or `,` would be ambiguous (RFC 3261 §20.10).
        if bytes[..end].iter().any(|b| matches!(b, b'?' | b',')) {
            return None;
        }
        (bytes[..end].trim_ascii_end(), &bytes[end..])
    };
    let clean = !uri.is_empty() && uri.iter().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"'));
    let uri = clean.then(|| String::from_utf8_lossy(uri).into_owned())?;
    Some(Address { uri, params: parse_params(rest)? })
}

/// The first `<` outside a quoted string; the outer none is an open quote.
#[expect(clippy::option_option, reason = "malformed, absent and present are three answers")]
fn opening_bracket(bytes: &[u8]) -> Option<Option<usize>> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'<' if !quoted => return Some(Some(at)),
            b';' if !quoted => return Some(None),
            _ => {}
        }
    }
    (!quoted).then_some(None)
}

/// A quoted string, or words; any encoding. Some real phones write more than tokens, so words are not checked further.
fn display_name(bytes: &[u8]) -> Option<()> {
    let quoted = bytes.first() == Some(&b'"');
    let ok = if quoted { bytes.len() >= 2 && bytes.last() == Some(&b'"') } else { !bytes.iter().any(|b| matches!(b, b'>' | b'"')) };
    ok.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_keep_every_byte_of_the_uri() {
        let list =
            parse_address_list(br#""A \" <x>, y" <sip:a@h:5060;transport=udp?X=%20y>;expires=60;q=0.5, sip:b@h;expires=0, <sips:c@[::1]>"#)
                .expect("list");
        assert_eq!(list[0].uri, "sip:a@h:5060;transport=udp?X=%20y");
        assert_eq!((list[0].param("expires"), list[0].param("q")), (Some("60"), Some("0.5")));
        assert_eq!((list[1].uri.as_str(), list[1].param("expires")), ("sip:b@h", Some("0")));
        assert_eq!(list[2].uri, "sips:c@[::1]");
    }

    #[test]
    fn display_names_may_be_any_bytes() {
        assert_eq!(parse_address(b"\"\xe9ric\" <sip:a@h>;tag=1").expect("address").uri, "sip:a@h");
        assert_eq!(parse_address(b"Eric B. <sip:a@h>").expect("address").uri, "sip:a@h");
    }

    #[test]
    fn what_is_ambiguous_or_open_is_refused() {
        for bad in [
            "sip:a@h?Route=%3Csip:x%3E",
            "\"a <sip:a@h>",
            "<sip:a@h",
            "< sip:a@h >",
            "<>",
            "",
            "<sip:a\u{e9}@h>",
            "<sip:a@h> x",
            "<sip:a@h>;=1",
            "a\"b\" <sip:a@h>",
        ] {
            assert_eq!(parse_address(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_uri_comes_back_as_written(user in "[a-z0-9!~*'()&=+$;?/%-]{1,20}", port in 1u16.., name in "[^\"\\\\\\x00-\\x1f]{0,12}") {
            let uri = format!("sip:{user}@10.1.2.3:{port};transport=tcp;x");
            let text = format!("\"{name}\" <{uri}>;expires=99, <sip:z@h>");
            let list = parse_address_list(text.as_bytes()).expect("well formed");
            proptest::prop_assert_eq!(&list[0].uri, &uri);
            proptest::prop_assert_eq!(list.len(), 2);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse_address_list(&bytes);
        }
    }
}
