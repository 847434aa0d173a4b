//! Digest authentication with MD5 (RFC 2617, RFC 3261 §22): answering a challenge, and checking an answer to our own.

use crate::message::split_unquoted;
use md5::{Digest as _, Md5};
use secrecy::{ExposeSecret, SecretString};

/// `n` random bytes in hexadecimal digits.
pub fn random(n: usize) -> String {
    let mut bytes = vec![0; n];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    hex::encode(bytes)
}

fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text.as_bytes()))
}

/// The value of a parameter, without its quotes.
pub fn param<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let list = header.trim().split_once(' ')?.1;
    split_unquoted(list, ',').into_iter().find_map(|p| {
        let (n, v) = p.split_once('=')?;
        n.trim().eq_ignore_ascii_case(name).then(|| v.trim().trim_matches('"'))
    })
}

/// What a server wants.
#[derive(Clone, Debug)]
pub struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    qop: bool,
    pub stale: bool,
}

impl Challenge {
    /// None for another scheme or algorithm than Digest with MD5.
    pub fn parse(header: &str) -> Option<Self> {
        if !header.get(..7)?.eq_ignore_ascii_case("digest ") || param(header, "algorithm").is_some_and(|a| !a.eq_ignore_ascii_case("md5")) {
            return None;
        }
        Some(Self {
            realm: param(header, "realm")?.into(),
            nonce: param(header, "nonce")?.into(),
            opaque: param(header, "opaque").map(Into::into),
            qop: param(header, "qop").is_some_and(|q| q.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth"))),
            stale: param(header, "stale").is_some_and(|s| s.eq_ignore_ascii_case("true")),
        })
    }

    /// The credentials for a request; `count` is how often this nonce was used, this time included.
    pub fn answer(&self, username: &str, password: &SecretString, method: &str, uri: &str, count: u32) -> String {
        let Self { realm, nonce, .. } = self;
        let (nc, cnonce) = (format!("{count:08x}"), random(8));
        let qop = self.qop.then_some(Qop { nc: &nc, cnonce: &cnonce });
        let response = response(username, realm, password, method, uri, nonce, qop);
        let qop = if self.qop { format!(r#", qop=auth, nc={nc}, cnonce="{cnonce}""#) } else { String::new() };
        let opaque = self.opaque.as_ref().map_or_else(String::new, |o| format!(r#", opaque="{o}""#));
        format!(
            r#"Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}", algorithm=MD5{qop}{opaque}"#
        )
    }
}

#[derive(Clone, Copy)]
struct Qop<'a> {
    nc: &'a str,
    cnonce: &'a str,
}

fn response(username: &str, realm: &str, password: &SecretString, method: &str, uri: &str, nonce: &str, qop: Option<Qop<'_>>) -> String {
    let ha1 = md5(&format!("{username}:{realm}:{}", password.expose_secret()));
    let ha2 = md5(&format!("{method}:{uri}"));
    match qop {
        Some(Qop { nc, cnonce }) => md5(&format!("{ha1}:{nonce}:{nc}:{cnonce}:auth:{ha2}")),
        None => md5(&format!("{ha1}:{nonce}:{ha2}")),
    }
}

/// Whether `credentials` (the value of Authorization) answer our challenge with `realm` and `nonce`.
pub fn right(credentials: &str, username: &str, realm: &str, password: &SecretString, method: &str, nonce: &str) -> bool {
    let get = |name| param(credentials, name).unwrap_or_default();
    let qop = param(credentials, "qop").map(|_| Qop { nc: get("nc"), cnonce: get("cnonce") });
    get("username") == username
        && get("realm") == realm
        && get("nonce") == nonce
        && get("response") == response(username, realm, password, method, get("uri"), nonce, qop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_2617() {
        let header = r#"Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
            uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc""#;
        let check =
            |password: &str| right(header, "Mufasa", "testrealm@host.com", &password.into(), "GET", "dcd98b7102dd2f0e8b11d0f600bfb0c093");
        assert!(check("Circle Of Life"));
        assert!(!check("Circle of Life"));
    }

    #[test]
    fn chooses_what_it_can() {
        assert!(Challenge::parse(r#"Digest realm="a", nonce="b", algorithm=SHA-256"#).is_none());
        assert!(Challenge::parse(r#"Basic realm="a""#).is_none());
        let c = Challenge::parse(r#"Digest realm="a, b", nonce="n", qop="auth,auth-int", stale=TRUE, opaque="o""#).unwrap();
        assert_eq!((c.realm.as_str(), c.qop, c.stale), ("a, b", true, true));
        let answer = c.answer("u", &"p".into(), "REGISTER", "sip:a", 10);
        assert!(answer.contains("nc=0000000a") && answer.contains(r#"opaque="o""#));
        assert!(right(&answer, "u", "a, b", &"p".into(), "REGISTER", "n"));
    }
}
