//! What waits to be written, and what is counted in memory alone.

use crate::phones::bursts::{Bursts, Key, Told};
use crate::phones::changed::{Changed, Which};
use domain::view::Refused;
use domain::{AccountId, Binding, DeviceId, Dropped, Flaps, Millis, RegistrarEvent, Tries};
use serde_json::json;
use std::collections::HashMap;
use store::NewPhoneEvent;

/// How many events wait at most while the disk does not take them.
const MOST_EVENTS: usize = 50_000;
/// To write all registrations is much to try in vain: so many turns go by before it is tried again.
pub(super) const PAUSE: u8 = 10;
/// The kind of event that begins a registration.
pub(super) const BEGAN: &str = "registered";

/// An event, and the burst that its row counts.
pub(super) type Row = (NewPhoneEvent, Option<Key>);

#[derive(Default)]
pub(super) struct Dirty {
    pub bindings: Changed,
    /// Turns that go by until all registrations are written.
    pub pause: u8,
    /// How many registrations of a device began that are not written; those that are being written are among them.
    pub begun: HashMap<DeviceId, u32>,
    /// The number of the newest event that is known to be written.
    pub written: Option<i64>,
    pub events: Vec<Row>,
    pub tries: Tries,
    pub bursts: Bursts,
    pub flaps: HashMap<DeviceId, Flaps>,
    /// The latest time that was seen.
    pub now: Millis,
}

impl Dirty {
    /// Whether it is news for those who look at the device.
    pub fn take(&mut self, event: RegistrarEvent, now: Millis) -> bool {
        self.now = now;
        let row = self.row(&event, now);
        let counted = matches!(event, RegistrarEvent::Refused { .. }) && row.is_none();
        if let Some(row) = row {
            self.push(row);
        }
        self.flaps(&event, now);
        match event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } | RegistrarEvent::Unreachable(b) => {
                self.bindings.put(b.key(), Some(b));
            }
            RegistrarEvent::Dropped { binding, .. } => {
                self.bindings.put(binding.key(), None);
            }
            RegistrarEvent::Refused { .. } => {}
        }
        !counted
    }

    fn push(&mut self, row: Row) {
        if row.0.kind == BEGAN
            && let Some(device) = row.0.device
        {
            *self.begun.entry(device).or_default() += 1;
        }
        if self.events.len() < MOST_EVENTS {
            self.events.push(row);
        } else {
            self.lost(&row);
        }
    }

    /// It is not among what waits any more.
    fn no_longer_begun(&mut self, row: &Row) {
        if let Some(device) = row.0.device.filter(|_| row.0.kind == BEGAN)
            && let Some(n) = self.begun.get_mut(&device)
        {
            *n -= 1;
            if *n == 0 {
                self.begun.remove(&device);
            }
        }
    }

    /// It will not be written.
    fn lost(&mut self, row: &Row) {
        self.no_longer_begun(row);
        if let Some(key) = &row.1 {
            self.bursts.unwritten(key);
        }
    }

    /// These are written, under these numbers.
    pub fn written(&mut self, rows: &[Row], numbers: &[i64]) {
        self.written = numbers.last().copied().or(self.written);
        for (row, number) in rows.iter().zip(numbers) {
            self.no_longer_begun(row);
            if let Some(key) = &row.1 {
                self.bursts.written(key, *number);
            }
        }
    }

    /// These are not written; what came meanwhile is newer.
    pub fn put_back(&mut self, bindings: Which, rows: Vec<Row>) {
        self.bindings.put_back(bindings);
        if self.bindings.is_all() {
            self.pause = PAUSE;
        }
        let newer = std::mem::replace(&mut self.events, rows);
        self.events.extend(newer);
        let beyond = self.events.split_off(self.events.len().min(MOST_EVENTS));
        for row in &beyond {
            self.lost(row);
        }
    }

    /// The events that wait, as they are now.
    pub fn rows(&mut self) -> Vec<Row> {
        let mut rows = std::mem::take(&mut self.events);
        for (event, key) in &mut rows {
            if let Some(detail) = key.as_ref().and_then(|key| self.bursts.detail(key)) {
                event.detail = detail.to_string();
            }
        }
        rows
    }

    /// What is to be written of the registrations at this turn.
    pub fn due(&mut self) -> Which {
        self.pause = self.pause.saturating_sub(1);
        if self.bindings.is_all() && self.pause > 0 { Which::These(HashMap::new()) } else { self.bindings.take() }
    }

    /// The row that an event makes; none where it makes none, or is counted elsewhere.
    fn row(&mut self, event: &RegistrarEvent, now: Millis) -> Option<Row> {
        let from = |b: &Binding| json!({ "source": b.source, "transport": b.transport, "user_agent": b.user_agent });
        let row = |b: &Binding, kind: &str, detail| Some((row_of(Some(b.account), b.device, now, kind, detail), None));
        match event {
            RegistrarEvent::Registered(b) => row(b, BEGAN, from(b)),
            RegistrarEvent::Refreshed { binding: b, reconnected: true } => row(b, "reconnected", from(b)),
            RegistrarEvent::Refreshed { .. } => None,
            RegistrarEvent::Unreachable(b) => row(b, "unreachable", from(b)),
            RegistrarEvent::Dropped { binding: b, why } => row(b, "dropped", json!({ "source": b.source, "why": why })),
            RegistrarEvent::Refused { account, device: None, realm, username, source, why, at, .. } => {
                // A realm that nobody has, where there are several accounts, is nobody's to see.
                if let Some(account) = account {
                    self.tries.take(*account, *source, username, realm, *why, *at);
                }
                None
            }
            RegistrarEvent::Refused { account, device: Some(device), realm, username, source, why, at, .. } => {
                let what = Refused {
                    source: *source,
                    realm: realm.clone(),
                    username: username.clone(),
                    why: *why,
                    count: 1,
                    last: *at,
                    others: false,
                };
                match self.bursts.take(*device, what) {
                    Told::Anew(key) => Some((row_of(*account, *device, *at, "refused", json!({})), Some(key))),
                    Told::Counted => None,
                }
            }
        }
    }

    fn flaps(&mut self, event: &RegistrarEvent, now: Millis) {
        let b = match event {
            RegistrarEvent::Unreachable(b) => b,
            // Where the connection closed before, that was the drop.
            RegistrarEvent::Dropped { binding: b, why: Dropped::Unregistered | Dropped::UnregisteredElsewhere | Dropped::Expired }
                if b.reachable =>
            {
                b
            }
            _ => return,
        };
        if let Some(flapping) = self.flaps.entry(b.device).or_default().dropped(now) {
            let row = row_of(Some(b.account), b.device, now, "flapping", json!(flapping));
            self.push((row, None));
        }
    }
}

fn row_of(account: Option<AccountId>, device: DeviceId, at: Millis, kind: &str, detail: serde_json::Value) -> NewPhoneEvent {
    NewPhoneEvent { account, device: Some(device), at, kind: kind.into(), detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::engine::binding;
    use domain::RefusedBecause;

    #[test]
    fn what_finds_no_room_is_not_waited_for_and_begins_anew_once_there_is_some() {
        let mut dirty = Dirty::default();
        let (full, late) = (binding(1, "sip:full@192.0.2.7"), binding(2, "sip:late@192.0.2.7"));
        let refused = RegistrarEvent::Refused {
            account: None,
            device: Some(late.device),
            realm: "first.test".into(),
            username: "late".into(),
            source: late.source,
            sender: domain::Sender::default(),
            why: RefusedBecause::WrongPassword,
            at: 0,
        };
        for _ in 0..MOST_EVENTS {
            dirty.take(RegistrarEvent::Registered(full.clone()), 0);
        }
        dirty.take(refused.clone(), 0);
        dirty.take(RegistrarEvent::Registered(late.clone()), 0);
        assert_eq!((dirty.events.len(), dirty.begun.get(&late.device)), (MOST_EVENTS, None));
        // What could not be written and what came meanwhile are too many together: the newest go.
        let rows = dirty.rows();
        dirty.take(refused.clone(), 0);
        dirty.put_back(Which::These(HashMap::new()), rows);
        assert_eq!((dirty.events.len(), dirty.begun.get(&full.device)), (MOST_EVENTS, Some(&(MOST_EVENTS as u32))));
        let rows = dirty.rows();
        let numbers: Vec<i64> = (1..=MOST_EVENTS as i64).collect();
        dirty.written(&rows, &numbers);
        assert_eq!((dirty.begun.is_empty(), dirty.written), (true, Some(MOST_EVENTS as i64)));
        assert!(dirty.take(refused, 0), "it is news");
        assert_eq!(dirty.rows().len(), 1);
    }
}
