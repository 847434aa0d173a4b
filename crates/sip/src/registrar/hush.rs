//! Keeps refusals that cost a stranger nothing (an unknown realm, a wrong address) from flooding the event tables: one a minute each, and of
//! each owner so many a minute. Whoever scans, or forges datagrams in the name of one device, hides nobody else's.

use domain::{AccountId, DeviceId, MINUTE, Millis, RefusedBecause, SECOND, site};
use std::collections::HashMap;
use std::net::IpAddr;

/// How many a minute of one device, or of one name.
const OWN: usize = 32;
/// How many a minute of all strangers of an account.
const STRANGERS: usize = 4_096;

/// Whose a refusal is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Device(DeviceId),
    /// A username that some device has, in whatever realm; lower case.
    Name(String),
    /// Of an account, or of none.
    Strangers(Option<AccountId>),
}

impl Whose {
    const fn most(&self) -> usize {
        match self {
            Self::Device(_) | Self::Name(_) => OWN,
            Self::Strangers(_) => STRANGERS,
        }
    }
}

#[derive(Default)]
struct Told {
    when: HashMap<(IpAddr, String, String, RefusedBecause), Millis>,
    swept: Option<Millis>,
}

impl Told {
    fn forget_old(&mut self, now: Millis) {
        self.when.retain(|_, at| is_fresh(*at, now));
    }

    /// Looked through at most once a second.
    fn has_room(&mut self, most: usize, now: Millis) -> bool {
        if self.when.len() >= most && self.swept.is_none_or(|at| !(0..SECOND).contains(&(now - at))) {
            self.swept = Some(now);
            self.forget_old(now);
        }
        self.when.len() < most
    }
}

fn is_fresh(at: Millis, now: Millis) -> bool {
    (0..MINUTE).contains(&(now - at))
}

/// Bounded by the devices that there are: only they and their accounts are owners.
#[derive(Default)]
pub(super) struct Hush {
    owners: HashMap<Whose, Told>,
    swept: Millis,
}

impl Hush {
    /// Whether this is news.
    pub fn news(&mut self, whose: Whose, source: IpAddr, realm: &str, username: &str, why: RefusedBecause, now: Millis) -> bool {
        if !is_fresh(self.swept, now) {
            self.swept = now;
            self.owners.values_mut().for_each(|told| told.forget_old(now));
            self.owners.retain(|_, told| !told.when.is_empty());
        }
        let most = whose.most();
        let told = self.owners.entry(whose).or_default();
        let key = (site(source), realm.to_owned(), username.to_owned(), why);
        if told.when.get(&key).is_some_and(|at| is_fresh(*at, now)) || !told.has_room(most, now) {
            return false;
        }
        told.when.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHY: RefusedBecause = RefusedBecause::UnknownRealm;

    fn device(n: u128) -> Whose {
        Whose::Device(DeviceId(uuid::Uuid::from_u128(n)))
    }

    #[test]
    fn the_same_is_news_once_a_minute() {
        let (mut hush, ip) = (Hush::default(), "10.0.0.1".parse().expect("address"));
        let mut news = |user: &str, now| hush.news(Whose::Strangers(None), ip, "r", user, WHY, now);
        assert_eq!([news("a", 0), news("a", 1), news("b", 1), news("a", MINUTE)], [true, false, true, true]);
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let mut hush = Hush::default();
        let mut news = |ip: &str| hush.news(device(1), ip.parse().expect("address"), "r", "a", WHY, 0);
        assert_eq!(["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(&mut news), [true, false, true]);
    }

    #[test]
    fn no_flood_hides_what_belongs_to_others() {
        let mut hush = Hush::default();
        let other = Whose::Strangers(Some(AccountId(uuid::Uuid::from_u128(7))));
        let mut news = |whose: Whose, n: u32| hush.news(whose, n.to_be_bytes().into(), "r", "a", WHY, 0);
        assert_eq!((0..10_000).filter(|n| news(Whose::Strangers(None), *n)).count(), STRANGERS);
        assert_eq!((0..10_000).filter(|n| news(device(1), *n)).count(), OWN);
        assert!(news(other, 1) && news(device(2), 1) && news(Whose::Name("a".into()), 1));
        for n in 0..5_000 {
            news(device(n), 9);
        }
        hush.news(device(1), "10.0.0.1".parse().expect("address"), "r", "a", WHY, MINUTE);
        assert_eq!(hush.owners.len(), 1, "what is over is forgotten");
    }
}
