//! Patience with a disk, for live messages: each can do without its number, and they come one after another.

use parking_lot::Mutex;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long an answer is waited for.
const LITTLE: Duration = Duration::from_millis(200);
/// How long nobody asks after one that did not come.
const REST: Duration = Duration::from_secs(5);

pub(super) struct Patience {
    little: Duration,
    rest: Duration,
    /// It did not answer: until then it is not asked.
    until: Mutex<Option<Instant>>,
}

impl Default for Patience {
    fn default() -> Self {
        Self::new(LITTLE, REST)
    }
}

impl Patience {
    pub fn new(little: Duration, rest: Duration) -> Self {
        Self { little, rest, until: Mutex::default() }
    }

    /// None: it does not answer at once, or did not a moment ago.
    pub async fn ask<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        if self.until.lock().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let answer = timeout(self.little, question).await.ok();
        *self.until.lock() = answer.is_none().then(|| Instant::now() + self.rest);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test]
    async fn a_disk_that_hangs_keeps_one_waiting_and_not_each() {
        let (little, begun) = (Duration::from_millis(50), Instant::now());
        let patience = Patience::new(little, Duration::from_mins(1));
        for _ in 0..100 {
            assert_eq!(patience.ask(pending::<()>()).await, None);
        }
        assert!((little..90 * little).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        let patience = Patience::new(little, little);
        assert_eq!(patience.ask(pending::<()>()).await, None);
        tokio::time::sleep(2 * little).await;
        assert_eq!(patience.ask(ready(7)).await, Some(7), "it is asked again after a while");
        assert_eq!(patience.ask(ready(8)).await, Some(8));
    }
}
