//! A token bucket for each source address.

use crate::config::Limits;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

pub(crate) struct Rates {
    per_second: f64,
    burst: f64,
    capacity: usize,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Whose bucket the sources beyond the capacity share.
const REST: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

impl Rates {
    pub fn new(limits: &Limits) -> Self {
        Self {
            per_second: f64::from(limits.messages_per_second.max(1)),
            burst: f64::from(limits.burst.max(1)),
            capacity: limits.sources.max(1),
            buckets: Mutex::default(),
        }
    }

    /// Takes one token, or says how long until there is one.
    pub fn take(&self, source: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock();
        let mut source = source;
        if !buckets.contains_key(&source) && buckets.len() >= self.capacity {
            buckets.retain(|_, b| self.filled(*b, now) < self.burst);
            if buckets.len() >= self.capacity {
                source = REST;
            }
        }
        let bucket = buckets.entry(source).or_insert(Bucket { tokens: self.burst, at: now });
        let tokens = self.filled(*bucket, now);
        let taken = tokens >= 1.0;
        *bucket = Bucket { tokens: if taken { tokens - 1.0 } else { tokens }, at: now };
        if taken { Ok(()) } else { Err(Duration::from_secs_f64((1.0 - tokens) / self.per_second)) }
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        now.saturating_duration_since(bucket.at).as_secs_f64().mul_add(self.per_second, bucket.tokens).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate_then_full_again() {
        let rates = Rates::new(&Limits { messages_per_second: 10, burst: 3, sources: 2, ..Limits::default() });
        let (a, now) = ("10.0.0.1".parse().expect("address"), Instant::now());
        assert_eq!((0..5).filter(|_| rates.take(a, now).is_ok()).count(), 3);
        let wait = rates.take(a, now).expect_err("empty");
        assert!((Duration::from_millis(90)..=Duration::from_millis(101)).contains(&wait), "{wait:?}");
        assert!(rates.take(a, now + Duration::from_millis(101)).is_ok());
        assert_eq!((0..9).filter(|_| rates.take(a, now + Duration::from_mins(1)).is_ok()).count(), 3);
    }

    #[test]
    fn many_sources_share_what_is_left() {
        let rates = Rates::new(&Limits { messages_per_second: 1, burst: 2, sources: 4, ..Limits::default() });
        let now = Instant::now();
        let taken = (0..=255u8).filter(|n| rates.take([10, 0, 0, *n].into(), now).is_ok()).count();
        assert_eq!(taken, 4 + 2);
        assert!(rates.buckets.lock().len() <= 5);
    }
}
