//! SIP addresses (RFC 3261 §19.1), checked as far as a phone or a carrier can be reached by them.

use crate::Fault;
use std::net::Ipv6Addr;

/// Longest URI that is taken, in bytes.
pub const LONGEST: usize = 255;

/// A `sip:` or `sips:` URI with a host; the scheme in lower case, the rest as typed.
pub fn sip(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let (scheme, rest) = text.split_once(':').ok_or(Fault::SipUri)?;
    let scheme = scheme.to_ascii_lowercase();
    let clean = |s: &str| s.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&b));
    if !matches!(scheme.as_str(), "sip" | "sips") || text.len() > LONGEST || !clean(rest) {
        return Err(Fault::SipUri);
    }
    let (user, after) = match rest.rsplit_once('@') {
        Some((user, after)) => (Some(user), after),
        None => (None, rest),
    };
    if user.is_some_and(|user| user.is_empty() || user.contains('@')) {
        return Err(Fault::SipUri);
    }
    let end = after.find([';', '?']).unwrap_or(after.len());
    if host_and_port(&after[..end]) { Ok(format!("{scheme}:{rest}")) } else { Err(Fault::SipUri) }
}

fn host_and_port(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((inside, after)) = rest.split_once(']') else { return false };
        return inside.parse::<Ipv6Addr>().is_ok() && (after.is_empty() || after.strip_prefix(':').is_some_and(port));
    }
    match text.split_once(':') {
        Some((name, digits)) => host(name) && port(digits),
        None => host(text),
    }
}

fn host(name: &str) -> bool {
    !name.is_empty()
        && name.trim_end_matches('.').split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        })
}

fn port(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_a_carrier_can_have() {
        for good in [
            "sip:gw.example.net",
            "sips:1001@gw.example.net:5061;transport=tls",
            "sip:[2001:db8::1]:5060",
            "SIP:a@10.0.0.1",
            "sip:gw?Subject=x",
        ] {
            assert!(sip(good).is_ok(), "{good}");
        }
        assert_eq!(sip("SIP:a@b.c").unwrap(), "sip:a@b.c");
    }

    #[test]
    fn refuses_the_rest() {
        for bad in [
            "",
            "gw.example.net",
            "tel:+1223",
            "sip:",
            "sip:@host",
            "sip:a b@host",
            "sip:host:0",
            "sip:host:99999",
            "sip:[::1",
            "sip:<a@b>",
            "sip:-a.b",
            "sip:a..b",
        ] {
            assert!(sip(bad).is_err(), "{bad}");
        }
    }
}
