//! A token bucket for each source.

use crate::bucket::{Bucket, Pace};
use crate::config::Limits;
use domain::site;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

pub(crate) struct Rates {
    pace: Pace,
    capacity: usize,
    held: Mutex<Held>,
}

struct Held {
    buckets: HashMap<IpAddr, Bucket>,
    swept: Option<Instant>,
}

/// Whose bucket the sources beyond the capacity share.
const REST: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

/// Between two looks for buckets that say nothing, being full. Forged sources must not make each message walk over all of them.
const SWEEP: Duration = Duration::from_secs(1);

impl Rates {
    pub fn new(limits: &Limits) -> Self {
        let held = Held { buckets: HashMap::new(), swept: None };
        Self { pace: Pace::new(limits.messages_per_second, limits.burst), capacity: limits.sources.max(1), held: Mutex::new(held) }
    }

    /// Takes one token, or says how long until there is one.
    pub fn take(&self, source: IpAddr, now: Instant) -> Result<(), Duration> {
        let held = &mut *self.held.lock();
        let source = self.place(held, site(source), now);
        self.pace.take(held.buckets.entry(source).or_insert(self.pace.full()), now)
    }

    /// Gives tokens back: a success followed.
    pub fn give(&self, source: IpAddr, tokens: u32) {
        let held = &mut *self.held.lock();
        let source = Some(site(source)).filter(|source| held.buckets.contains_key(source)).unwrap_or(REST);
        if let Some(bucket) = held.buckets.get_mut(&source) {
            self.pace.give(bucket, tokens);
        }
    }

    fn place(&self, held: &mut Held, source: IpAddr, now: Instant) -> IpAddr {
        if held.buckets.contains_key(&source) || held.buckets.len() < self.capacity {
            return source;
        }
        if held.swept.is_none_or(|at| now.saturating_duration_since(at) >= SWEEP) {
            held.swept = Some(now);
            held.buckets.retain(|_, bucket| !self.pace.is_full(*bucket, now));
        }
        if held.buckets.len() < self.capacity { source } else { REST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_sources_share_what_is_left() {
        let rates = Rates::new(&Limits { messages_per_second: 1, burst: 2, sources: 4, ..Limits::default() });
        let now = Instant::now();
        let taken = (0..=255u8).filter(|n| rates.take([10, 0, 0, *n].into(), now).is_ok()).count();
        assert_eq!(taken, 4 + 2);
        assert!(rates.held.lock().buckets.len() <= 5);
        assert!(rates.take([10, 0, 0, 200].into(), now).is_err());
        rates.give([10, 0, 0, 200].into(), 1);
        assert!(rates.take([10, 0, 0, 200].into(), now).is_ok());
        assert!(rates.take([10, 0, 0, 9].into(), now + Duration::from_secs(9)).is_ok(), "full ones make room");
    }
}
