//! Slowing wrong tries down: pure, with the time handed in.

use crate::{MINUTE, Millis, SECOND};
use std::{collections::HashMap, hash::Hash};

/// How tries are slowed.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Wrong tries that cost nothing.
    pub free: u32,
    /// The longest wait.
    pub most: Millis,
    /// After this long without a wrong try all is forgotten.
    pub forget: Millis,
    /// How many keys are remembered; the oldest go first.
    pub keys: usize,
}

impl Pace {
    /// For one name from one address.
    pub const NAME: Self = Self { free: 5, most: 5 * MINUTE, forget: 15 * MINUTE, keys: 100_000 };
    /// For one address, whatever the names.
    pub const ADDRESS: Self = Self { free: 20, most: 5 * MINUTE, forget: 15 * MINUTE, keys: 100_000 };
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    wrong: u32,
    last: Millis,
}

/// Wrong tries by key. The wait doubles with each beyond the free ones: 1 s, 2 s, 4 s, …
#[derive(Debug)]
pub struct Throttle<K> {
    pace: Pace,
    tries: HashMap<K, Tries>,
}

impl<K: Eq + Hash + Clone> Throttle<K> {
    pub fn new(pace: Pace) -> Self {
        Self { pace, tries: HashMap::new() }
    }

    /// How long to wait from `now` on before the next try is looked at; zero when it may be.
    pub fn wait(&self, key: &K, now: Millis) -> Millis {
        let Some(tries) = self.tries.get(key).filter(|t| now - t.last < self.pace.forget) else { return 0 };
        let Some(over) = tries.wrong.checked_sub(self.pace.free).filter(|over| *over > 0) else { return 0 };
        let pause = SECOND.saturating_mul(1 << (over - 1).min(20)).min(self.pace.most);
        (tries.last + pause - now).max(0)
    }

    pub fn wrong(&mut self, key: K, now: Millis) {
        if self.tries.len() >= self.pace.keys && !self.tries.contains_key(&key) {
            self.make_room(now);
        }
        let tries = self.tries.entry(key).or_insert(Tries { wrong: 0, last: now });
        if now - tries.last >= self.pace.forget {
            tries.wrong = 0;
        }
        *tries = Tries { wrong: tries.wrong.saturating_add(1), last: now };
    }

    /// The right answer clears the key.
    pub fn right(&mut self, key: &K) {
        self.tries.remove(key);
    }

    /// Takes one wrong try back: it was counted before it was looked at, and was right.
    pub fn forgive(&mut self, key: &K) {
        if let Some(tries) = self.tries.get_mut(key) {
            tries.wrong = tries.wrong.saturating_sub(1);
        }
    }

    fn make_room(&mut self, now: Millis) {
        self.tries.retain(|_, t| now - t.last < self.pace.forget);
        if self.tries.len() >= self.pace.keys {
            let mut lasts: Vec<Millis> = self.tries.values().map(|t| t.last).collect();
            let middle = lasts.len() / 2;
            let (_, median, _) = lasts.select_nth_unstable(middle);
            let median = *median;
            self.tries.retain(|_, t| t.last > median);
        }
    }
}

/// So many in a span of time and no more, by key; what is more waits for the end of the span.
#[derive(Debug)]
pub struct Quota<K> {
    free: u32,
    span: Millis,
    /// Since when, and how many.
    used: HashMap<K, (Millis, u32)>,
}

impl<K: Eq + Hash> Quota<K> {
    pub fn new(free: u32, span: Millis) -> Self {
        Self { free, span, used: HashMap::new() }
    }

    /// How long to wait from `now` on; zero when there is something left.
    pub fn wait(&self, key: &K, now: Millis) -> Millis {
        let used = self.used.get(key).filter(|(_, n)| *n >= self.free);
        used.map_or(0, |(since, _)| (since + self.span - now).max(0))
    }

    pub fn take(&mut self, key: K, n: u32, now: Millis) {
        self.used.retain(|_, (since, _)| now - *since < self.span);
        let used = self.used.entry(key).or_insert((now, 0));
        used.1 = used.1.saturating_add(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_whole_again_at_the_end_of_its_span() {
        let mut quota = Quota::new(3, MINUTE);
        for at in [0, SECOND, 50 * SECOND] {
            assert_eq!(quota.wait(&"a", at), 0);
            quota.take("a", 1, at);
        }
        assert_eq!((quota.wait(&"a", 50 * SECOND), quota.wait(&"b", 50 * SECOND)), (10 * SECOND, 0));
        assert_eq!(quota.wait(&"a", MINUTE), 0);
        quota.take("a", 1, MINUTE);
        assert_eq!(quota.wait(&"a", MINUTE), 0);
    }

    #[test]
    fn waits_double_after_the_free_tries_and_end() {
        let mut t = Throttle::new(Pace::NAME);
        for _ in 0..5 {
            t.wrong("a", 0);
        }
        assert_eq!(t.wait(&"a", 0), 0);
        t.wrong("a", 0);
        assert_eq!(t.wait(&"a", 0), SECOND);
        t.wrong("a", SECOND);
        assert_eq!(t.wait(&"a", SECOND), 2 * SECOND);
        for i in 0..40 {
            t.wrong("a", i);
        }
        assert_eq!(t.wait(&"a", 39), 5 * MINUTE);
        assert_eq!(t.wait(&"a", 39 + 15 * MINUTE), 0);
        assert_eq!(t.wait(&"b", 0), 0);
        t.right(&"a");
        assert_eq!(t.wait(&"a", 40), 0);
    }

    #[test]
    fn what_was_right_does_not_count() {
        let mut t = Throttle::new(Pace::ADDRESS);
        for i in 0..100 {
            t.wrong("office", i);
            t.forgive(&"office");
        }
        assert_eq!(t.wait(&"office", 100), 0);
        for i in 0..21 {
            t.wrong("office", 100 + i);
        }
        assert!(t.wait(&"office", 121) > 0);
    }

    #[test]
    fn remembers_no_more_keys_than_it_may() {
        let mut t = Throttle::new(Pace { keys: 10, ..Pace::NAME });
        for i in 0..1000 {
            t.wrong(i, i64::from(i));
        }
        assert!(t.tries.len() <= 10);
    }
}
