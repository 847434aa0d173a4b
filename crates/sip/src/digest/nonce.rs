//! Nonces that carry their own proof: an HMAC over time, realm and source address, its key new at each start.
//!
//! Digest does not cover the Contact, so a captured answer must not be usable from elsewhere: hence the source. The port is left out, because a
//! NAT may change it between two REGISTERs. What is remembered is only the highest `nc` of each nonce that was used; when that memory is
//! full the oldest is forgotten and every nonce as old counts as stale, so that forgetting never allows a replay.

use domain::Millis;
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use subtle::ConstantTimeEq;

/// What a presented nonce turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NonceState {
    /// Ours, for this realm and source, and young enough.
    Valid(NonceId),
    /// Too old, of an earlier run, or no nonce of ours at all: a fresh one with `stale=true` puts it right.
    Stale,
    /// The same on the wire, but as far as its name goes it was made a moment ago by this run: for another source (or realm).
    Elsewhere,
}

/// What the `nc` of an answer that was right says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// The nonce was not used before: a challenge went ahead.
    First,
    /// It rises.
    Rises,
    /// It does not: a replay, or a phone that does not count.
    Repeats,
}

/// Names one nonce.
pub(crate) type NonceId = (Millis, u32);

pub(crate) struct Nonces {
    key: [u8; 32],
    /// When this run began.
    began: Millis,
    salt: AtomicU32,
    life: Millis,
    capacity: usize,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    highest: BTreeMap<NonceId, u32>,
    /// Nonces made up to here and not in `highest` may have been used and forgotten.
    forgotten: Millis,
}

impl Nonces {
    pub fn new(key: [u8; 32], began: Millis, life: Millis, capacity: usize) -> Self {
        Self { key, began, salt: AtomicU32::new(0), life, capacity, used: Mutex::default() }
    }

    pub fn fresh(&self, now: Millis, realm: &str, source: IpAddr) -> String {
        let salt = self.salt.fetch_add(1, Ordering::Relaxed);
        format!("{now:016x}{salt:08x}{}", hex::encode(self.proof((now, salt), realm, source)))
    }

    pub fn check(&self, nonce: &str, now: Millis, realm: &str, source: IpAddr) -> NonceState {
        let Some((id, proof)) = read(nonce) else { return NonceState::Stale };
        let genuine: bool = self.proof(id, realm, source).ct_eq(&proof).into();
        let young = (0..self.life).contains(&now.saturating_sub(id.0));
        let used = self.used.lock();
        let remembered = id.0 > used.forgotten || used.highest.contains_key(&id);
        let of_this_run = id.0 >= self.began && id.1 < self.salt.load(Ordering::Relaxed);
        match genuine {
            true if young && remembered => NonceState::Valid(id),
            false if young && of_this_run => NonceState::Elsewhere,
            _ => NonceState::Stale,
        }
    }

    /// Takes the `nc` of an answer that was right.
    pub fn count(&self, id: NonceId, nc: u32, now: Millis) -> Count {
        let mut used = self.used.lock();
        let (old, live) = (now.saturating_sub(self.life), used.highest.len());
        if live >= self.capacity {
            used.highest = used.highest.split_off(&(old, 0));
            while used.highest.len() >= self.capacity {
                let Some(((made, _), _)) = used.highest.pop_first() else { break };
                used.forgotten = used.forgotten.max(made);
            }
        }
        if id.0 <= used.forgotten && !used.highest.contains_key(&id) {
            return Count::Repeats;
        }
        let before = used.highest.get(&id).copied();
        if nc <= before.unwrap_or(0) {
            return Count::Repeats;
        }
        used.highest.insert(id, nc);
        if before.is_none() { Count::First } else { Count::Rises }
    }

    fn proof(&self, id: NonceId, realm: &str, source: IpAddr) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(format!("{:016x}{:08x}\0{realm}\0{}", id.0, id.1, source.to_canonical()).as_bytes());
        let mut proof = [0; 16];
        proof.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        proof
    }
}

fn read(nonce: &str) -> Option<(NonceId, [u8; 16])> {
    let (made, salt, proof) = (nonce.get(..16)?, nonce.get(16..24)?, nonce.get(24..)?);
    let mut bytes = [0; 16];
    hex::decode_to_slice(proof, &mut bytes).ok()?;
    Some(((Millis::from_str_radix(made, 16).ok()?, u32::from_str_radix(salt, 16).ok()?), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Millis = 300_000;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    fn valid(nonces: &Nonces, nonce: &str, now: Millis, realm: &str, source: &str) -> Option<NonceId> {
        match nonces.check(nonce, now, realm, ip(source)) {
            NonceState::Valid(id) => Some(id),
            NonceState::Stale | NonceState::Elsewhere => None,
        }
    }

    #[test]
    fn a_nonce_is_good_for_its_realm_source_time_and_run_only() {
        let nonces = Nonces::new([1; 32], 0, LIFE, 10);
        let nonce = nonces.fresh(1_000, "a", ip("10.0.0.1"));
        assert!(valid(&nonces, &nonce, 1_000, "a", "10.0.0.1").is_some());
        assert!(valid(&nonces, &nonce, 1_000, "a", "::ffff:10.0.0.1").is_some());
        assert!(valid(&nonces, &nonce, 1_000 + LIFE - 1, "a", "10.0.0.1").is_some());
        assert!(valid(&nonces, &nonce, 1_000 + LIFE, "a", "10.0.0.1").is_none());
        assert!(valid(&nonces, &nonce, 999, "a", "10.0.0.1").is_none());
        assert!(valid(&nonces, &nonce, 1_000, "b", "10.0.0.1").is_none());
        assert!(valid(&nonces, &nonce, 1_000, "a", "10.0.0.2").is_none());
        assert!(valid(&Nonces::new([2; 32], 0, LIFE, 10), &nonce, 1_000, "a", "10.0.0.1").is_none());
        for bad in ["", "x", "0000", &nonce[1..], &format!("{nonce}0"), "ünïcödé-ünïcödé-ünïcödé-ünïcödé"] {
            assert!(valid(&nonces, bad, 1_000, "a", "10.0.0.1").is_none());
        }
    }

    #[test]
    fn a_nonce_that_another_source_was_given_is_told_apart_from_an_old_one() {
        let nonces = Nonces::new([1; 32], 1_000, LIFE, 10);
        let nonce = nonces.fresh(1_000, "a", ip("10.0.0.1"));
        let there = |nonces: &Nonces, now| nonces.check(&nonce, now, "a", ip("10.0.0.2"));
        assert_eq!(there(&nonces, 1_001), NonceState::Elsewhere);
        assert_eq!(there(&nonces, 1_000 + LIFE), NonceState::Stale);
        assert_eq!(there(&Nonces::new([2; 32], 1_001, LIFE, 10), 1_001), NonceState::Stale, "of an earlier run");
        assert_eq!(nonces.check("abc", 1_001, "a", ip("10.0.0.2")), NonceState::Stale);
    }

    #[test]
    fn nc_must_rise_but_may_leap() {
        let nonces = Nonces::new([1; 32], 0, LIFE, 10);
        let id = (1, 1);
        let counts = [1, 1, 0x100, 0xff, 0x101].map(|nc| nonces.count(id, nc, 1));
        assert_eq!(counts, [Count::First, Count::Repeats, Count::Rises, Count::Repeats, Count::Rises]);
        assert_eq!(nonces.count((1, 2), 0, 1), Count::Repeats, "it begins with 1");
    }

    #[test]
    fn forgetting_never_allows_a_replay() {
        let nonces = Nonces::new([1; 32], 0, LIFE, 2);
        let first = nonces.fresh(1, "a", ip("10.0.0.1"));
        let id = valid(&nonces, &first, 1, "a", "10.0.0.1").expect("valid");
        assert_eq!(nonces.count(id, 1, 1), Count::First);
        for made in 2..6 {
            let nonce = nonces.fresh(made, "a", ip("10.0.0.1"));
            let id = valid(&nonces, &nonce, made, "a", "10.0.0.1").expect("valid");
            assert_eq!(nonces.count(id, 1, made), Count::First);
        }
        assert!(valid(&nonces, &first, 6, "a", "10.0.0.1").is_none());
        assert_eq!(nonces.count(id, 1, 6), Count::Repeats);
        assert!(nonces.used.lock().highest.len() <= 2);
    }
}
