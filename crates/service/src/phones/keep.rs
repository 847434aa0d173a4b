//! Write-behind of what phones do: bindings and their history go to a file of their own, coalesced, so that no REGISTER waits for a disk.

mod dirty;
mod patience;

use super::changed::Which;
use super::engine::PhoneEngine;
use dirty::{BEGAN, Dirty, Row};
use domain::{AccountId, Binding, DeviceId, Millis, RegistrarEvent, Tried};
use parking_lot::Mutex;
use patience::Patience;
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Bounds, NewPhoneEvent, PhoneEvent, PhoneLog, StoreError};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// How often it is written.
const EVERY: Duration = Duration::from_millis(500);
/// How long a page waits for its history.
const LONGEST: Duration = Duration::from_secs(1);

/// What waits to be written.
pub(crate) struct Keep {
    log: PhoneLog,
    /// Who knows every registration, once there is one.
    engine: Arc<OnceLock<Arc<dyn PhoneEngine>>>,
    dirty: Mutex<Dirty>,
    /// One write at a time: numbers are in the order of what happened.
    turn: tokio::sync::Mutex<()>,
    /// A write was asked for and has not begun.
    asked: AtomicBool,
    /// How many writes began, and how many ended.
    began: watch::Sender<u64>,
    ended: watch::Sender<u64>,
    patience: Patience,
}

impl Keep {
    pub fn new(log: PhoneLog, engine: Arc<OnceLock<Arc<dyn PhoneEngine>>>) -> Self {
        Self {
            log,
            engine,
            dirty: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            asked: AtomicBool::new(false),
            began: watch::Sender::default(),
            ended: watch::Sender::default(),
            patience: Patience::default(),
        }
    }

    /// What was kept. Before anything is written.
    pub async fn load(&self) -> Result<Vec<Binding>, StoreError> {
        let last = self.log.last_phone_event().await?;
        self.dirty.lock().written = Some(last);
        self.log.load_bindings().await
    }

    /// Whether it is news for those who look at the device.
    pub fn take(&self, event: RegistrarEvent, now: Millis) -> bool {
        self.dirty.lock().take(event, now)
    }

    pub async fn run(&self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            let last = tokio::select! { _ = tick.tick() => false, () = stop.cancelled() => true };
            if last {
                self.dirty.lock().pause = 0;
            }
            self.write().await;
            if last {
                return;
            }
        }
    }

    async fn write(&self) {
        let _turn = self.turn.lock().await;
        // What is told from here on is for the next one.
        self.asked.store(false, Ordering::SeqCst);
        self.began.send_modify(|n| *n += 1);
        let number = *self.began.borrow();
        let (bindings, events, tries, going_on) = {
            let dirty = &mut *self.dirty.lock();
            let rows = dirty.rows();
            dirty.flaps.retain(|_, flaps| !flaps.is_calm(dirty.now));
            let going_on = dirty.bursts.going_on(dirty.now);
            (dirty.due(), rows, std::mem::take(&mut dirty.tries).into_all(), going_on)
        };
        if !(matches!(&bindings, Which::These(these) if these.is_empty()) && events.is_empty()) {
            self.write_events(bindings, events).await;
        }
        if !(tries.is_empty() && going_on.is_empty())
            && let Err(error) = self.log.note(&tries, &going_on, 2 * Bounds::default().sources).await
        {
            tracing::error!(%error, "refused tries could not be kept; tried again");
            let dirty = &mut *self.dirty.lock();
            dirty.tries.put_back(tries);
            dirty.bursts.put_back(going_on);
        }
        self.ended.send_replace(number);
    }

    async fn write_events(&self, bindings: Which, events: Vec<Row>) {
        let rows: Vec<&NewPhoneEvent> = events.iter().map(|(event, _)| event).collect();
        match self.write_bindings(&bindings, &rows).await {
            Ok(numbers) => self.dirty.lock().written(&events, &numbers),
            Err(error) => {
                tracing::error!(%error, "registrations could not be kept; tried again");
                self.dirty.lock().put_back(bindings, events);
            }
        }
    }

    async fn write_bindings(&self, bindings: &Which, rows: &[&NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
        match (bindings, self.engine.get()) {
            (Which::These(these), _) => {
                let (mut puts, mut removes) = (Vec::new(), Vec::new());
                for (key, binding) in these {
                    match binding {
                        Some(binding) => puts.push(binding),
                        None => removes.push(key),
                    }
                }
                self.log.apply(&puts, &removes, rows).await
            }
            // What changes from here on is told after it was taken, and is written at the next turn.
            (Which::All, Some(engine)) => {
                let all = engine.all_bindings();
                self.log.replace(&all.iter().collect::<Vec<_>>(), rows).await
            }
            (Which::All, None) => Err(StoreError::Db("who is registered is not known yet".into())),
        }
    }

    /// How many registrations of the device began since then; those that wait to be written, where the disk does not say at once.
    pub async fn began_since(&self, device: DeviceId, since: Millis) -> u32 {
        let (waiting, written) = {
            let dirty = self.dirty.lock();
            (dirty.begun.get(&device).copied().unwrap_or_default(), dirty.written)
        };
        // Up to the last one that does not wait: none is counted twice.
        let count = self.patience.ask(self.log.count_phone_events(device, BEGAN, since, written)).await;
        waiting + count.and_then(Result::ok).unwrap_or_default() as u32
    }

    /// What the device's phones did, the newest first: up to now, or as far as a disk that hangs has it.
    pub async fn events(self: &Arc<Self>, device: DeviceId, limit: u64, before: Option<i64>) -> Result<Vec<PhoneEvent>, StoreError> {
        self.catch_up().await;
        timeout(LONGEST, self.log.phone_events(device, limit, before)).await.unwrap_or_else(|_| Err(hangs()))
    }

    /// What was tried in the account that belongs to no device, the latest source first; up to now, as [`Self::events`].
    pub async fn tries(self: &Arc<Self>, account: AccountId, limit: u64) -> Result<Vec<Tried>, StoreError> {
        self.catch_up().await;
        timeout(LONGEST, self.log.tries(account, limit)).await.unwrap_or_else(|_| Err(hangs()))
    }

    /// Waits until what was told up to now is written, or the disk takes too long. One write is asked for at a time, however many wait: a
    /// disk that hangs gathers no tasks.
    async fn catch_up(self: &Arc<Self>) {
        let (mut ended, wanted) = (self.ended.subscribe(), *self.began.borrow() + 1);
        if !self.asked.swap(true, Ordering::SeqCst) {
            let keep = self.clone();
            // A write that is given up half way would lose what it took: who waits may go, and it goes on.
            tokio::spawn(async move { keep.write().await });
        }
        let _ = timeout(LONGEST, ended.wait_for(|n| *n >= wanted)).await;
    }

    pub fn is_flapping(&self, device: DeviceId, now: Millis) -> bool {
        self.dirty.lock().flaps.get(&device).is_some_and(|flaps| flaps.is_flapping(now))
    }

    pub async fn trim(&self, older_than: Millis) {
        if let Err(error) = self.log.trim(older_than, Bounds::default()).await {
            tracing::warn!(%error, "old phone events could not be trimmed");
        }
    }
}

fn hangs() -> StoreError {
    StoreError::Db("what phones did can't be read: the disk does not answer".into())
}

#[cfg(test)]
mod tests;
