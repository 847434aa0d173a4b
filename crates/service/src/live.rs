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

/// One message.
#[derive(Clone, Debug)]
pub struct Told {
    /// The number to resume from.
    pub seq: i64,
    /// None: it is about all that are watched.
    pub account: Option<AccountId>,
    pub live: Live,
}

/// The live stream of some accounts for one caller.
pub struct LiveFeed {
    service: Service,
    accounts: Vec<AccountId>,
    caller: Caller,
    missed: std::collections::VecDeque<Event>,
    reload: bool,
    /// The number of the last event that was told.
    last: i64,
    /// The number of the last event that was heard of, in any account.
    heard: i64,
    /// Another process may have written events: the database says which.
    behind: bool,
    receiver: broadcast::Receiver<Signal>,
    /// Received and not delivered yet.
    taken: Option<Signal>,
}

impl Service {
    /// Opens the stream of the accounts: first the events after number `after`, then what happens. [`Problem::NotFound`] where the caller
    /// has no role in one of them, or there is none.
    pub async fn live(&self, caller: &Caller, accounts: Vec<AccountId>, after: Option<i64>) -> Result<LiveFeed, Problem> {
        let own = self.own(caller).await?;
        if accounts.is_empty() || !accounts.iter().all(|account| own.contains(account)) {
            return Err(Problem::NotFound);
        }
        // Listening begins before the past is read: nothing falls between.
        let receiver = self.inner.hub.sender.subscribe();
        let read = self.inner.store.read();
        let now = read.last_event().await.or_fail()?;
        let after = after.unwrap_or(now);
        let missed = read.events_after(&accounts, after, BEHIND as u64).await.or_fail()?;
        let reload = after > now || missed.len() >= BEHIND;
        Ok(LiveFeed {
            service: self.clone(),
            accounts,
            caller: caller.clone(),
            missed: missed.into(),
            reload,
            last: after.min(now),
            heard: now,
            behind: false,
            receiver,
            taken: None,
        })
    }

    /// Where the caller has a role.
    async fn own(&self, caller: &Caller) -> Result<Vec<AccountId>, Problem> {
        let rows = self.inner.store.read().memberships(caller.id).await.or_fail()?;
        Ok(rows.into_iter().map(|(membership, _)| membership.account).collect())
    }
}

impl LiveFeed {
    /// The next message. None: the server ends. Who drops the future before it is ready loses nothing: the next one goes on where it was.
    pub async fn next(&mut self) -> Option<Told> {
        if std::mem::take(&mut self.reload) {
            return Some(self.reload());
        }
        let (account, live) = loop {
            if self.behind {
                let missed = self.service.inner.store.read().events_after(&self.accounts, self.last, BEHIND as u64).await;
                self.behind = false;
                match missed {
                    Ok(missed) if missed.len() < BEHIND => self.missed = missed.into(),
                    _ => return Some(self.reload()),
                }
            }
            if let Some(event) = self.missed.pop_front() {
                self.last = event.seq;
                break (event.account, Live::Event(Box::new(event)));
            }
            if self.taken.is_none() {
                match self.receiver.recv().await {
                    Ok(signal) => {
                        if let Signal::Event(event) = &signal {
                            // A number that was not heard of is the command line's, which writes beside the server.
                            self.behind = event.seq > self.heard + 1;
                            self.heard = self.heard.max(event.seq);
                        }
                        self.taken = Some(signal).filter(|signal| self.accounts.contains(&signal.account()));
                        continue;
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => return Some(self.reload()),
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
            if let Some(Signal::Network { account, seat, device, known }) = &self.taken {
                let (account, seat, device) = (*account, *seat, *device);
                let network = known.get_or_init(|| self.service.network(device)).await.clone();
                self.taken = None;
                break (account, Live::Network { device, seat, network });
            }
            match self.taken.take() {
                Some(Signal::Event(event)) if event.seq > self.last => {
                    self.last = event.seq;
                    break (event.account, Live::Event(event));
                }
                Some(Signal::Batch { account, batch }) => break (account, Live::Batch(batch)),
                Some(Signal::Job { account, job }) => break (account, Live::Job(job)),
                Some(Signal::Presence { account, device }) => break (account, Live::Presence(device)),
                // Known already, or told above.
                Some(Signal::Event(_) | Signal::Network { .. }) | None => {}
            }
        };
        Some(Told { seq: self.last, account: Some(account), live })
    }

    /// Has the next question look for what another process wrote. Ask now and then.
    pub const fn look(&mut self) {
        self.behind = true;
    }

    fn reload(&self) -> Told {
        Told { seq: self.last, account: None, live: Live::Reload }
    }

    /// Whether the caller may still watch all of it. Ask now and then.
    pub async fn is_allowed(&self) -> bool {
        let own = self.service.own(&self.caller).await.unwrap_or_default();
        self.service.is_open(&self.caller).await && self.accounts.iter().all(|account| own.contains(account))
    }
}
