//! Tries that are answered with another challenge. One is no failure: an ordinary REGISTER begins without credentials, and a nonce may be of
//! before a restart. A phone that does nothing else never registers, and somebody wants to know why: from the third in a row without a
//! success they are told.

use super::Registrar;
use super::auth::Claim;
use crate::directory::{Credential, Registrant};
use crate::message::Message;
use domain::{DeviceId, HOUR, Millis, RefusedBecause, SECOND, site};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

/// From which one on they are told.
const TOLD: u8 = 3;
/// How long one counts for the next.
const IDLE: Millis = HOUR;
/// How many are kept of a device, so that whoever forges datagrams in its name fills only that.
const EACH: usize = 8;
const DEVICES: usize = 65_536;

#[derive(Default)]
pub(super) struct Streaks {
    devices: HashMap<DeviceId, Vec<Streak>>,
    swept: Millis,
}

#[derive(Clone, Copy)]
struct Streak {
    /// None where it is wherever the phone comes from.
    site: Option<IpAddr>,
    why: RefusedBecause,
    count: u8,
    /// Names the request: a retransmission is no other try.
    asked: u64,
    last: Millis,
}

impl Streak {
    fn goes_on(&self, now: Millis) -> bool {
        (0..IDLE).contains(&(now - self.last))
    }
}

impl Streaks {
    /// Takes in one; whether it is to be told.
    pub fn again(&mut self, device: DeviceId, source: IpAddr, why: RefusedBecause, asked: u64, now: Millis) -> bool {
        if !self.has_room(device, now) {
            return false;
        }
        let site = (why != RefusedBecause::OtherAddress).then(|| site(source));
        let streaks = self.devices.entry(device).or_default();
        streaks.retain(|s| s.goes_on(now));
        if why != RefusedBecause::NoCredentials {
            // Whoever answers does have credentials; behind several addresses the answer comes from another one.
            streaks.retain(|s| s.why != RefusedBecause::NoCredentials || (site.is_some() && s.site != site));
        }
        if let Some(streak) = streaks.iter_mut().find(|s| s.site == site && s.why == why) {
            if streak.asked == asked {
                return false;
            }
            *streak = Streak { asked, last: now, count: streak.count.saturating_add(1), ..*streak };
            return streak.count >= TOLD;
        }
        if streaks.len() >= EACH {
            let least = streaks.iter().enumerate().min_by_key(|(_, s)| (s.count, s.last)).map(|(at, _)| at);
            least.map(|at| streaks.remove(at));
        }
        streaks.push(Streak { site, why, count: 1, asked, last: now });
        false
    }

    /// A challenge was answered as it should be, from where it went; the password may still be wrong, and that is told by itself.
    pub fn answered(&mut self, device: DeviceId, source: IpAddr) {
        self.forget(device, |s| s.site == Some(site(source)));
    }

    /// The phone proved itself.
    pub fn succeeded(&mut self, device: DeviceId) {
        self.forget(device, |s| s.site.is_none());
    }

    fn forget(&mut self, device: DeviceId, which: impl Fn(&Streak) -> bool) {
        let Some(streaks) = self.devices.get_mut(&device) else { return };
        streaks.retain(|s| !which(s));
        if streaks.is_empty() {
            self.devices.remove(&device);
        }
    }

    /// What is over goes when there is no more room, at most once a second.
    fn has_room(&mut self, device: DeviceId, now: Millis) -> bool {
        if self.devices.len() < DEVICES || self.devices.contains_key(&device) {
            return true;
        }
        if !(self.swept..self.swept.saturating_add(SECOND)).contains(&now) {
            self.swept = now;
            self.devices.retain(|_, streaks| streaks.iter().any(|s| s.goes_on(now)));
        }
        self.devices.len() < DEVICES
    }
}

impl Registrar {
    /// A REGISTER of a device with a password that ends in another challenge.
    pub(super) fn refused_again(&self, request: &Message, claim: &Claim<'_>, device: &Registrant, why: RefusedBecause) {
        if claim.method != "REGISTER" || matches!(device.credential, Credential::Source) {
            return;
        }
        let mut asked = DefaultHasher::new();
        (request.first("call-id"), request.cseq().map(|(number, _)| number)).hash(&mut asked);
        let told = self.streaks.lock().again(device.device, claim.origin.source.ip(), why, asked.finish(), claim.now);
        if told {
            self.refused_quietly(claim, Some(device), why);
        }
    }

    pub(super) fn answered(&self, claim: &Claim<'_>, device: Option<&Registrant>) {
        if let Some(device) = device {
            self.streaks.lock().answered(device.device, claim.origin.source.ip());
        }
    }

    pub(super) fn succeeded(&self, device: &Registrant) {
        self.streaks.lock().succeeded(device.device);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefusedBecause::{NoCredentials, OtherAddress, StaleNonce};

    fn device(n: u128) -> DeviceId {
        DeviceId(uuid::Uuid::from_u128(n))
    }

    fn ip(n: u32) -> IpAddr {
        IpAddr::from(n.to_be_bytes())
    }

    #[test]
    fn the_third_in_a_row_is_told_and_a_retransmission_is_none() {
        let mut streaks = Streaks::default();
        let mut again = |why, asked, now| streaks.again(device(1), ip(1), why, asked, now);
        assert_eq!([1, 2, 2, 2, 3, 3, 4].map(|asked| again(StaleNonce, asked, 0)), [false, false, false, false, true, false, true]);
        assert!(!again(StaleNonce, 5, IDLE), "after an hour it begins anew");
        let mut elsewhere = |n| streaks.again(device(1), ip(n), NoCredentials, n.into(), 0);
        assert_eq!([1, 2, 3, 4].map(&mut elsewhere), [false; 4], "each source by itself");
        let mut pool = |n| streaks.again(device(2), ip(n), OtherAddress, n.into(), 0);
        assert_eq!([1, 2, 3].map(&mut pool), [false, false, true], "a NAT with several addresses is one");
    }

    #[test]
    fn an_answer_ends_what_there_was_before() {
        let mut streaks = Streaks::default();
        for asked in 0..9 {
            assert!(!streaks.again(device(1), ip(1), NoCredentials, asked, 0));
            streaks.answered(device(1), ip(1));
        }
        for asked in 0..9 {
            // Asked at one address, it answers from another.
            assert!(!streaks.again(device(1), ip(1), NoCredentials, asked, 0));
            assert_eq!(streaks.again(device(1), ip(2), OtherAddress, asked, 0), asked >= 2);
        }
        streaks.succeeded(device(1));
        assert!(streaks.devices.is_empty());
    }

    #[test]
    fn a_flood_is_bounded_and_hides_no_other_device() {
        let mut streaks = Streaks::default();
        for n in 0..20_000 {
            streaks.again(device(1), ip(n), NoCredentials, n.into(), 0);
            if n % 9_000 == 0 {
                streaks.again(device(2), ip(7), StaleNonce, n.into(), 0);
            }
        }
        assert_eq!((streaks.devices.len(), streaks.devices[&device(1)].len()), (2, EACH));
        assert_eq!(streaks.devices[&device(2)][0].count, 3);
        for n in 0..70_000 {
            streaks.again(device(n), ip(1), NoCredentials, 1, 0);
        }
        assert_eq!(streaks.devices.len(), DEVICES);
        streaks.again(device(99_999), ip(1), NoCredentials, 1, IDLE);
        assert_eq!(streaks.devices.len(), 1, "what is over makes room");
    }
}
