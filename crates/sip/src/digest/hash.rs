//! The hashes, and HA1 as types that never print themselves.

use md5::{Digest, Md5};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;

/// `MD5(username:realm:password)`. As good as the password itself within its realm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ha1Md5([u8; 16]);

/// `SHA-256(username:realm:password)`. As good as the password itself within its realm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ha1Sha256([u8; 32]);

impl fmt::Debug for Ha1Md5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Debug for Ha1Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// HA1 for the algorithm `MD5`; realm in lower case, as the challenge names it.
pub fn ha1_md5(username: &str, realm: &str, password: &str) -> Ha1Md5 {
    Ha1Md5(Md5::digest(format!("{username}:{realm}:{password}")).into())
}

/// HA1 for the algorithm `SHA-256`; realm in lower case, as the challenge names it.
pub fn ha1_sha256(username: &str, realm: &str, password: &str) -> Ha1Sha256 {
    Ha1Sha256(Sha256::digest(format!("{username}:{realm}:{password}")).into())
}

impl Ha1Md5 {
    pub(crate) fn hex(self) -> String {
        hex::encode(self.0)
    }
}

impl Ha1Sha256 {
    pub(crate) fn hex(self) -> String {
        hex::encode(self.0)
    }
}

/// The algorithms that are spoken here, with their names as RFC 8760 spells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// An absent algorithm is MD5 (RFC 7616 §3.3).
    pub fn parse(name: Option<&str>) -> Option<Self> {
        let name = name.unwrap_or("MD5");
        [Self::Md5, Self::Sha256].into_iter().find(|a| a.name().eq_ignore_ascii_case(name))
    }

    /// The hash in lower-case hex.
    pub fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => hex::encode(Md5::digest(text)),
            Self::Sha256 => hex::encode(Sha256::digest(text)),
        }
    }

    /// `response` of RFC 7616 §3.4.1; without `qop` that of RFC 2069. `qop` is (nc, cnonce), as written.
    pub fn response(self, ha1: &str, nonce: &str, qop: Option<(&str, &str)>, method: &str, uri: &str) -> String {
        let ha2 = self.hash(&format!("{method}:{uri}"));
        match qop {
            Some((nc, cnonce)) => self.hash(&format!("{ha1}:{nonce}:{nc}:{cnonce}:auth:{ha2}")),
            None => self.hash(&format!("{ha1}:{nonce}:{ha2}")),
        }
    }
}

/// Compares two hex texts in constant time, without regard to case.
pub(super) fn same_hex(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Whether `given` is the right response.
pub(crate) fn matches(expected: &str, given: &str) -> bool {
    same_hex(expected, given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_7616_come_out() {
        let qop = Some(("00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"));
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let md5 = ha1_md5("Mufasa", "http-auth@example.org", "Circle of Life").hex();
        assert_eq!(Algorithm::Md5.response(&md5, nonce, qop, "GET", "/dir/index.html"), "8ca523f5e9506fed4657c9700eebdbec");
        let sha = ha1_sha256("Mufasa", "http-auth@example.org", "Circle of Life").hex();
        let response = Algorithm::Sha256.response(&sha, nonce, qop, "GET", "/dir/index.html");
        assert_eq!(response, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    #[test]
    fn comparing_ignores_case_and_refuses_other_lengths() {
        assert!(matches("00af", "00AF"));
        assert!(!matches("00af", "00a"));
        assert!(!matches("00af", "00ae"));
    }

    #[test]
    fn a_hash_as_good_as_a_password_is_not_printed() {
        assert_eq!(format!("{:?} {:?}", ha1_md5("a", "b", "c"), ha1_sha256("a", "b", "c")), "… …");
    }
}
