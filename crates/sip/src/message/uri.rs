//! SIP URIs as far as a registrar looks into them (RFC 3261 §19.1).

/// The parts of a `sip:` or `sips:` URI. Parameters and headers are only checked to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SipUri {
    /// Still escaped, without a password.
    pub user: Option<String>,
    /// Lower case; an IPv6 address without its brackets.
    pub host: String,
    pub port: Option<u16>,
}

/// Why a URI was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UriFault {
    /// A scheme that is neither `sip` nor `sips`.
    Scheme,
    Malformed,
}

pub(crate) fn parse_uri(text: &str) -> Result<SipUri, UriFault> {
    let (scheme, rest) = text.split_once(':').ok_or(UriFault::Malformed)?;
    if !scheme.eq_ignore_ascii_case("sip") && !scheme.eq_ignore_ascii_case("sips") {
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        return Err(if named { UriFault::Scheme } else { UriFault::Malformed });
    }
    if !rest.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b)) {
        return Err(UriFault::Malformed);
    }
    // `;` and `?` may stand in the user part, `@` nowhere but after it.
    let (user, rest) = rest.split_once('@').map_or((None, rest), |(user, rest)| (Some(user), rest));
    let end = rest.find([';', '?']).unwrap_or(rest.len());
    let (host, port) = host_port(&rest[..end]).ok_or(UriFault::Malformed)?;
    let user = user.map(|u| u.split(':').next().unwrap_or_default().to_owned());
    if user.as_ref().is_some_and(String::is_empty) || rest[end..].contains('@') {
        return Err(UriFault::Malformed);
    }
    Ok(SipUri { user, host, port })
}

/// The URI up to its `?headers`; a `?` in the user part is none.
pub(crate) fn without_headers(uri: &str) -> &str {
    let host = uri.find('@').unwrap_or(0);
    uri[host..].find('?').map_or(uri, |at| &uri[..host + at])
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`.
pub(crate) fn host_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
    } else {
        text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
    };
    let named = text.starts_with('[') || (!host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)));
    let port = match port {
        None => None,
        Some(port) => Some(port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse::<u16>().ok())??),
    };
    (named && host.len() <= 253).then(|| (host.to_ascii_lowercase(), port))
}

/// `%41` becomes `A`; broken escapes stay as they are.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (bytes[at], hex(at + 1), hex(at + 2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        let uri = parse_uri("SIP:a;b?c:pw@Sip.Example:5070;transport=tcp?x=y").expect("uri");
        assert_eq!((uri.user.as_deref(), uri.host.as_str(), uri.port), (Some("a;b?c"), "sip.example", Some(5070)));
        assert_eq!(parse_uri("sips:[2001:DB8::1]:5061").expect("uri").host, "2001:db8::1");
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        for (text, fault) in [
            ("tel:123", UriFault::Scheme),
            ("nobodyKnowsThisScheme:opaque", UriFault::Scheme),
            ("<sip:a@b>", UriFault::Malformed),
            ("sip:", UriFault::Malformed),
            ("sip:@h", UriFault::Malformed),
            ("sip:a@h:99999", UriFault::Malformed),
            ("sip:a@h:", UriFault::Malformed),
            ("sip:a@b@c", UriFault::Malformed),
            ("sip:a b@c", UriFault::Malformed),
            ("sip:a@[::1", UriFault::Malformed),
            ("nothing", UriFault::Malformed),
        ] {
            assert_eq!(parse_uri(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn headers_are_told_from_a_user_with_a_question_mark() {
        for (uri, bare) in [("sip:a?b@h;x?c=d", "sip:a?b@h;x"), ("sip:h?c=d", "sip:h"), ("sip:a?b@h", "sip:a?b@h")] {
            assert_eq!(without_headers(uri), bare);
        }
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(percent_decode("j%40s%6Fn%"), "j@son%");
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,80}") {
            let _ = (parse_uri(&text), parse_uri(&format!("sip:{text}")), percent_decode(&text), host_port(&text));
        }
    }
}
