//! Token buckets: how much at once, and how fast it may go on. Pure; time is given.

use std::time::{Duration, Instant};

/// How buckets of one kind fill. Tokens are messages.
pub(crate) struct Pace {
    per_second: f32,
    burst: f32,
    begun: Instant,
}

/// One bucket; small, for there is one for each flow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: f32,
    /// Milliseconds since the pace began, modulo 49 days: a bucket that nobody touched for so long is full either way, or nearly so.
    at: u32,
}

impl Pace {
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: per_second.max(1) as f32, burst: burst.max(1) as f32, begun: Instant::now() }
    }

    pub const fn full(&self) -> Bucket {
        Bucket { tokens: self.burst, at: 0 }
    }

    /// Takes one token, or says how long until there is one.
    pub fn take(&self, bucket: &mut Bucket, now: Instant) -> Result<(), Duration> {
        *bucket = Bucket { tokens: self.filled(*bucket, now), at: self.millis(now) };
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f32((1.0 - bucket.tokens) / self.per_second))
    }

    /// Gives tokens back; above its burst it holds none.
    pub fn give(&self, bucket: &mut Bucket, tokens: u32) {
        bucket.tokens = (bucket.tokens + tokens as f32).min(self.burst);
    }

    pub fn is_full(&self, bucket: Bucket, now: Instant) -> bool {
        self.filled(bucket, now) >= self.burst
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f32 {
        let seconds = self.millis(now).wrapping_sub(bucket.at) as f32 / 1_000.0;
        seconds.mul_add(self.per_second, bucket.tokens).min(self.burst)
    }

    #[expect(clippy::cast_possible_truncation, reason = "modulo 49 days, as `Bucket::at` says")]
    fn millis(&self, now: Instant) -> u32 {
        now.saturating_duration_since(self.begun).as_millis() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate_then_full_again() {
        let (pace, now) = (Pace::new(10, 3), Instant::now() + Duration::from_secs(9));
        let mut bucket = pace.full();
        assert_eq!((0..5).filter(|_| pace.take(&mut bucket, now).is_ok()).count(), 3);
        let wait = pace.take(&mut bucket, now).expect_err("empty");
        assert!((Duration::from_millis(90)..=Duration::from_millis(101)).contains(&wait), "{wait:?}");
        assert!(pace.take(&mut bucket, now + Duration::from_millis(101)).is_ok());
        let later = now + Duration::from_mins(1);
        assert!(pace.is_full(bucket, later));
        assert_eq!((0..9).filter(|_| pace.take(&mut bucket, later).is_ok()).count(), 3);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let (pace, now) = (Pace::new(1, 3), Instant::now());
        let mut bucket = pace.full();
        for _ in 0..100 {
            assert!(pace.take(&mut bucket, now).is_ok() && pace.take(&mut bucket, now).is_ok());
            pace.give(&mut bucket, 2);
        }
        pace.give(&mut bucket, 99);
        assert_eq!((0..9).filter(|_| pace.take(&mut bucket, now).is_ok()).count(), 3);
    }
}
