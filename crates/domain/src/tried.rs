//! Tries that belong to no device, added up by where they came from: what a scanner leaves behind is a line, not a million.

use crate::{AccountId, Millis, RefusedBecause, few::Map, site};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, hash_map::Entry},
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// How many names of a source are kept, the newest ones.
const NAMES: usize = 5;
/// How many sources of an account wait to be written at most, beside the line of all the others.
const WAITING: usize = 1_000;

/// In the place of a source: all those that have no line of their own, because there are too many.
pub const OTHER_SOURCES: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// What one source tried in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// As [`site`] has it, or [`OTHER_SOURCES`].
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
pub struct Tries(HashMap<AccountId, HashMap<IpAddr, Tried>>);

impl Tries {
    /// Takes in one. Of a flood from more sources than can wait in its account the rest is counted together; other accounts' are kept.
    pub fn take(&mut self, account: AccountId, source: SocketAddr, username: &str, realm: &str, why: RefusedBecause, at: Millis) {
        self.add(account, Tried::once(site(source.ip()), username, realm, why, at));
    }

    fn add(&mut self, account: AccountId, mut new: Tried) {
        let own = self.0.entry(account).or_default();
        let lines = own.len() - usize::from(own.contains_key(&OTHER_SOURCES));
        if lines >= WAITING && !own.contains_key(&new.source) {
            new.source = OTHER_SOURCES;
        }
        match own.entry(new.source) {
            Entry::Occupied(mut known) => known.get_mut().add(&new),
            Entry::Vacant(place) => {
                place.insert(new);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_all(self) -> Vec<(AccountId, Tried)> {
        self.0.into_iter().flat_map(|(account, own)| own.into_values().map(move |tried| (account, tried))).collect()
    }

    /// Puts back what could not be written; what came meanwhile is newer.
    pub fn put_back(&mut self, old: Vec<(AccountId, Tried)>) {
        let newer = std::mem::take(self);
        for (account, tried) in old.into_iter().chain(newer.into_all()) {
            self.add(account, tried);
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
    fn sources_without_number_are_counted_together_and_take_no_other_account_s_place() {
        let (account, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let mut tries = Tries::default();
        let at = |host: u32| SocketAddr::from((host.to_be_bytes(), 1));
        for host in 1..=30_000u32 {
            tries.take(account, at(host), "x", "r", RefusedBecause::UnknownUser, 0);
        }
        tries.take(account, at(1), "x", "r", RefusedBecause::UnknownUser, 5);
        tries.take(other, at(40_000), "phone", "r", RefusedBecause::UnknownUser, 6);
        let of = |all: &[(AccountId, Tried)], account, source: IpAddr| {
            all.iter().find(|(of, tried)| *of == account && tried.source == source).map(|(_, tried)| tried.count)
        };
        let waiting = tries.into_all();
        assert_eq!(waiting.len(), WAITING + 2);
        assert_eq!(of(&waiting, account, at(1).ip()), Some(2));
        assert_eq!(of(&waiting, account, OTHER_SOURCES), Some(30_000 - WAITING as u64), "none goes uncounted");
        assert_eq!(of(&waiting, other, at(40_000).ip()), Some(1));
        // What could not be written stays within the bound too.
        let mut later = Tries::default();
        for host in 50_000..50_010 {
            later.take(account, at(host), "y", "r", RefusedBecause::UnknownUser, 9);
        }
        later.take(account, at(1), "y", "r", RefusedBecause::UnknownUser, 9);
        later.put_back(waiting);
        let all = later.into_all();
        assert_eq!((all.len(), of(&all, account, at(1).ip())), (WAITING + 2, Some(3)));
        assert_eq!(of(&all, account, OTHER_SOURCES), Some(30_010 - WAITING as u64));
        let one = all.iter().find(|(_, t)| t.source == at(1).ip()).unwrap();
        assert_eq!((one.1.last, one.1.names[0].as_str()), (9, "y@r"));
    }
}
