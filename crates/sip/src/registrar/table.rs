//! The bindings in memory (RFC 3261 §10.3 steps 6 to 8): each change whole or not at all.

use super::ask::{Change, Wanted};
use domain::{Binding, BindingKey, DeviceId, Dropped, Millis, RegistrarEvent, SECOND};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Same Call-ID, `CSeq` not higher.
    OutOfOrder,
    TooManyContacts,
}

#[derive(Default)]
pub(super) struct Table {
    devices: HashMap<DeviceId, Vec<Entry>>,
    by_expiry: BTreeSet<(Millis, u64)>,
    by_keepalive: BTreeSet<(Millis, u64)>,
    owners: HashMap<u64, DeviceId>,
    by_connection: HashMap<u64, HashSet<DeviceId>>,
    keepalive: Millis,
    serial: u64,
    /// What the observer is still to be told.
    pub outbox: Vec<RegistrarEvent>,
}

struct Entry {
    serial: u64,
    binding: Binding,
    keepalive_at: Option<Millis>,
}

impl Table {
    /// Bindings of an earlier run: those on streams have lost their connection.
    pub fn restore(bindings: Vec<Binding>, now: Millis, keepalive: Millis) -> Self {
        let mut table = Self { keepalive, ..Self::default() };
        for mut binding in bindings {
            if table.get(&binding.key()).is_some() {
                continue;
            }
            binding.connection = None;
            binding.reachable = !binding.transport.is_stream();
            // Spread over one period: all at once they would overflow the socket.
            let spread = keepalive * (table.serial as Millis % 64) / 64;
            table.insert(binding, now - keepalive + spread);
        }
        table
    }

    pub fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        self.devices.get(&device).into_iter().flatten().map(|e| e.binding.clone()).collect()
    }

    pub fn all(&self) -> Vec<Binding> {
        self.devices.values().flatten().map(|e| e.binding.clone()).collect()
    }

    pub fn get(&self, key: &BindingKey) -> Option<&Binding> {
        self.devices.get(&key.device)?.iter().map(|e| &e.binding).find(|b| b.contact == key.contact)
    }

    pub fn device_count(&self) -> usize {
        self.devices.len()
    }

    pub fn has(&self, device: DeviceId) -> bool {
        self.devices.contains_key(&device)
    }

    pub fn connection_in_use(&self, connection: u64) -> bool {
        let mut devices = self.by_connection.get(&connection).into_iter().flatten();
        devices.any(|d| self.devices.get(d).into_iter().flatten().any(|e| e.binding.connection == Some(connection)))
    }

    /// Applies what a REGISTER asks for. `limit` is the cap on contacts of a device.
    pub fn apply(&mut self, wanted: &Wanted, now: Millis, limit: usize) -> Result<(), Conflict> {
        self.expire(now);
        let device = wanted.registrant.device;
        let entries = self.devices.get(&device).map(Vec::as_slice).unwrap_or_default();
        let touched = |e: &&Entry| wanted.removes_all || wanted.changes.iter().any(|c| names(c, &e.binding));
        let late = |e: &Entry| e.binding.call_id == wanted.call_id && wanted.cseq <= e.binding.cseq;
        if entries.iter().filter(touched).any(late) {
            return Err(Conflict::OutOfOrder);
        }
        let mut kept: Vec<&Entry> = entries.iter().filter(|e| !touched(e)).collect();
        let added: HashSet<&str> = wanted.changes.iter().filter(|c| c.granted > 0).map(|c| c.contact.as_str()).collect();
        // A phone whose connections break leaves contacts behind that nothing can reach: they make room.
        let mut room = Vec::new();
        while kept.len() + added.len() > limit {
            let gone = kept.iter().enumerate().filter(|(_, e)| !e.binding.reachable).min_by_key(|(_, e)| e.binding.refreshed);
            let (at, entry) = gone.ok_or(Conflict::TooManyContacts)?;
            room.push(entry.serial);
            kept.remove(at);
        }
        for serial in room {
            self.remove(serial, Dropped::Expired);
        }
        if wanted.removes_all {
            self.end_device(device, Dropped::Unregistered);
        }
        for change in &wanted.changes {
            self.change(wanted, change, now);
        }
        Ok(())
    }

    fn change(&mut self, wanted: &Wanted, change: &Change, now: Millis) {
        let entries = self.devices.get(&wanted.registrant.device).into_iter().flatten();
        let before: Vec<(u64, Binding)> = entries.filter(|e| names(change, &e.binding)).map(|e| (e.serial, e.binding.clone())).collect();
        if change.granted == 0 {
            for (serial, _) in &before {
                self.remove(*serial, Dropped::Unregistered);
            }
            return;
        }
        let mut binding = wanted.binding(change, now);
        let same = before.iter().find(|(_, b)| b.contact == change.contact);
        if let Some((_, old)) = same {
            binding.since = old.since;
        }
        let reconnected = same.is_some_and(|(_, old)| {
            !old.reachable || old.source != binding.source || old.connection != binding.connection || old.call_id != binding.call_id
        });
        for (serial, old) in &before {
            if old.contact == change.contact {
                self.take(*serial);
            } else {
                // The same instance and reg-id under another contact replaces it (RFC 5626 §6).
                self.remove(*serial, Dropped::Unregistered);
            }
        }
        self.insert(binding.clone(), now);
        self.outbox.push(match same {
            Some(_) => RegistrarEvent::Refreshed { binding, reconnected },
            None => RegistrarEvent::Registered(binding),
        });
    }

    pub fn end_device(&mut self, device: DeviceId, why: Dropped) -> Vec<Binding> {
        let serials: Vec<u64> = self.devices.get(&device).into_iter().flatten().map(|e| e.serial).collect();
        let ended = self.bindings(device);
        for serial in serials {
            self.remove(serial, why);
        }
        ended
    }

    pub fn end_binding(&mut self, key: &BindingKey, why: Dropped) -> bool {
        let mut entries = self.devices.get(&key.device).into_iter().flatten();
        let Some(serial) = entries.find(|e| e.binding.contact == key.contact).map(|e| e.serial) else { return false };
        self.remove(serial, why);
        true
    }

    pub fn expire(&mut self, now: Millis) {
        while let Some((_, serial)) = self.by_expiry.first().copied().filter(|(at, _)| *at <= now) {
            self.remove(serial, Dropped::Expired);
        }
    }

    pub fn connection_closed(&mut self, connection: u64) {
        for device in self.by_connection.remove(&connection).unwrap_or_default() {
            for entry in self.devices.get_mut(&device).into_iter().flatten() {
                if entry.binding.connection == Some(connection) {
                    entry.binding.reachable = false;
                    entry.binding.connection = None;
                    self.outbox.push(RegistrarEvent::Unreachable(entry.binding.clone()));
                }
            }
        }
    }

    pub fn due_keepalives(&mut self, now: Millis) -> Vec<Binding> {
        let mut due = Vec::new();
        while let Some((at, serial)) = self.by_keepalive.first().copied().filter(|(at, _)| *at <= now) {
            self.by_keepalive.remove(&(at, serial));
            let entries = self.owners.get(&serial).and_then(|device| self.devices.get_mut(device));
            let Some(entry) = entries.into_iter().flatten().find(|e| e.serial == serial) else { continue };
            entry.keepalive_at = Some(now + self.keepalive.max(1));
            self.by_keepalive.insert((now + self.keepalive.max(1), serial));
            if entry.binding.reachable {
                due.push(entry.binding.clone());
            }
        }
        due
    }

    /// `refreshed` is when its NAT last saw traffic.
    fn insert(&mut self, binding: Binding, refreshed: Millis) {
        self.serial += 1;
        let (serial, device) = (self.serial, binding.device);
        let keepalive_at = binding.natted.then(|| refreshed + self.keepalive);
        self.by_expiry.insert((binding.expires, serial));
        self.by_keepalive.extend(keepalive_at.map(|at| (at, serial)));
        self.owners.insert(serial, device);
        if let Some(connection) = binding.connection {
            self.by_connection.entry(connection).or_default().insert(device);
        }
        self.devices.entry(device).or_default().push(Entry { serial, binding, keepalive_at });
    }

    /// Takes an entry out of every index, telling nobody.
    fn take(&mut self, serial: u64) -> Option<Binding> {
        let device = self.owners.remove(&serial)?;
        let entries = self.devices.get_mut(&device)?;
        let entry = entries.remove(entries.iter().position(|e| e.serial == serial)?);
        if entries.is_empty() {
            self.devices.remove(&device);
        }
        self.by_expiry.remove(&(entry.binding.expires, serial));
        if let Some(at) = entry.keepalive_at {
            self.by_keepalive.remove(&(at, serial));
        }
        Some(entry.binding)
    }

    fn remove(&mut self, serial: u64, why: Dropped) {
        if let Some(binding) = self.take(serial) {
            self.outbox.push(RegistrarEvent::Dropped { binding, why });
        }
    }
}

/// Whether a change of a REGISTER is about this binding: the same contact byte for byte, or the same instance and reg-id.
fn names(change: &Change, binding: &Binding) -> bool {
    let outbound = change.instance.is_some() && change.reg_id.is_some();
    binding.contact == change.contact || (outbound && binding.instance == change.instance && binding.reg_id == change.reg_id)
}

/// Whole seconds that a binding still has, never shown as 0.
pub(super) fn seconds_left(binding: &Binding, now: Millis) -> Millis {
    ((binding.expires - now + SECOND - 1) / SECOND).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Credential, Registrant};
    use crate::registrar::Origin;
    use domain::{AccountId, ProvedBy, Transport};
    use proptest::prelude::*;

    fn wanted(device: u128, contacts: &[(u8, u32)], connection: Option<u64>, cseq: u32, removes_all: bool) -> Wanted {
        let device = DeviceId::from(uuid::Uuid::from_u128(device));
        let transport = if connection.is_some() { Transport::Tcp } else { Transport::Udp };
        let change =
            |&(n, granted): &(u8, u32)| Change { contact: format!("sip:{n}@10.0.0.1"), granted, q: None, instance: None, reg_id: None };
        Wanted {
            registrant: Registrant {
                account: AccountId::from(uuid::Uuid::nil()),
                device,
                realm: "r".into(),
                username: "u".into(),
                enabled: true,
                expire_seconds: 360,
                credential: Credential::Source,
            },
            proved_by: ProvedBy::Source,
            origin: Origin { source: "192.0.2.1:5060".parse().expect("address"), transport, connection },
            call_id: "c".into(),
            cseq,
            path: Vec::new(),
            user_agent: None,
            removes_all,
            changes: contacts.iter().map(change).collect(),
        }
    }

    /// Every index tells the same story, and the events told so far add up to it.
    fn consistent(table: &Table, told: &[RegistrarEvent]) {
        let entries: Vec<&Entry> = table.devices.values().flatten().collect();
        assert!(table.devices.values().all(|e| !e.is_empty() && e.len() <= 3));
        assert_eq!((table.by_expiry.len(), table.owners.len(), table.by_keepalive.len()), (entries.len(), entries.len(), entries.len()));
        let mut keys = HashSet::new();
        for event in told {
            match event {
                RegistrarEvent::Registered(b) => assert!(keys.insert(b.key()), "registered twice"),
                RegistrarEvent::Refreshed { binding, .. } => assert!(keys.contains(&binding.key())),
                RegistrarEvent::Dropped { binding, .. } => assert!(keys.remove(&binding.key()), "dropped twice"),
                RegistrarEvent::Unreachable(b) => assert!(keys.contains(&b.key()) && !b.reachable),
                RegistrarEvent::Refused { .. } => {}
            }
        }
        assert_eq!(keys, entries.iter().map(|e| e.binding.key()).collect());
    }

    proptest! {
        #[test]
        fn whatever_happens_indexes_and_events_agree(
            steps in proptest::collection::vec((0..8_u8, 0..3_u128, proptest::collection::vec((0..5_u8, prop_oneof![Just(0), Just(60), Just(300)]), 0..4), 0..3_u64), 1..60)
        ) {
            let mut table = Table { keepalive: 25_000, ..Table::default() };
            let mut told = Vec::new();
            for (index, (what, device, contacts, connection)) in steps.into_iter().enumerate() {
                let now = index as Millis * 20_000;
                match what {
                    0 => table.expire(now),
                    1 => table.connection_closed(connection),
                    2 => drop(table.end_device(DeviceId::from(uuid::Uuid::from_u128(device)), Dropped::Changed)),
                    3 => drop(table.due_keepalives(now)),
                    _ => {
                        let connection = (connection > 0).then_some(connection);
                        let before = table.all().len();
                        let outcome = table.apply(&wanted(device, &contacts, connection, index as u32, what == 4), now, 3);
                        prop_assert!(outcome.is_ok() || table.all().len() <= before);
                    }
                }
                told.append(&mut table.outbox);
                consistent(&table, &told);
            }
        }
    }
}
