//! What goes on, for those who watch: a broadcast of small signals; each reader makes of them what its account may see.

use crate::{Caller, Service, failure::Stored};
use domain::view::{JobView, Live, Network};
use domain::{AccountId, BatchId, DeviceId, Event, Problem, SeatId};
use std::sync::Arc;
use tokio::sync::{OnceCell, broadcast};

/// How many signals a slow reader may be behind before it must load anew.
const BEHIND: usize = 4096;

/// Something happened.
#[derive(Clone, Debug)]
pub enum Signal {
    /// What is known of the device is looked up once, by the first who wants it.
    Network {
        account: AccountId,
        seat: SeatId,
        device: DeviceId,
        known: Arc<OnceCell<Network>>,
    },
    Presence {
        account: AccountId,
        device: DeviceId,
    },
    Job {
        account: AccountId,
        job: Box<JobView>,
    },
    Batch {
        account: AccountId,
        batch: BatchId,
    },
    Event(Box<Event>),
}

impl Signal {
    pub const fn account(&self) -> AccountId {
        match self {
            Self::Network { account, .. } | Self::Presence { account, .. } | Self::Job { account, .. } | Self::Batch { account, .. } => {
                *account
            }
            Self::Event(event) => event.account,
        }
    }
}

pub(crate) struct Hub {
    sender: broadcast::Sender<Signal>,
}

impl Hub {
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(BEHIND) }
    }

    pub fn send(&self, signal: Signal) {
        // Nobody listening is no failure.
        let _ = self.sender.send(signal);
    }
}

/// The live stream of one account for one caller.
pub struct LiveFeed {
    service: Service,
    account: AccountId,
    caller: Caller,
    missed: std::collections::VecDeque<Event>,
    reload: bool,
    last: i64,
    receiver: broadcast::Receiver<Signal>,
    /// Received and not told yet, while what it needs is looked up.
    at_hand: Option<Signal>,
}

impl Service {
    /// Opens the account's stream: first the events after number `after`, then what happens.
    pub async fn live(&self, caller: &Caller, account: AccountId, after: Option<i64>) -> Result<LiveFeed, Problem> {
        self.role(caller, account).await?;
        // Listening begins before the past is read: nothing falls between.
        let receiver = self.inner.hub.sender.subscribe();
        let read = self.inner.store.read();
        let now = read.last_event(account).await.or_fail()?;
        let after = after.unwrap_or(now);
        let missed = read.events_after(account, after, BEHIND as u64).await.or_fail()?;
        let reload = after > now || missed.len() >= BEHIND;
        Ok(LiveFeed {
            service: self.clone(),
            account,
            caller: caller.clone(),
            missed: missed.into(),
            reload,
            last: after.min(now),
            receiver,
            at_hand: None,
        })
    }
}

impl LiveFeed {
    /// The next message with the number to resume from. None: the session or the role ended. Whoever gives up waiting loses nothing.
    pub async fn next(&mut self) -> Option<(i64, Live)> {
        if std::mem::take(&mut self.reload) {
            return Some((self.last, Live::Reload));
        }
        loop {
            if let Some(event) = self.missed.pop_front() {
                self.last = event.seq;
                return Some((event.seq, Live::Event(Box::new(event))));
            }
            if let Some(Signal::Network { seat, device, known, .. }) = self.at_hand.clone() {
                let network = known.get_or_init(|| self.service.network(device)).await.clone();
                self.at_hand = None;
                return Some((self.last, Live::Network { device, seat, network }));
            }
            let signal = match self.receiver.recv().await {
                Ok(signal) if signal.account() == self.account => signal,
                Ok(_) => continue,
                Err(broadcast::error::RecvError::Lagged(_)) => return Some((self.last, Live::Reload)),
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            match signal {
                Signal::Event(event) if event.seq <= self.last => {}
                Signal::Event(event) => {
                    self.last = event.seq;
                    return Some((event.seq, Live::Event(event)));
                }
                Signal::Batch { batch, .. } => return Some((self.last, Live::Batch(batch))),
                Signal::Job { job, .. } => return Some((self.last, Live::Job(job))),
                Signal::Presence { device, .. } => return Some((self.last, Live::Presence(device))),
                Signal::Network { .. } => self.at_hand = Some(signal),
            }
        }
    }

    /// Whether the caller may still watch. Ask now and then.
    pub async fn is_allowed(&self) -> bool {
        self.service.is_open(&self.caller).await && self.service.role(&self.caller, self.account).await.is_ok()
    }
}
