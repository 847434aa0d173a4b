//! What calls go by: extensions, numbers, each device's parameters, carriers.

use domain::{
    AccountId, DeviceId, InviteFormat, SeatId,
    routing::{Carrier, number_key},
};
use sip::CallRules;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use store::{DirectoryRow, ExtensionRow};

#[derive(Default)]
pub struct Calls {
    seats: HashMap<SeatId, (AccountId, String)>,
    extensions: HashMap<(AccountId, String), SeatId>,
    members: HashMap<SeatId, BTreeSet<DeviceId>>,
    /// By the one form of a number.
    numbers: HashMap<(AccountId, String), BTreeSet<DeviceId>>,
    devices: HashMap<DeviceId, Device>,
    pub carriers: HashMap<AccountId, Arc<[Carrier]>>,
}

struct Device {
    seat: SeatId,
    number: Option<(AccountId, String)>,
    rules: Arc<CallRules>,
}

/// An empty field is none.
fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Takes the device out of a set, and the set away with its last one.
fn take<K: std::hash::Hash + Eq>(sets: &mut HashMap<K, BTreeSet<DeviceId>>, key: &K, device: DeviceId) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(&device);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}

impl Calls {
    pub fn put(&mut self, row: &DirectoryRow) {
        self.remove(row.device);
        let number = filled(&row.number).map(|number| (row.account, number_key(&number)));
        if let Some(number) = &number {
            self.numbers.entry(number.clone()).or_default().insert(row.device);
        }
        self.members.entry(row.seat).or_default().insert(row.device);
        let rules = CallRules {
            username: row.username.clone(),
            invite_format: InviteFormat::parse(&row.invite_format).unwrap_or_default(),
            number: filled(&row.number),
            route: filled(&row.route),
            outbound_flags: row.outbound_flags.clone(),
        };
        self.devices.insert(row.device, Device { seat: row.seat, number, rules: Arc::new(rules) });
    }

    pub fn remove(&mut self, device: DeviceId) {
        let Some(held) = self.devices.remove(&device) else { return };
        take(&mut self.members, &held.seat, device);
        if let Some(number) = held.number {
            take(&mut self.numbers, &number, device);
        }
    }

    pub fn put_seat(&mut self, row: ExtensionRow) {
        self.remove_seat(row.seat);
        let place = (row.account, row.extension);
        self.extensions.insert(place.clone(), row.seat);
        self.seats.insert(row.seat, place);
    }

    pub fn remove_seat(&mut self, seat: SeatId) {
        let Some(place) = self.seats.remove(&seat) else { return };
        // Another seat may have taken the extension meanwhile.
        if self.extensions.get(&place) == Some(&seat) {
            self.extensions.remove(&place);
        }
    }

    pub fn by_extension(&self, account: AccountId, extension: &str) -> Option<Vec<DeviceId>> {
        let seat = self.extensions.get(&(account, extension.to_owned()))?;
        Some(self.members.get(seat).into_iter().flatten().copied().collect())
    }

    pub fn by_number(&self, account: AccountId, number: &str) -> Vec<DeviceId> {
        self.numbers.get(&(account, number.to_owned())).into_iter().flatten().copied().collect()
    }

    pub fn rules(&self, device: DeviceId) -> Option<Arc<CallRules>> {
        self.devices.get(&device).map(|held| Arc::clone(&held.rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wiring::directory::tests::row;
    use uuid::Uuid;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));

    fn seat(n: u128, extension: &str) -> ExtensionRow {
        ExtensionRow { seat: SeatId(Uuid::from_u128(n)), account: ACCOUNT, extension: extension.into() }
    }

    #[test]
    fn an_extension_follows_its_seat_and_its_devices() {
        let mut calls = Calls::default();
        calls.put_seat(seat(1, "4711"));
        assert_eq!(calls.by_extension(ACCOUNT, "4711"), Some(vec![]), "a seat without devices is no number to dial outside");
        calls.put(&row(2, "b", &[]));
        calls.put(&row(1, "a", &[]));
        let device = |n| DeviceId(Uuid::from_u128(n));
        assert_eq!(calls.by_extension(ACCOUNT, "4711"), Some(vec![device(1), device(2)]));
        assert_eq!(calls.by_extension(AccountId(Uuid::from_u128(2)), "4711"), None);
        calls.put_seat(seat(2, "4711"));
        calls.put_seat(seat(1, "4712"));
        assert_eq!(calls.by_extension(ACCOUNT, "4711"), Some(vec![]));
        calls.remove(device(2));
        assert_eq!(calls.by_extension(ACCOUNT, "4712"), Some(vec![device(1)]));
        calls.remove_seat(SeatId(Uuid::from_u128(1)));
        assert_eq!(calls.by_extension(ACCOUNT, "4712"), None);
    }

    #[test]
    fn a_number_is_found_however_it_is_written_and_goes_with_its_device() {
        let mut calls = Calls::default();
        let with = |number: &str| DirectoryRow { number: number.into(), ..row(1, "a", &[]) };
        calls.put(&with("2234567890"));
        assert_eq!(calls.by_number(ACCOUNT, &number_key("+12234567890")).len(), 1);
        calls.put(&with(""));
        assert!(calls.by_number(ACCOUNT, &number_key("+12234567890")).is_empty());
        assert_eq!(calls.rules(DeviceId(Uuid::from_u128(1))).unwrap().number, None);
    }
}
