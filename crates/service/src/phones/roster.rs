//! The devices in memory, as far as lists ask: how many, whose they are and whether they are registered. Never a join, never a column written at each REGISTER.

use domain::{AccountId, Binding, DeviceId, SeatId};
use std::collections::{BTreeMap, HashMap};
use store::{DirectoryRow, ExtensionRow};

#[derive(Clone, Debug)]
struct Entry {
    account: AccountId,
    seat: SeatId,
    aor: String,
    /// In lower case.
    username: String,
    enabled: bool,
    method_ip: bool,
    inherits: bool,
    registered: bool,
}

impl Entry {
    /// Counts for "not registered": enabled, registers by password, has no binding.
    const fn is_missing(&self) -> bool {
        self.enabled && !self.method_ip && !self.registered
    }
}

#[derive(Debug, Default)]
struct Counts {
    seats: u64,
    devices: u64,
    registered: u64,
    registered_inheriting: u64,
    /// Seats with how many missing devices.
    missing: BTreeMap<SeatId, u32>,
}

/// Every undeleted device, and every undeleted seat.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    seats: HashMap<SeatId, AccountId>,
    devices: HashMap<DeviceId, Entry>,
    accounts: HashMap<AccountId, Counts>,
    usernames: HashMap<String, Vec<DeviceId>>,
}

impl Roster {
    /// Takes in the row as it is now.
    pub fn put(&mut self, row: &DirectoryRow) {
        let registered = self.take(row.device).is_some_and(|entry| entry.registered);
        let entry = Entry {
            account: row.account,
            seat: row.seat,
            aor: format!("sip:{}@{}", row.username, row.realm),
            username: row.username.to_ascii_lowercase(),
            enabled: row.enabled,
            method_ip: row.method_ip,
            inherits: row.inherits,
            registered,
        };
        self.add(row.device, entry);
    }

    pub fn remove(&mut self, device: DeviceId) {
        self.take(device);
    }

    pub fn put_seat(&mut self, row: &ExtensionRow) {
        if self.seats.insert(row.seat, row.account).is_none() {
            self.accounts.entry(row.account).or_default().seats += 1;
        }
    }

    pub fn remove_seat(&mut self, seat: SeatId) {
        if let Some(counts) = self.seats.remove(&seat).and_then(|account| self.accounts.get_mut(&account)) {
            counts.seats -= 1;
        }
    }

    /// How many seats and devices the account has.
    pub fn counted(&self, account: AccountId) -> (u64, u64) {
        self.accounts.get(&account).map_or((0, 0), |c| (c.seats, c.devices))
    }

    /// Notes whether the device has a binding; answers whose it is.
    pub fn registered(&mut self, device: DeviceId, registered: bool) -> Option<(AccountId, SeatId)> {
        let entry = self.devices.get(&device)?;
        let owner = (entry.account, entry.seat);
        if entry.registered != registered
            && let Some(mut entry) = self.take(device)
        {
            entry.registered = registered;
            self.add(device, entry);
        }
        Some(owner)
    }

    pub fn all(&self) -> Vec<DeviceId> {
        self.devices.keys().copied().collect()
    }

    pub fn is_registered(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|entry| entry.registered)
    }

    /// Whether a kept binding still belongs to its device.
    pub fn still_stands(&self, binding: &Binding) -> bool {
        self.devices.get(&binding.device).is_some_and(|entry| entry.enabled && entry.aor.eq_ignore_ascii_case(&binding.aor))
    }

    pub fn registered_in(&self, account: AccountId) -> u64 {
        self.accounts.get(&account).map_or(0, |c| c.registered)
    }

    pub fn registered_inheriting(&self, account: AccountId) -> u64 {
        self.accounts.get(&account).map_or(0, |c| c.registered_inheriting)
    }

    pub fn is_seat_missing(&self, account: AccountId, seat: SeatId) -> bool {
        self.accounts.get(&account).is_some_and(|c| c.missing.contains_key(&seat))
    }

    /// How many seats have a missing device; all of them when they are at most `most`.
    pub fn missing_seats(&self, account: AccountId, most: usize) -> Result<Vec<SeatId>, usize> {
        let Some(counts) = self.accounts.get(&account) else { return Ok(Vec::new()) };
        if counts.missing.len() > most { Err(counts.missing.len()) } else { Ok(counts.missing.keys().copied().collect()) }
    }

    /// The device with this username, if it is the only one: in the account, or in all when none is given.
    pub fn only_by_username(&self, username: &str, account: Option<AccountId>) -> Option<(AccountId, DeviceId)> {
        let devices = self.usernames.get(&username.to_ascii_lowercase())?;
        let owned = devices.iter().filter_map(|id| self.devices.get(id).map(|entry| (entry.account, *id)));
        let mut found = owned.filter(|(owner, _)| account.is_none_or(|a| a == *owner));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    fn take(&mut self, device: DeviceId) -> Option<Entry> {
        let entry = self.devices.remove(&device)?;
        if let Some(all) = self.usernames.get_mut(&entry.username) {
            all.retain(|other| *other != device);
            if all.is_empty() {
                self.usernames.remove(&entry.username);
            }
        }
        if let Some(counts) = self.accounts.get_mut(&entry.account) {
            counts.devices -= 1;
            counts.registered -= u64::from(entry.registered);
            counts.registered_inheriting -= u64::from(entry.registered && entry.inherits);
            if entry.is_missing()
                && let Some(n) = counts.missing.get_mut(&entry.seat)
            {
                *n -= 1;
                if *n == 0 {
                    counts.missing.remove(&entry.seat);
                }
            }
        }
        Some(entry)
    }

    fn add(&mut self, device: DeviceId, entry: Entry) {
        let counts = self.accounts.entry(entry.account).or_default();
        counts.devices += 1;
        counts.registered += u64::from(entry.registered);
        counts.registered_inheriting += u64::from(entry.registered && entry.inherits);
        if entry.is_missing() {
            *counts.missing.entry(entry.seat).or_default() += 1;
        }
        self.usernames.entry(entry.username.clone()).or_default().push(device);
        self.devices.insert(device, entry);
    }
}

#[cfg(test)]
mod tests;
