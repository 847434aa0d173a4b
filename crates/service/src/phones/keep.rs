//! Write-behind of what phones do: bindings and their history go to a file of their own, coalesced, so that no REGISTER waits for a disk.

use super::bursts::{Bursts, Key, Told};
use super::changed::{Changed, Which};
use super::engine::PhoneEngine;
use domain::view::Refused;
use domain::{AccountId, Binding, DeviceId, Dropped, Flaps, Millis, RegistrarEvent, Tried, Tries};
use parking_lot::Mutex;
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    time::Duration,
};
use store::{Bounds, NewPhoneEvent, PhoneEvent, PhoneLog, StoreError};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often it is written.
const EVERY: Duration = Duration::from_millis(500);
/// How many events wait at most while the disk does not take them.
const MOST_EVENTS: usize = 50_000;
/// How long who asks waits for a disk: a page for its history, and a live message for a number that it can do without.
const PATIENCE: Duration = Duration::from_secs(1);
const LITTLE_PATIENCE: Duration = Duration::from_millis(200);
/// To write all registrations is much to try in vain: so many turns go by before it is tried again.
const PAUSE: u8 = 10;

#[derive(Default)]
struct Dirty {
    bindings: Changed,
    /// Turns that go by until all registrations are written.
    pause: u8,
    /// How many registrations of a device began that are not written.
    begun: HashMap<DeviceId, u32>,
    /// With the burst that the row counts.
    events: Vec<(NewPhoneEvent, Option<Key>)>,
    tries: Tries,
    bursts: Bursts,
    flaps: HashMap<DeviceId, Flaps>,
    /// The latest time that was seen.
    now: Millis,
}

/// What waits to be written.
pub(crate) struct Keep {
    log: PhoneLog,
    /// Who knows every registration, once there is one.
    engine: Arc<OnceLock<Arc<dyn PhoneEngine>>>,
    dirty: Mutex<Dirty>,
    /// One write at a time: numbers are in the order of what happened.
    turn: tokio::sync::Mutex<()>,
}

impl Keep {
    pub fn new(log: PhoneLog, engine: Arc<OnceLock<Arc<dyn PhoneEngine>>>) -> Self {
        Self { log, engine, dirty: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    pub async fn load(&self) -> Result<Vec<Binding>, StoreError> {
        self.log.load_bindings().await
    }

    /// Whether it is news for those who look at the device.
    pub fn take(&self, event: RegistrarEvent, now: Millis) -> bool {
        let dirty = &mut *self.dirty.lock();
        dirty.now = now;
        let told = dirty.row(&event, now);
        let counted = matches!(event, RegistrarEvent::Refused { .. }) && told.is_none();
        if let Some(told) = told.filter(|_| dirty.events.len() < MOST_EVENTS) {
            if let RegistrarEvent::Registered(binding) = &event {
                *dirty.begun.entry(binding.device).or_default() += 1;
            }
            dirty.events.push(told);
        }
        dirty.flaps(&event, now);
        match event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } | RegistrarEvent::Unreachable(b) => {
                dirty.bindings.put(b.key(), Some(b));
            }
            RegistrarEvent::Dropped { binding, .. } => {
                dirty.bindings.put(binding.key(), None);
            }
            RegistrarEvent::Refused { .. } => {}
        }
        !counted
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
        let (bindings, events, tries, going_on) = {
            let dirty = &mut *self.dirty.lock();
            let mut events = std::mem::take(&mut dirty.events);
            dirty.begun.clear();
            for (event, key) in &mut events {
                if let Some(detail) = key.as_ref().and_then(|key| dirty.bursts.detail(key)) {
                    event.detail = detail;
                }
            }
            dirty.flaps.retain(|_, flaps| !flaps.is_calm(dirty.now));
            let going_on = dirty.bursts.going_on(dirty.now);
            (dirty.due(), events, std::mem::take(&mut dirty.tries).into_all(), going_on)
        };
        if !(matches!(&bindings, Which::These(these) if these.is_empty()) && events.is_empty()) {
            self.write_events(bindings, events).await;
        }
        if tries.is_empty() && going_on.is_empty() {
            return;
        }
        if let Err(error) = self.log.note(&tries, &going_on).await {
            tracing::error!(%error, "refused tries could not be kept; tried again");
            self.dirty.lock().tries.put_back(tries);
        }
    }

    async fn write_events(&self, bindings: Which, events: Vec<(NewPhoneEvent, Option<Key>)>) {
        let rows: Vec<NewPhoneEvent> = events.iter().map(|(event, _)| event.clone()).collect();
        match self.write_bindings(&bindings, &rows).await {
            Ok(numbers) => {
                let dirty = &mut *self.dirty.lock();
                for (number, key) in numbers.into_iter().zip(&events).filter_map(|(n, (_, key))| Some((n, key.as_ref()?))) {
                    dirty.bursts.written(key, number);
                }
            }
            Err(error) => {
                tracing::error!(%error, "registrations could not be kept; tried again");
                self.put_back(bindings, events);
            }
        }
    }

    async fn write_bindings(&self, bindings: &Which, rows: &[NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
        match (bindings, self.engine.get()) {
            (Which::These(these), _) => {
                let (mut puts, mut removes) = (Vec::new(), Vec::new());
                for (key, binding) in these {
                    match binding {
                        Some(binding) => puts.push(binding.clone()),
                        None => removes.push(key.clone()),
                    }
                }
                self.log.apply(&puts, &removes, rows).await
            }
            // What changes from here on is told after it was taken, and is written at the next turn.
            (Which::All, Some(engine)) => self.log.replace(&engine.all_bindings(), rows).await,
            (Which::All, None) => Err(StoreError::Db("who is registered is not known yet".into())),
        }
    }

    /// What came meanwhile is newer.
    fn put_back(&self, bindings: Which, events: Vec<(NewPhoneEvent, Option<Key>)>) {
        let dirty = &mut *self.dirty.lock();
        dirty.bindings.put_back(bindings);
        if dirty.bindings.is_all() {
            dirty.pause = PAUSE;
        }
        let newer = std::mem::replace(&mut dirty.events, events);
        dirty.events.extend(newer);
        dirty.events.truncate(MOST_EVENTS);
    }

    /// How many registrations of the device began since then; those that wait to be written, where the disk does not say at once.
    pub async fn began_since(&self, device: DeviceId, since: Millis) -> u32 {
        let waiting = self.dirty.lock().begun.get(&device).copied().unwrap_or_default();
        let count = timeout(LITTLE_PATIENCE, self.log.count_phone_events(device, "registered", since)).await;
        waiting + count.ok().and_then(Result::ok).unwrap_or_default() as u32
    }

    /// What the device's phones did, the newest first: up to now, or as far as a disk that hangs has it.
    pub async fn events(self: &Arc<Self>, device: DeviceId, limit: u64, before: Option<i64>) -> Result<Vec<PhoneEvent>, StoreError> {
        self.catch_up().await;
        timeout(PATIENCE, self.log.phone_events(device, limit, before)).await.unwrap_or_else(|_| Err(hangs()))
    }

    /// What was tried in the account that belongs to no device, the latest source first; up to now, as [`Self::events`].
    pub async fn tries(self: &Arc<Self>, account: AccountId, limit: u64) -> Result<Vec<Tried>, StoreError> {
        self.catch_up().await;
        timeout(PATIENCE, self.log.tries(account, limit)).await.unwrap_or_else(|_| Err(hangs()))
    }

    async fn catch_up(self: &Arc<Self>) {
        let keep = self.clone();
        // A write that is given up half way would lose what it took: nobody waits for it any more, and it goes on.
        let write = tokio::spawn(async move { keep.write().await });
        let _ = timeout(PATIENCE, write).await;
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

impl Dirty {
    /// What is to be written of the registrations at this turn.
    fn due(&mut self) -> Which {
        self.pause = self.pause.saturating_sub(1);
        if self.bindings.is_all() && self.pause > 0 { Which::These(HashMap::new()) } else { self.bindings.take() }
    }

    /// The row that an event makes; none where it makes none, or is counted elsewhere.
    fn row(&mut self, event: &RegistrarEvent, now: Millis) -> Option<(NewPhoneEvent, Option<Key>)> {
        let from = |b: &Binding| json!({ "source": b.source, "transport": b.transport, "user_agent": b.user_agent });
        let row = |b: &Binding, kind: &str, detail| Some((row_of(Some(b.account), b.device, now, kind, detail), None));
        match event {
            RegistrarEvent::Registered(b) => row(b, "registered", from(b)),
            RegistrarEvent::Refreshed { binding: b, reconnected: true } => row(b, "reconnected", from(b)),
            RegistrarEvent::Refreshed { .. } => None,
            RegistrarEvent::Unreachable(b) => row(b, "unreachable", from(b)),
            RegistrarEvent::Dropped { binding: b, why } => row(b, "dropped", json!({ "source": b.source, "why": why })),
            RegistrarEvent::Refused { account, device: None, realm, username, source, why, at } => {
                // A realm that nobody has, where there are several accounts, is nobody's to see.
                if let Some(account) = account {
                    self.tries.take(*account, *source, username, realm, *why, *at);
                }
                None
            }
            RegistrarEvent::Refused { account, device: Some(device), realm, username, source, why, at } => {
                let what = Refused { source: *source, realm: realm.clone(), username: username.clone(), why: *why, count: 1, last: *at };
                match self.bursts.take(*device, what) {
                    Told::Anew(key) => Some((row_of(*account, *device, *at, "refused", json!({})), Some(key))),
                    Told::Counted | Told::Lost => None,
                }
            }
        }
    }

    fn flaps(&mut self, event: &RegistrarEvent, now: Millis) {
        let b = match event {
            RegistrarEvent::Unreachable(b) => b,
            // Where the connection closed before, that was the drop.
            RegistrarEvent::Dropped { binding: b, why: Dropped::Unregistered | Dropped::Expired } if b.reachable => b,
            _ => return,
        };
        if let Some(flapping) = self.flaps.entry(b.device).or_default().dropped(now) {
            let row = row_of(Some(b.account), b.device, now, "flapping", json!(flapping));
            if self.events.len() < MOST_EVENTS {
                self.events.push((row, None));
            }
        }
    }
}

fn row_of(account: Option<AccountId>, device: DeviceId, at: Millis, kind: &str, detail: serde_json::Value) -> NewPhoneEvent {
    NewPhoneEvent { account, device: Some(device), at, kind: kind.into(), detail }
}

#[cfg(test)]
mod tests;
