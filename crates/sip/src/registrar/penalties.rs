//! Slows whoever guesses: failures that echo a valid nonce are counted by source and username, and by source alone.
//!
//! Never by username alone: a stranger could shut out the phone. The password's hash is part of the name, so that a saved change of the
//! password counts at the next REGISTER.

use super::millis;
use crate::config::Limits;
use domain::{MINUTE, Millis};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

/// Source, realm and username in lower case, and a word of the credential.
pub(super) type Who = (IpAddr, String, u64);

#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    since: Millis,
}

pub(super) struct Penalties {
    by_user: HashMap<Who, Tries>,
    by_source: HashMap<IpAddr, Tries>,
    failures: u32,
    failures_per_source: u32,
    penalty: Millis,
    capacity: usize,
}

impl Penalties {
    pub fn new(limits: &Limits) -> Self {
        Self {
            by_user: HashMap::new(),
            by_source: HashMap::new(),
            failures: limits.failures,
            failures_per_source: limits.failures_per_source,
            penalty: millis(limits.penalty),
            capacity: limits.sources,
        }
    }

    /// Whole seconds to wait, when there were too many failures.
    pub fn wait(&self, who: &Who, now: Millis) -> Option<Millis> {
        let user = self.by_user.get(who).filter(|t| t.count >= self.failures);
        let source = self.by_source.get(&who.0).filter(|t| t.count >= self.failures_per_source);
        let until = user.into_iter().chain(source).map(|t| t.since + self.penalty).max()?;
        (until > now).then(|| (until - now + 999) / 1_000)
    }

    pub fn failed(&mut self, who: Who, now: Millis) {
        let window = MINUTE.max(self.penalty);
        note(&mut self.by_source, who.0, self.failures_per_source, now, window, self.capacity);
        note(&mut self.by_user, who, self.failures, now, window, self.capacity);
    }

    pub fn succeeded(&mut self, who: &Who) {
        self.by_user.remove(who);
    }
}

/// Counts within the window; when the limit is reached `since` becomes the start of the penalty, and what fails after it counts anew.
fn note<K: Eq + Hash>(map: &mut HashMap<K, Tries>, key: K, limit: u32, now: Millis, window: Millis, capacity: usize) {
    if map.len() >= capacity {
        map.retain(|_, t| t.since + window > now);
        if map.len() >= capacity {
            map.clear();
        }
    }
    let tries = map.entry(key).or_insert(Tries { count: 0, since: now });
    if tries.since + window <= now || tries.count >= limit {
        *tries = Tries { count: 0, since: now };
    }
    tries.count += 1;
    if tries.count >= limit {
        tries.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn who(user: &str, word: u64) -> Who {
        ("10.0.0.1".parse().expect("address"), user.into(), word)
    }

    #[test]
    fn too_many_failures_must_wait_and_others_need_not() {
        let limits = Limits { failures: 3, failures_per_source: 5, penalty: Duration::from_secs(30), ..Limits::default() };
        let mut p = Penalties::new(&limits);
        p.failed(who("a", 1), 0);
        p.failed(who("a", 1), 0);
        assert_eq!(p.wait(&who("a", 1), 0), None);
        p.failed(who("a", 1), 0);
        assert_eq!(p.wait(&who("a", 1), 0), Some(30));
        assert_eq!(p.wait(&who("a", 2), 0), None, "another password is another start");
        assert_eq!(p.wait(&who("b", 1), 0), None);
        assert_eq!(p.wait(&who("a", 1), 30_000), None);
        p.failed(who("b", 1), 0);
        p.failed(who("c", 1), 0);
        assert!(p.wait(&who("z", 1), 0).is_some(), "a source that tries many names");
    }
}
