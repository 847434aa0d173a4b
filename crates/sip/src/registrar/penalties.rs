//! Slows whoever guesses: failures that echo a valid nonce are counted by source and username together.
//!
//! Never by username alone: a stranger could shut out the phone. Never by source alone: one bad phone, or a forged datagram, could shut out an
//! office; how many names a source may try is what its token bucket is for. The password's hash is part of the name, so that a saved change
//! of the password counts at the next REGISTER.

use super::millis;
use crate::config::Limits;
use domain::{AccountId, MINUTE, Millis, Penalty, site};
use std::collections::HashMap;
use std::net::IpAddr;

/// Bytes of a name that are told apart: more than any device's has.
const MAX_NAME: usize = 128;

/// Who fails, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Who {
    source: IpAddr,
    realm: String,
    /// Lower case.
    username: String,
    /// Of the credential.
    word: u64,
}

impl Who {
    /// `realm` in lower case; `word` stands for the credential, 0 for none.
    pub fn new(source: IpAddr, realm: &str, username: &str, word: u64) -> Self {
        let username = username.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect::<String>().to_lowercase();
        Self { source: site(source), realm: realm.to_owned(), username, word }
    }
}

#[derive(Clone, Copy)]
struct Tries {
    /// None: in a realm that is nobody's.
    account: Option<AccountId>,
    count: u32,
    /// Of the first one; of the last one once there were too many.
    since: Millis,
}

pub(super) struct Penalties {
    tries: HashMap<Who, Tries>,
    failures: u32,
    penalty: Millis,
    window: Millis,
    capacity: usize,
    swept: Millis,
}

impl Penalties {
    pub fn new(limits: &Limits) -> Self {
        let penalty = millis(limits.penalty);
        let (failures, capacity) = (limits.failures.max(1), limits.sources.max(1));
        Self { tries: HashMap::new(), failures, penalty, window: MINUTE.max(penalty), capacity, swept: Millis::MIN }
    }

    /// Whole seconds to wait, when there were too many failures.
    pub fn wait(&self, who: &Who, now: Millis) -> Option<Millis> {
        let until = self.until(self.tries.get(who)?)?;
        (until > now).then(|| (until - now + 999) / 1_000)
    }

    pub fn failed(&mut self, account: Option<AccountId>, who: Who, now: Millis) {
        if self.tries.len() >= self.capacity && !self.tries.contains_key(&who) && !self.make_room(now) {
            return;
        }
        let fresh = Tries { account, count: 0, since: now };
        let (limit, window) = (self.failures, self.window);
        let tries = self.tries.entry(who).or_insert(fresh);
        if tries.since + window <= now || tries.count >= limit {
            *tries = fresh;
        }
        tries.count += 1;
        // The realm may have found its owner meanwhile.
        tries.account = account;
        if tries.count >= limit {
            tries.since = now;
        }
    }

    pub fn succeeded(&mut self, who: &Who) {
        self.tries.remove(who);
    }

    /// Who has to wait, in an account; the longest first.
    pub fn current(&self, account: AccountId, now: Millis) -> Vec<Penalty> {
        let own = self.tries.iter().filter(|(_, tries)| tries.account == Some(account));
        let penalty = |(who, tries): (&Who, &Tries)| {
            let until = self.until(tries).filter(|until| *until > now)?;
            Some(Penalty { source: who.source, realm: who.realm.clone(), username: who.username.clone(), failures: tries.count, until })
        };
        let mut all: Vec<Penalty> = own.filter_map(penalty).collect();
        all.sort_by(|a, b| b.until.cmp(&a.until).then_with(|| (a.source, &a.username).cmp(&(b.source, &b.username))));
        all
    }

    /// Forgets the failures of a user from a source; false when there were none.
    pub fn lift(&mut self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool {
        let named = Who::new(source, realm, username, 0);
        let before = self.tries.len();
        self.tries.retain(|who, tries| tries.account != Some(account) || Who { word: 0, ..who.clone() } != named);
        self.tries.len() < before
    }

    fn until(&self, tries: &Tries) -> Option<Millis> {
        (tries.count >= self.failures).then_some(tries.since + self.penalty)
    }

    /// What is old goes, and in a flood of names those who failed only a few times: never who has to wait. At most once a second.
    fn make_room(&mut self, now: Millis) -> bool {
        if (self.swept..self.swept.saturating_add(1_000)).contains(&now) {
            return false;
        }
        self.swept = now;
        let (window, failures) = (self.window, self.failures);
        self.tries.retain(|_, tries| tries.since + window > now);
        if self.tries.len() >= self.capacity {
            self.tries.retain(|_, tries| tries.count >= failures);
        }
        self.tries.len() < self.capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    fn who(user: &str, word: u64) -> Who {
        Who::new("10.0.0.1".parse().expect("address"), "r", user, word)
    }

    fn penalties(sources: usize) -> Penalties {
        Penalties::new(&Limits { failures: 3, sources, penalty: Duration::from_secs(30), ..Limits::default() })
    }

    #[test]
    fn too_many_failures_must_wait_and_others_need_not() {
        let mut p = penalties(99);
        let mut fails = |user: &str, word| p.failed(Some(ACCOUNT), who(user, word), 0);
        fails("a", 1);
        fails("A", 1);
        for name in 0..50 {
            fails(&format!("other{name}"), 1);
        }
        assert_eq!(p.wait(&who("a", 1), 0), None);
        p.failed(Some(ACCOUNT), who("a", 1), 0);
        assert_eq!(p.wait(&who("a", 1), 0), Some(30));
        assert_eq!(p.wait(&who("a", 2), 0), None, "another password is another start");
        assert_eq!(p.wait(&who("b", 1), 0), None, "an office is not shut out");
        assert_eq!(p.wait(&who("a", 1), 30_000), None);
    }

    #[test]
    fn who_waits_is_told_to_its_account_and_can_be_freed() {
        let (mut p, other) = (penalties(99), AccountId(uuid::Uuid::from_u128(1)));
        for at in 0..3 {
            p.failed(Some(ACCOUNT), who("a", 1), at);
            p.failed(Some(other), who("b", 1), at);
        }
        p.failed(Some(ACCOUNT), who("c", 1), 0);
        let source = "10.0.0.1".parse().expect("address");
        let expected = Penalty { source, realm: "r".into(), username: "a".into(), failures: 3, until: 30_002 };
        assert_eq!(p.current(ACCOUNT, 10), [expected]);
        assert!(p.current(ACCOUNT, 30_002).is_empty());
        assert!(!p.lift(ACCOUNT, source, "r", "b"), "another account's");
        for _ in 0..3 {
            p.failed(None, who("d", 0), 10);
        }
        assert!(p.wait(&who("d", 0), 10).is_some() && p.current(ACCOUNT, 10).len() == 1, "in a realm of nobody: in no list");
        assert!(!p.lift(ACCOUNT, source, "r", "d"), "and nobody's to lift");
        assert!(p.lift(ACCOUNT, source, "r", "A") && !p.lift(ACCOUNT, source, "r", "a"));
        assert_eq!(p.wait(&who("a", 1), 10), None);
        assert!(p.wait(&who("b", 1), 10).is_some());
    }

    #[test]
    fn a_flood_of_names_frees_nobody_who_waits() {
        let mut p = penalties(8);
        for _ in 0..3 {
            p.failed(Some(ACCOUNT), who("a", 1), 0);
        }
        for n in 0..20_000 {
            p.failed(Some(ACCOUNT), who(&n.to_string(), 1), n);
            assert!(p.tries.len() <= 8);
        }
        assert!(p.wait(&who("a", 1), 20_000).is_some());
        let long = "x".repeat(20_000);
        assert!(who(&long, 1).username.len() <= MAX_NAME);
    }
}
