//! Keeps refusals that cost a stranger nothing (an unknown realm, a wrong address) from flooding the event tables: one a minute each.

use domain::{MINUTE, Millis, RefusedBecause};
use std::collections::HashMap;
use std::net::IpAddr;

const CAPACITY: usize = 4_096;

#[derive(Default)]
pub(super) struct Hush(HashMap<(IpAddr, String, String, RefusedBecause), Millis>);

impl Hush {
    /// Whether this is news.
    pub fn news(&mut self, source: IpAddr, realm: &str, username: &str, why: RefusedBecause, now: Millis) -> bool {
        let key = (source, realm.to_owned(), username.to_owned(), why);
        if self.0.get(&key).is_some_and(|at| (0..MINUTE).contains(&(now - at))) {
            return false;
        }
        if self.0.len() >= CAPACITY {
            self.0.retain(|_, at| (0..MINUTE).contains(&(now - *at)));
            if self.0.len() >= CAPACITY {
                return false;
            }
        }
        self.0.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_news_once_a_minute() {
        let (mut hush, ip) = (Hush::default(), "10.0.0.1".parse().expect("address"));
        let mut news = |user: &str, now| hush.news(ip, "r", user, RefusedBecause::UnknownRealm, now);
        assert_eq!([news("a", 0), news("a", 1), news("b", 1), news("a", MINUTE)], [true, false, true, true]);
        assert_eq!((0..10_000).filter(|n| news(&n.to_string(), 2 * MINUTE)).count(), CAPACITY);
    }
}
