//! Write-behind of what phones do: bindings and their history go to a file of their own, coalesced, so that no REGISTER waits for a disk.

use domain::{Binding, BindingKey, DeviceId, Millis, RegistrarEvent};
use parking_lot::Mutex;
use serde_json::json;
use std::{collections::HashMap, time::Duration};
use store::{NewPhoneEvent, PhoneLog, StoreError};
use tokio_util::sync::CancellationToken;

/// How often it is written.
const EVERY: Duration = Duration::from_millis(500);
/// How many events wait at most while the disk does not take them.
const MOST_EVENTS: usize = 50_000;

#[derive(Default)]
struct Dirty {
    /// None: to be removed.
    bindings: HashMap<BindingKey, Option<Binding>>,
    events: Vec<NewPhoneEvent>,
}

/// What waits to be written.
pub(crate) struct Keep {
    log: PhoneLog,
    dirty: Mutex<Dirty>,
}

impl Keep {
    pub fn new(log: PhoneLog) -> Self {
        Self { log, dirty: Mutex::default() }
    }

    pub async fn load(&self) -> Result<Vec<Binding>, StoreError> {
        self.log.load_bindings().await
    }

    pub fn take(&self, event: RegistrarEvent, now: Millis) {
        let mut dirty = self.dirty.lock();
        let row = |b: &Binding, kind: &str, detail| NewPhoneEvent {
            account: Some(b.account),
            device: Some(b.device),
            at: now,
            kind: kind.into(),
            detail,
        };
        let from = |b: &Binding| json!({ "source": b.source, "transport": b.transport, "user_agent": b.user_agent });
        let told = match &event {
            RegistrarEvent::Registered(b) => Some(row(b, "registered", from(b))),
            RegistrarEvent::Refreshed { binding: b, reconnected: true } => Some(row(b, "reconnected", from(b))),
            RegistrarEvent::Refreshed { .. } => None,
            RegistrarEvent::Unreachable(b) => Some(row(b, "unreachable", from(b))),
            RegistrarEvent::Dropped { binding, why } => Some(row(binding, "dropped", json!({ "source": binding.source, "why": why }))),
            RegistrarEvent::Refused { account, device, realm, username, source, why, at } => Some(NewPhoneEvent {
                account: *account,
                device: *device,
                at: *at,
                kind: "refused".into(),
                detail: json!({ "realm": realm, "username": username, "source": source, "why": why }),
            }),
        };
        if let Some(told) = told.filter(|_| dirty.events.len() < MOST_EVENTS) {
            dirty.events.push(told);
        }
        match event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } | RegistrarEvent::Unreachable(b) => {
                dirty.bindings.insert(b.key(), Some(b));
            }
            RegistrarEvent::Dropped { binding, .. } => {
                dirty.bindings.insert(binding.key(), None);
            }
            RegistrarEvent::Refused { .. } => {}
        }
    }

    pub async fn run(&self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            let last = tokio::select! { _ = tick.tick() => false, () = stop.cancelled() => true };
            self.write().await;
            if last {
                return;
            }
        }
    }

    async fn write(&self) {
        let dirty = std::mem::take(&mut *self.dirty.lock());
        if dirty.bindings.is_empty() && dirty.events.is_empty() {
            return;
        }
        let (mut puts, mut removes) = (Vec::new(), Vec::new());
        for (key, binding) in &dirty.bindings {
            match binding {
                Some(binding) => puts.push(binding.clone()),
                None => removes.push(key.clone()),
            }
        }
        if let Err(error) = self.log.apply(&puts, &removes, &dirty.events).await {
            tracing::error!(%error, "registrations could not be kept; tried again");
            self.put_back(dirty);
        }
    }

    /// What came meanwhile is newer.
    fn put_back(&self, old: Dirty) {
        let mut dirty = self.dirty.lock();
        for (key, binding) in old.bindings {
            dirty.bindings.entry(key).or_insert(binding);
        }
        let newer = std::mem::replace(&mut dirty.events, old.events);
        dirty.events.extend(newer);
        dirty.events.truncate(MOST_EVENTS);
    }

    /// How many registrations of the device began since then, as far as they are written.
    pub async fn began_since(&self, device: DeviceId, since: Millis) -> u32 {
        self.log.count_phone_events(device, "registered", since).await.unwrap_or_default() as u32
    }

    pub async fn trim(&self, older_than: Millis) {
        if let Err(error) = self.log.trim(older_than).await {
            tracing::warn!(%error, "old phone events could not be trimmed");
        }
    }
}
