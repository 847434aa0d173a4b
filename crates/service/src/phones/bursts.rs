//! Refusals that repeat themselves: a phone with a wrong password tries every few seconds, and stands in the history once in ten minutes
//! with how often it tried.

use domain::{DeviceId, MINUTE, Millis, RefusedBecause, site, view::Refused};
use std::{collections::HashMap, net::IpAddr};

/// How long repetitions are counted in one row.
const WITHIN: Millis = 10 * MINUTE;
/// How many of a device go on at the same time at most.
const EACH: usize = 64;
/// So many of a device always have room, whatever is tried in the name of others.
const OWN: usize = 8;
/// How many go on at the same time at most, beyond those.
const MOST: usize = 10_000;

/// The source as [`site`] has it.
pub(super) type Key = (DeviceId, IpAddr, RefusedBecause);

struct Burst {
    what: Refused,
    began: Millis,
    /// The number of its row; none while that is not written.
    row: Option<i64>,
    /// More came since it was written.
    changed: bool,
}

impl Burst {
    fn goes_on(&self, now: Millis) -> bool {
        now - self.began < WITHIN || self.row.is_none()
    }
}

type OfDevice = HashMap<(IpAddr, RefusedBecause), Burst>;

#[derive(Default)]
pub(super) struct Bursts(HashMap<DeviceId, OfDevice>);

/// What is to be done with a refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It begins a row.
    Anew(Key),
    Counted,
    /// There are too many others.
    Lost,
}

impl Bursts {
    pub fn take(&mut self, device: DeviceId, what: Refused) -> Told {
        let (source, why, at) = (site(what.source.ip()), what.why, what.last);
        let own = self.0.entry(device).or_default();
        if let Some(burst) = own.get_mut(&(source, why)).filter(|b| at - b.began < WITHIN) {
            burst.what = Refused { count: burst.what.count + 1, ..what };
            burst.changed = true;
            return Told::Counted;
        }
        if own.len() >= OWN {
            own.retain(|_, b| b.goes_on(at));
        }
        let few = own.len() < OWN;
        if own.len() >= EACH || (!few && !self.has_room(at)) {
            return Told::Lost;
        }
        self.0.entry(device).or_default().insert((source, why), Burst { began: at, what, row: None, changed: false });
        Told::Anew((device, source, why))
    }

    /// Whether more may go on than each device may have anyway.
    fn has_room(&mut self, now: Millis) -> bool {
        let beyond = |all: &HashMap<DeviceId, OfDevice>| all.values().map(|own| own.len().saturating_sub(OWN)).sum::<usize>();
        if beyond(&self.0) >= MOST {
            self.forget_old(now);
        }
        beyond(&self.0) < MOST
    }

    fn forget_old(&mut self, now: Millis) {
        self.0.retain(|_, own| {
            own.retain(|_, b| b.goes_on(now));
            !own.is_empty()
        });
    }

    fn get_mut(&mut self, (device, source, why): &Key) -> Option<&mut Burst> {
        self.0.get_mut(device)?.get_mut(&(*source, *why))
    }

    /// As its row is to be written now.
    pub fn detail(&mut self, key: &Key) -> Option<serde_json::Value> {
        let burst = self.get_mut(key)?;
        burst.changed = false;
        serde_json::to_value(&burst.what).ok()
    }

    /// Its row was written.
    pub fn written(&mut self, key: &Key, row: i64) {
        if let Some(burst) = self.get_mut(key).filter(|b| b.row.is_none()) {
            burst.row = Some(row);
        }
    }

    /// Rows that are to be written again. What is over is forgotten.
    pub fn going_on(&mut self, now: Millis) -> Vec<(i64, serde_json::Value)> {
        let mut out = Vec::new();
        for burst in self.0.values_mut().flat_map(OfDevice::values_mut).filter(|b| b.changed) {
            if let (Some(row), Ok(detail)) = (burst.row, serde_json::to_value(&burst.what)) {
                burst.changed = false;
                out.push((row, detail));
            }
        }
        self.forget_old(now);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SECOND;
    use uuid::Uuid;

    fn refused(at: Millis, port: u16) -> Refused {
        let source = ([192, 0, 2, 7], port).into();
        Refused { source, realm: "r".into(), username: "u".into(), why: RefusedBecause::WrongPassword, count: 1, last: at }
    }

    #[test]
    fn a_row_in_ten_minutes_counts_what_repeats_itself() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let Told::Anew(key) = bursts.take(device, refused(0, 1)) else { panic!("the first of all") };
        assert_eq!(bursts.take(device, refused(SECOND, 2)), Told::Counted);
        assert_eq!(bursts.detail(&key).unwrap()["count"], 2, "what came before it was written is in it");
        bursts.written(&key, 41);
        assert_eq!(bursts.going_on(SECOND), []);
        bursts.take(device, refused(9 * SECOND, 3));
        let again = bursts.going_on(9 * SECOND);
        assert_eq!((again[0].0, &again[0].1["count"], &again[0].1["source"]), (41, &3.into(), &"192.0.2.7:3".into()));
        assert_eq!(bursts.going_on(10 * SECOND), [], "once");
        let other = Refused { why: RefusedBecause::Disabled, ..refused(10 * SECOND, 1) };
        assert!(matches!(bursts.take(device, other), Told::Anew(_)), "another reason is another row");
        assert!(matches!(bursts.take(device, refused(WITHIN, 1)), Told::Anew(_)), "ten minutes later");
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let mut from = |host: u16| {
            let source = ([0x2001, 0xdb8, 0, 1, 0, 0, 0, host], 5060).into();
            bursts.take(device, Refused { source, ..refused(0, 1) })
        };
        assert!(matches!(from(1), Told::Anew(_)));
        assert_eq!(from(2), Told::Counted);
    }

    #[test]
    fn sources_without_number_are_bounded_and_hide_no_other_device() {
        let mut bursts = Bursts::default();
        let mut take = |device: u128, host: u32, at| {
            let source = (host.to_be_bytes(), 1).into();
            bursts.take(DeviceId(Uuid::from_u128(device)), Refused { source, ..refused(at, 1) })
        };
        let anew = |told: Told| matches!(told, Told::Anew(_));
        assert_eq!((0..1_000).filter(|host| anew(take(1, *host, 0))).count(), EACH, "in the name of one device");
        let all = (0..400).map(|device| (0..70).filter(|host| anew(take(1_000 + device, *host, 0))).count()).sum::<usize>();
        assert_eq!(all + EACH, 401 * OWN + MOST, "in the name of many");
        assert!(anew(take(2, 7, 0)), "another device's phone is seen all the same");
        assert_eq!(take(2, 7, SECOND), Told::Counted);
    }
}
