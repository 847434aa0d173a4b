//! Refusals that repeat themselves: a phone with a wrong password tries every few seconds, and stands in the history once in ten minutes
//! with how often it tried.

use domain::{DeviceId, MINUTE, Millis, RefusedBecause, view::Refused};
use std::{collections::HashMap, net::IpAddr};

/// How long repetitions are counted in one row.
const WITHIN: Millis = 10 * MINUTE;
/// How many go on at the same time at most.
const MOST: usize = 10_000;

pub(super) type Key = (DeviceId, IpAddr, RefusedBecause);

struct Burst {
    what: Refused,
    began: Millis,
    /// The number of its row; none while that is not written.
    row: Option<i64>,
    /// More came since it was written.
    changed: bool,
}

#[derive(Default)]
pub(super) struct Bursts(HashMap<Key, Burst>);

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
        let (key, at) = ((device, what.source.ip(), what.why), what.last);
        if let Some(burst) = self.0.get_mut(&key).filter(|b| at - b.began < WITHIN) {
            burst.what = Refused { count: burst.what.count + 1, ..what };
            burst.changed = true;
            return Told::Counted;
        }
        if self.0.len() >= MOST {
            self.0.retain(|_, b| at - b.began < WITHIN || b.row.is_none());
            if self.0.len() >= MOST {
                return Told::Lost;
            }
        }
        self.0.insert(key, Burst { began: at, what, row: None, changed: false });
        Told::Anew(key)
    }

    /// As its row is to be written now.
    pub fn detail(&mut self, key: &Key) -> Option<serde_json::Value> {
        let burst = self.0.get_mut(key)?;
        burst.changed = false;
        serde_json::to_value(&burst.what).ok()
    }

    /// Its row was written.
    pub fn written(&mut self, key: &Key, row: i64) {
        if let Some(burst) = self.0.get_mut(key).filter(|b| b.row.is_none()) {
            burst.row = Some(row);
        }
    }

    /// Rows that are to be written again. What is over is forgotten.
    pub fn going_on(&mut self, now: Millis) -> Vec<(i64, serde_json::Value)> {
        let mut out = Vec::new();
        for burst in self.0.values_mut().filter(|b| b.changed) {
            if let (Some(row), Ok(detail)) = (burst.row, serde_json::to_value(&burst.what)) {
                burst.changed = false;
                out.push((row, detail));
            }
        }
        self.0.retain(|_, b| now - b.began < WITHIN || b.row.is_none());
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
    fn sources_without_number_are_bounded() {
        let mut bursts = Bursts::default();
        let mut take = |n: u128, at| bursts.take(DeviceId(Uuid::from_u128(n)), refused(at, 1));
        let told = (0..20_000).filter(|n| matches!(take(*n, 0), Told::Anew(_))).count();
        assert_eq!(told, MOST);
        assert_eq!(take(0, SECOND), Told::Counted);
    }
}
