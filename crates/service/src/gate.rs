//! Slows wrong tries at names, codes and links. A browser where the operator signed in before waits for its own tries only: what others
//! try, from the same address too, can't lock its operator out (OWASP, "Slow down online guessing attacks with device cookies").

use crate::{
    Service,
    entry::Token,
    failure::{Stored, failed},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::throttle::{Pace, Quota, Throttle};
use domain::{AccountId, MINUTE, Millis, OperatorId, Problem, SECOND, rules::text::folded};
use std::net::{IpAddr, Ipv6Addr};

/// Who knocks: from where, and with which token of [`crate::Entered::known`].
#[derive(Clone)]
pub struct Knock {
    pub address: IpAddr,
    pub known: Option<String>,
}

impl From<IpAddr> for Knock {
    fn from(address: IpAddr) -> Self {
        Self { address, known: None }
    }
}

/// Whose tries are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    /// One network of a customer: an IPv4 address, or the /64 of an IPv6 one.
    Network(IpAddr),
    /// A browser where the operator signed in before.
    Browser([u8; NONCE]),
}

/// Random bytes of a known browser's token.
const NONCE: usize = 16;

/// A name that is tried, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Trier {
    name: String,
    who: Who,
}

/// The tries. Never by name alone: others' tries can't lock anybody out.
pub(crate) struct Gate {
    names: Throttle<Trier>,
    addresses: Throttle<IpAddr>,
    /// Looks at stored passwords, and tries at one's own.
    pub looks: Quota<OperatorId>,
    /// Refused requests that are recorded: one a minute of each kind, so that nobody fills the history.
    pub refusals: Quota<(AccountId, OperatorId, &'static str)>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            names: Throttle::new(Pace::NAME),
            addresses: Throttle::new(Pace::ADDRESS),
            looks: Quota::new(60, MINUTE),
            refusals: Quota::new(1, MINUTE),
        }
    }
}

fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from(u128::from(v6) >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Service {
    pub(crate) fn trier(&self, knock: &Knock, name: &str) -> Trier {
        let name = folded(name);
        let browser = knock.known.as_deref().and_then(|token| self.browser(token, &name));
        Trier { name, who: browser.map_or_else(|| Who::Network(network(knock.address)), Who::Browser) }
    }

    /// Refuses while the caller must wait.
    pub(crate) fn may_try(&self, trier: &Trier) -> Result<(), Problem> {
        let now = self.now();
        let gate = self.inner.gate.lock();
        let by_address = match &trier.who {
            Who::Network(ip) => gate.addresses.wait(ip, now),
            Who::Browser(_) => 0,
        };
        let wait = gate.names.wait(trier, now).max(by_address);
        if wait == 0 { Ok(()) } else { Err(slow_down(wait)) }
    }

    pub(crate) fn tried(&self, trier: &Trier, right: bool) {
        let now = self.now();
        let mut gate = self.inner.gate.lock();
        if right {
            gate.names.right(trier);
        } else {
            gate.names.wrong(trier.clone(), now);
        }
        if let Who::Network(ip) = trier.who {
            if right {
                gate.addresses.forgive(&ip);
            } else {
                gate.addresses.wrong(ip, now);
            }
        }
    }

    /// A token that tells a browser of the operator `name`: key id, random bytes and their keyed hash with the name.
    pub(crate) fn known_browser(&self, name: &str) -> Result<Token, Problem> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(failed)?;
        let (key, hash) = self.inner.store.read().keyed_hash(&payload(&folded(name), &nonce)).or_fail()?;
        let bytes = [&key.to_be_bytes(), nonce.as_slice(), &hash].concat();
        Ok(Token(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The browser of a token, if we gave it out for this name. A key that is no more makes it an unknown one.
    fn browser(&self, token: &str, name: &str) -> Option<[u8; NONCE]> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (key, rest) = bytes.split_first_chunk()?;
        let (nonce, hash) = rest.split_first_chunk::<NONCE>()?;
        self.inner.store.read().is_keyed_hash(u32::from_be_bytes(*key), &payload(name, nonce), hash).then_some(*nonce)
    }
}

fn payload(name: &str, nonce: &[u8; NONCE]) -> Vec<u8> {
    [b"known browser\0", nonce.as_slice(), name.as_bytes()].concat()
}

pub(crate) fn slow_down(wait: Millis) -> Problem {
    Problem::SlowDown { seconds: ((wait + SECOND - 1) / SECOND) as u32 }
}
