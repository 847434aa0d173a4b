//! The REGISTER that a phone sends, and its retransmissions (RFC 3261 §17.1.2).

use std::time::Duration;
use tokio::time::Instant;

const T1: Duration = Duration::from_millis(500);
const T2: Duration = Duration::from_secs(4);

/// What a REGISTER is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Register,
    /// Leaving for a restart.
    Leave,
    /// Switched off.
    Off,
}

/// A request without a final answer.
#[derive(Debug)]
pub struct Pending {
    pub purpose: Purpose,
    pub branch: String,
    /// It carried credentials for the newest challenge.
    pub authorised: bool,
    pub bytes: String,
    interval: Duration,
    resend: Instant,
    give_up: Instant,
}

impl Pending {
    pub fn new(purpose: Purpose, branch: String, authorised: bool, bytes: String) -> Self {
        let now = Instant::now();
        // A phone that leaves does not wait for Timer F.
        let patience = if purpose == Purpose::Register { 64 * T1 } else { 4 * T1 };
        Self { purpose, branch, authorised, bytes, interval: T1, resend: now + T1, give_up: now + patience }
    }

    /// When to look at it again.
    pub fn wake(&self) -> Instant {
        self.resend.min(self.give_up)
    }

    pub fn given_up(&self) -> bool {
        Instant::now() >= self.give_up
    }

    /// Whether it is time to send it again; counts that as done.
    pub fn due(&mut self) -> bool {
        let now = Instant::now();
        let due = now >= self.resend;
        if due {
            self.interval = (2 * self.interval).min(T2);
            self.resend = now + self.interval;
        }
        due
    }
}
