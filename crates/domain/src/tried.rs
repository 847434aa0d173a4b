//! Tries that belong to no device, added up by where they came from: what a scanner leaves behind is a line, not a million.

use crate::{AccountId, Millis, RefusedBecause, few::Map, site};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
};

/// How many names of a source are kept, the newest ones.
const NAMES: usize = 5;
/// How many sources wait to be written at most.
const WAITING: usize = 10_000;

/// What one source tried in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// As [`site`] has it.
    pub source: IpAddr,
    pub first: Millis,
    pub last: Millis,
    pub count: u64,
    /// `username@realm` of the newest tries, the newest first; each once.
    pub names: Vec<String>,
    /// How often for which reason.
    pub why: Map<RefusedBecause, u64>,
}

impl Tried {
    /// One try.
    pub fn once(source: IpAddr, username: &str, realm: &str, why: RefusedBecause, at: Millis) -> Self {
        Self { source, first: at, last: at, count: 1, names: vec![[username, "@", realm].concat()], why: Map::from([(why, 1)]) }
    }

    /// Adds what came later from the same source.
    pub fn add(&mut self, later: &Self) {
        self.first = self.first.min(later.first);
        self.last = self.last.max(later.last);
        self.count = self.count.saturating_add(later.count);
        for (why, n) in &later.why {
            let so_far = self.why.get(why).copied().unwrap_or_default();
            self.why.insert(*why, so_far.saturating_add(*n));
        }
        let mut names = later.names.clone();
        names.extend(std::mem::take(&mut self.names).into_iter().filter(|name| !later.names.contains(name)));
        names.truncate(NAMES);
        self.names = names;
    }
}

/// Tries that wait to be written.
#[derive(Clone, Debug, Default)]
pub struct Tries(HashMap<(AccountId, IpAddr), Tried>);

impl Tries {
    /// Takes in one. A flood from more sources than can wait is cut off: what is kept stays right, only the rest is missing.
    pub fn take(&mut self, account: AccountId, source: SocketAddr, username: &str, realm: &str, why: RefusedBecause, at: Millis) {
        let source = site(source.ip());
        let new = Tried::once(source, username, realm, why, at);
        let full = self.0.len() >= WAITING;
        match self.0.get_mut(&(account, source)) {
            Some(tried) => tried.add(&new),
            None if full => {}
            None => {
                self.0.insert((account, source), new);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_all(self) -> Vec<(AccountId, Tried)> {
        self.0.into_iter().map(|((account, _), tried)| (account, tried)).collect()
    }

    /// Puts back what could not be written; what came meanwhile is newer.
    pub fn put_back(&mut self, old: Vec<(AccountId, Tried)>) {
        for (account, mut tried) in old {
            let key = (account, tried.source);
            if let Some(newer) = self.0.remove(&key) {
                tried.add(&newer);
            }
            self.0.insert(key, tried);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_source_is_one_line_however_often_it_tries() {
        let account = AccountId(Uuid::from_u128(1));
        let mut tries = Tries::default();
        for n in 0..1000 {
            let (user, why) =
                if n % 10 == 0 { ("admin".into(), RefusedBecause::UnknownRealm) } else { (n.to_string(), RefusedBecause::UnknownUser) };
            tries.take(account, ([192, 0, 2, 9], 5060 + n).into(), &user, "a.example.net", why, i64::from(n));
        }
        tries.take(account, ([192, 0, 2, 10], 5060).into(), "x", "a.example.net", RefusedBecause::UnknownUser, 7);
        let mut all = tries.into_all();
        all.sort_by_key(|(_, tried)| tried.source);
        let tried = &all[0].1;
        assert_eq!((all.len(), tried.count, tried.first, tried.last), (2, 1000, 0, 999));
        assert_eq!(tried.names, ["999@a.example.net", "998@a.example.net", "997@a.example.net", "996@a.example.net", "995@a.example.net"]);
        assert_eq!((tried.why.get(&RefusedBecause::UnknownUser), tried.why.get(&RefusedBecause::UnknownRealm)), (Some(&900), Some(&100)));
    }

    #[test]
    fn an_ipv6_network_is_one_line() {
        let mut tries = Tries::default();
        for host in 0..9u16 {
            let source = SocketAddr::from(([0x2001, 0xdb8, 1, 2, 0, 0, 0, host], 5060));
            tries.take(AccountId(Uuid::from_u128(1)), source, "x", "r", RefusedBecause::UnknownUser, 0);
        }
        let all = tries.into_all();
        assert_eq!(all.iter().map(|(_, t)| (t.source.to_string(), t.count)).collect::<Vec<_>>(), [("2001:db8:1:2::".to_owned(), 9)]);
    }

    #[test]
    fn sources_without_number_are_bounded_and_those_known_still_count() {
        let account = AccountId(Uuid::from_u128(1));
        let mut tries = Tries::default();
        for n in 0..30_000u32 {
            tries.take(account, SocketAddr::from((n.to_be_bytes(), 1)), "x", "r", RefusedBecause::UnknownUser, 0);
        }
        tries.take(account, ([0, 0, 0, 1], 1).into(), "x", "r", RefusedBecause::UnknownUser, 5);
        let waiting = tries.clone().into_all();
        assert_eq!(waiting.len(), WAITING);
        assert_eq!(waiting.iter().map(|(_, t)| t.count).max(), Some(2));
        let mut later = Tries::default();
        later.take(account, ([0, 0, 0, 1], 1).into(), "y", "r", RefusedBecause::UnknownUser, 9);
        later.put_back(waiting);
        let all = later.into_all();
        let one = all.iter().find(|(_, t)| t.source == IpAddr::from([0, 0, 0, 1])).unwrap();
        assert_eq!((one.1.count, one.1.last, one.1.names[0].as_str()), (3, 9, "y@r"));
    }
}
