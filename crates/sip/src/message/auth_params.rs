//! The parameters of Authorization and WWW-Authenticate (RFC 7616 §3), read from the raw value.

use super::{params::split_commas, parse::is_token};

/// The parameters of one `Digest` value: names in lower case, quotes removed, escapes left alone.
#[derive(Clone, Default)]
pub(crate) struct AuthParams(Vec<(String, String)>);

impl AuthParams {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Whether the value names the scheme `Digest`.
pub(crate) fn is_digest(value: &[u8]) -> bool {
    let scheme = value.trim_ascii().split(u8::is_ascii_whitespace).next();
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"Digest"))
}

/// Reads `Digest name=value, …`; none when it is another scheme, malformed, or names a parameter twice.
pub(crate) fn parse_auth(value: &[u8]) -> Option<AuthParams> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let (scheme, rest) = text.split_once([' ', '\t'])?;
    if !scheme.eq_ignore_ascii_case("Digest") {
        return None;
    }
    let mut params: Vec<(String, String)> = Vec::new();
    for part in split_commas(rest.as_bytes())? {
        let part = std::str::from_utf8(part).ok()?.trim();
        if part.is_empty() {
            continue;
        }
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim_end().to_ascii_lowercase(), value.trim_start());
        let value = match value.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"')?,
            None => value,
        };
        if !is_token(&name) || params.iter().any(|(n, _)| *n == name) || params.len() >= 32 {
            return None;
        }
        params.push((name, value.to_owned()));
    }
    Some(AuthParams(params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_bare_values_are_read_as_written() {
        let p = parse_auth(br#"digest username="a,b", nc=0000000A,qop=auth , URI="sip:h;x=1""#).expect("digest");
        assert_eq!(
            (p.get("username"), p.get("nc"), p.get("uri"), p.get("realm")),
            (Some("a,b"), Some("0000000A"), Some("sip:h;x=1"), None)
        );
    }

    #[test]
    fn other_schemes_and_broken_ones_are_refused() {
        for bad in ["Basic abc", "Digest", "Digest a", "Digest a=\"b", "Digest a=1, a=2", "Digest =1"] {
            assert!(parse_auth(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(
            is_digest(b"digest") && is_digest(b" DIGEST\ta") && !is_digest(b"Basic abc") && !is_digest(b"Digestible x") && !is_digest(b"")
        );
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,120}") {
            let _ = parse_auth(format!("Digest {text}").as_bytes());
        }
    }
}
