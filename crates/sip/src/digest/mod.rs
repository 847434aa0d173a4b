//! Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760), both sides: what phones answer us, and what we answer phones.
//!
//! `nc` and `cnonce` go into the hash as the literal text that was sent, never as numbers printed anew.

mod answer;
mod hash;
mod nonce;

pub(crate) use answer::answer_challenge;
pub(crate) use hash::{Algorithm, matches};
pub use hash::{Ha1Md5, Ha1Sha256, ha1_md5, ha1_sha256};
pub(crate) use nonce::{Count, NonceState, Nonces};
