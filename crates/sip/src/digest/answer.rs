//! Our answer to a phone that challenges a NOTIFY (RFC 7616 §3.4).

use super::hash::{Algorithm, ha1_md5, ha1_sha256};
use crate::message::{Message, parse_auth};
use std::fmt::Write;

/// The header to send for the first challenge in `response` that can be answered: its name and value. None when no challenge can.
///
/// `cnonce` is ours and random: with one of the phone's choosing it could have hashes made for a table.
pub(crate) fn answer_challenge(
    response: &Message,
    (username, password): (&str, &str),
    (method, uri): (&str, &str),
    cnonce: &str,
) -> Option<(&'static str, String)> {
    let headers = [("www-authenticate", "Authorization"), ("proxy-authenticate", "Proxy-Authorization")];
    headers.into_iter().find_map(|(asked, answered)| {
        let value = response.all(asked).find_map(|value| one(value, username, password, method, uri, cnonce))?;
        Some((answered, value))
    })
}

fn one(challenge: &[u8], username: &str, password: &str, method: &str, uri: &str, cnonce: &str) -> Option<String> {
    let params = parse_auth(challenge)?;
    let algorithm = Algorithm::parse(params.get("algorithm"))?;
    let (realm, nonce) = (params.get("realm")?, params.get("nonce")?);
    let qop = params.get("qop").map(|q| q.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")));
    let too_long = [realm, nonce, params.get("opaque").unwrap_or("")].iter().any(|v| v.len() > 1024);
    if qop == Some(false) || too_long {
        return None;
    }
    let ha1 = match algorithm {
        Algorithm::Md5 => ha1_md5(username, realm, password).hex(),
        Algorithm::Sha256 => ha1_sha256(username, realm, password).hex(),
    };
    let count = qop.map(|_| ("00000001", cnonce));
    let response = algorithm.response(&ha1, nonce, count, method, uri);
    let mut value = format!(
        r#"Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}", algorithm={}"#,
        algorithm.name()
    );
    if let Some((nc, cnonce)) = count {
        write!(value, r#", qop=auth, nc={nc}, cnonce="{cnonce}""#).ok()?;
    }
    if let Some(opaque) = params.get("opaque") {
        write!(value, r#", opaque="{opaque}""#).ok()?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse;

    fn answer(challenges: &str) -> Option<(&'static str, String)> {
        let response = parse(format!("SIP/2.0 401 No\r\n{challenges}\r\n\r\n").as_bytes(), 4096).expect("SIP");
        answer_challenge(&response, ("1001", "secret1"), ("NOTIFY", "sip:1001@h"), "abc")
    }

    #[test]
    fn the_first_challenge_that_can_be_answered_is() {
        let (name, value) =
            answer("WWW-Authenticate: Digest realm=\"p\", nonce=\"n\", algorithm=SHA-512-256, qop=\"auth\"\r\nWWW-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth-int,auth\", opaque=\"o\"").expect("answer");
        assert_eq!(name, "Authorization");
        let response =
            Algorithm::Md5.response(&ha1_md5("1001", "p", "secret1").hex(), "n", Some(("00000001", "abc")), "NOTIFY", "sip:1001@h");
        assert!(value.contains(&format!("response=\"{response}\"")), "{value}");
        assert!(value.ends_with("algorithm=MD5, qop=auth, nc=00000001, cnonce=\"abc\", opaque=\"o\""));
        assert!(!value.contains("secret1"));
    }

    #[test]
    fn proxies_and_old_phones_without_qop_are_answered_too() {
        let (name, value) = answer("Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", algorithm=SHA-256").expect("answer");
        assert_eq!(name, "Proxy-Authorization");
        assert!(value.contains("algorithm=SHA-256") && !value.contains("qop"));
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        for challenge in [
            "X: y",
            "WWW-Authenticate: Basic realm=\"p\"",
            "WWW-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth-int\"",
            "WWW-Authenticate: Digest realm=\"p\"",
        ] {
            assert_eq!(answer(challenge), None, "{challenge}");
        }
    }
}
