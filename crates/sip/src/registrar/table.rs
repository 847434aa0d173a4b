//! The bindings in memory (RFC 3261 §10.3 steps 6 to 8): each change whole or not at all.
//!
//! A phone that keeps several flows (RFC 5626) binds the same Contact once for each `reg-id`. Each is an entry here, listed to the phone and
//! kept alive by itself. Everybody else sees one binding for a Contact, that of its best flow: reachable, and refreshed last. When that flow
//! goes, the next one takes its place; only when the last one goes is the binding dropped.

use super::ask::{Change, Wanted};
use super::flows::{Flows, Place};
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
    pub buckets: Flows,
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
    pub fn restore(bindings: Vec<Binding>, now: Millis, keepalive: Millis, flows: Flows) -> Self {
        let mut table = Self { keepalive, buckets: flows, ..Self::default() };
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
        self.devices.get(&device).map(|entries| seen(entries).cloned().collect()).unwrap_or_default()
    }

    /// Every flow of every contact of a device, oldest first.
    pub fn flows(&self, device: DeviceId) -> Vec<Binding> {
        self.devices.get(&device).into_iter().flatten().map(|e| e.binding.clone()).collect()
    }

    pub fn all(&self) -> Vec<Binding> {
        self.devices.values().flat_map(|entries| seen(entries)).cloned().collect()
    }

    pub fn get(&self, key: &BindingKey) -> Option<&Binding> {
        self.best(key.device, &key.contact).map(|e| &e.binding)
    }

    fn best(&self, device: DeviceId, contact: &str) -> Option<&Entry> {
        best(self.devices.get(&device)?, contact)
    }

    /// Whether this flow carries a live binding of the device.
    pub fn has_at(&self, device: DeviceId, place: Place) -> bool {
        self.devices.get(&device).into_iter().flatten().any(|e| Place::of_binding(&e.binding) == Some(place))
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
        let names_of = |c: &Change| (c.contact.clone(), flow(c.instance.as_ref(), c.reg_id).map(|(i, n)| (i.to_ascii_lowercase(), n)));
        let added: HashSet<_> = wanted.changes.iter().filter(|c| c.granted > 0).map(names_of).collect();
        // A phone whose connections break leaves contacts behind that nothing can reach: they make room.
        let mut room = Vec::new();
        while kept.len() + added.len() > limit {
            let gone = kept.iter().enumerate().filter(|(_, e)| !e.binding.reachable).min_by_key(|(_, e)| e.binding.refreshed);
            let (at, entry) = gone.ok_or(Conflict::TooManyContacts)?;
            room.push(entry.serial);
            kept.remove(at);
        }
        for serial in room {
            self.remove(serial, Dropped::MadeRoom);
        }
        if wanted.removes_all {
            let own: HashSet<String> = self.flows(device).into_iter().filter(|b| is_of(wanted, b)).map(|b| b.contact).collect();
            self.end(device, |binding| own.contains(&binding.contact), Dropped::Unregistered);
            self.end_device(device, Dropped::UnregisteredElsewhere);
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
            for (serial, old) in &before {
                let own = before.iter().any(|(_, b)| b.contact == old.contact && is_of(wanted, b));
                self.remove(*serial, if own { Dropped::Unregistered } else { Dropped::UnregisteredElsewhere });
            }
            return;
        }
        let mut binding = wanted.binding(change, now);
        let known = self.best(binding.device, &change.contact).map(|e| e.binding.since);
        binding.since = known.unwrap_or(binding.since);
        let same = before.iter().find(|(_, b)| b.contact == change.contact);
        // Another flow of a contact that is bound is another way to it.
        let reconnected = same.is_none_or(|(_, old)| {
            !old.reachable || old.source != binding.source || old.connection != binding.connection || old.call_id != binding.call_id
        });
        for (serial, old) in &before {
            if old.contact == change.contact {
                self.take(*serial);
            } else {
                // The same flow under another contact replaces it (RFC 5626 §6): the phone is there, and did not unregister.
                self.remove(*serial, Dropped::Replaced);
            }
        }
        self.insert(binding.clone(), now);
        self.outbox.push(match known {
            Some(_) => RegistrarEvent::Refreshed { binding, reconnected },
            None => RegistrarEvent::Registered(binding),
        });
    }

    pub fn end_device(&mut self, device: DeviceId, why: Dropped) -> Vec<Binding> {
        let ended = self.bindings(device);
        self.end(device, |_| true, why);
        ended
    }

    pub fn end_binding(&mut self, key: &BindingKey, why: Dropped) -> bool {
        self.end(key.device, |binding| binding.contact == key.contact, why)
    }

    /// Those that nobody sees go first, so that each contact is dropped once and none seems to be refreshed before.
    fn end(&mut self, device: DeviceId, which: impl Fn(&Binding) -> bool, why: Dropped) -> bool {
        let Some(entries) = self.devices.get(&device) else { return false };
        let (shown, hidden): (Vec<&Entry>, Vec<&Entry>) = entries
            .iter()
            .filter(|e| which(&e.binding))
            .partition(|e| best(entries, &e.binding.contact).is_some_and(|b| b.serial == e.serial));
        let serials: Vec<u64> = hidden.into_iter().chain(shown).map(|e| e.serial).collect();
        for serial in &serials {
            self.remove(*serial, why);
        }
        !serials.is_empty()
    }

    pub fn expire(&mut self, now: Millis) {
        while let Some((_, serial)) = self.by_expiry.first().copied().filter(|(at, _)| *at <= now) {
            self.remove(serial, Dropped::Expired);
        }
    }

    pub fn connection_closed(&mut self, connection: u64) {
        for device in self.by_connection.remove(&connection).unwrap_or_default() {
            let Some(entries) = self.devices.get_mut(&device) else { continue };
            for at in 0..entries.len() {
                let (serial, contact) = (entries[at].serial, entries[at].binding.contact.clone());
                if entries[at].binding.connection != Some(connection) {
                    continue;
                }
                let shown = best(entries, &contact).is_some_and(|e| e.serial == serial);
                self.buckets.leave(&entries[at].binding);
                entries[at].binding.reachable = false;
                entries[at].binding.connection = None;
                let next = best(entries, &contact).filter(|_| shown).map(|e| e.binding.clone());
                self.outbox.extend(next.map(|binding| {
                    if binding.reachable {
                        RegistrarEvent::Refreshed { binding, reconnected: false }
                    } else {
                        RegistrarEvent::Unreachable(binding)
                    }
                }));
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
        self.buckets.join(&binding);
        if let Some(connection) = binding.connection {
            self.by_connection.entry(connection).or_default().insert(device);
        }
        let entries = self.devices.entry(device).or_default();
        // A device has one binding, seldom more: by itself a Vec would make room for four.
        entries.reserve_exact(1);
        entries.push(Entry { serial, binding, keepalive_at });
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
        self.buckets.leave(&entry.binding);
        Some(entry.binding)
    }

    fn remove(&mut self, serial: u64, why: Dropped) {
        let owner = self.owners.get(&serial).and_then(|device| self.devices.get(device));
        let contact = owner.into_iter().flatten().find(|e| e.serial == serial).map(|e| e.binding.contact.clone());
        let shown = owner.zip(contact).and_then(|(entries, contact)| best(entries, &contact)).is_some_and(|e| e.serial == serial);
        let Some(binding) = self.take(serial).filter(|_| shown) else { return };
        let next = self.best(binding.device, &binding.contact).map(|e| e.binding.clone());
        self.outbox.push(match next {
            Some(binding) => RegistrarEvent::Refreshed { binding, reconnected: false },
            None => RegistrarEvent::Dropped { binding, why },
        });
    }
}

/// Whether a change of a REGISTER is about this binding: the same flow where both name one, whatever its contact (RFC 5626 §6), else the same
/// contact byte for byte.
fn names(change: &Change, binding: &Binding) -> bool {
    match (flow(change.instance.as_ref(), change.reg_id), flow(binding.instance.as_ref(), binding.reg_id)) {
        // A URN's case does not count (RFC 8141 §3.1 for `uuid`).
        (Some((a, m)), Some((b, n))) => m == n && a.eq_ignore_ascii_case(b),
        _ => binding.contact == change.contact,
    }
}

/// Whether a REGISTER is of the phone of this binding: over the same flow, or with the same Call-ID.
fn is_of(wanted: &Wanted, binding: &Binding) -> bool {
    wanted.call_id == binding.call_id || Place::of_binding(binding) == Some(Place::of(wanted.origin))
}

fn flow(instance: Option<&String>, reg_id: Option<u32>) -> Option<(&str, u32)> {
    Some((instance?.as_str(), reg_id?))
}

/// The entry that stands for a contact: reachable before not, then the one refreshed last.
fn best<'a>(entries: &'a [Entry], contact: &str) -> Option<&'a Entry> {
    let all = entries.iter().filter(|e| e.binding.contact == contact);
    all.max_by_key(|e| (e.binding.reachable, e.binding.refreshed, e.serial))
}

/// One binding for each contact.
fn seen(entries: &[Entry]) -> impl Iterator<Item = &Binding> {
    let shown = |e: &&Entry| entries.len() == 1 || best(entries, &e.binding.contact).is_some_and(|b| b.serial == e.serial);
    entries.iter().filter(shown).map(|e| &e.binding)
}

/// Whole seconds that a binding still has, never shown as 0.
pub(super) fn seconds_left(binding: &Binding, now: Millis) -> Millis {
    ((binding.expires - now + SECOND - 1) / SECOND).max(1)
}

#[cfg(test)]
mod tests;
