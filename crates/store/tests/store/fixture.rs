//! Rows to begin with.

use domain::{
    AccountId, DeviceId, EventKind, Field, Kind, Millis, NewEvent, OperatorId, RealmId, SeatId, Value,
    form::{Author, Patch, PatchItem, merge},
};
use store::{Account, Device, Operator, RealmRow, Seat, SeatQuery, SeatSort, Store, Tx};
use uuid::Uuid;

pub const NOW: Millis = 1_760_000_000_000;
pub const PASSWORD: &str = "Xk7pQ2vR9mT4wZ8n";

pub fn id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

/// An account with its default realm.
pub async fn account(store: &Store, realm: &str) -> AccountId {
    let account = Account { id: id(), name: format!("Account of {realm}"), version: 1, created: NOW };
    let row = RealmRow { id: id(), account: account.id, name: realm.into(), is_default: true, sha256: false };
    let tx = store.begin().await.unwrap();
    tx.insert_account(&account).await.unwrap();
    tx.insert_realm(&row).await.unwrap();
    tx.commit().await.unwrap();
    account.id
}

pub async fn realm(store: &Store, account: AccountId, name: &str) -> RealmId {
    let row = RealmRow { id: id(), account, name: name.into(), is_default: false, sha256: false };
    let tx = store.begin().await.unwrap();
    tx.insert_realm(&row).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

pub async fn operator(store: &Store, name: &str) -> OperatorId {
    let row = Operator { id: id(), name: name.into(), password_hash: "$argon2id$…".into(), created: NOW };
    let tx = store.begin().await.unwrap();
    tx.insert_operator(&row).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

pub fn seat(account: AccountId, name: &str, extension: &str) -> Seat {
    let record = Kind::Seat.blank().with(Field::SeatName, Value::text(name)).with(Field::Extension, Value::text(extension));
    Seat { id: id(), account, record, version: 1, created: NOW, changed: NOW, changed_by: "Ada".into(), deleted: None }
}

/// Inherits its realm, with a password.
pub fn device(seat: &Seat, name: &str, username: &str) -> Device {
    let record = Kind::Device
        .blank()
        .with(Field::Name, Value::text(name))
        .with(Field::Username, Value::text(username))
        .with(Field::Password, Value::secret(PASSWORD));
    Device {
        id: id(),
        account: seat.account,
        seat: seat.id,
        record,
        version: 1,
        effective_realm: String::new(),
        created: NOW,
        changed: NOW,
        changed_by: "Ada".into(),
        deleted: None,
        extra: None,
    }
}

/// Proves itself by its addresses.
pub fn device_at(seat: &Seat, name: &str, ranges: &[&str]) -> Device {
    let list = ranges.iter().map(ToString::to_string).collect();
    let mut device = device(seat, name, &format!("at_{}", seat.version));
    device.record =
        device.record.with(Field::Method, Value::text("ip")).with(Field::Ip, Value::List(list)).with(Field::Username, Value::text(""));
    device
}

/// How many seats a text finds.
pub async fn found(store: &Store, account: AccountId, text: &str) -> usize {
    let query = SeatQuery { account, text, sort: SeatSort::Name, descending: false, after: None, limit: 10_000, only: None };
    store.read().seat_order(&query).await.unwrap().len()
}

/// In one transaction.
pub async fn save(store: &Store, seat: &Seat, devices: &[&Device]) {
    let tx = store.begin().await.unwrap();
    tx.insert_seat(seat).await.unwrap();
    for device in devices {
        tx.insert_device(device).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// A device as an operator's save leaves it: merged, stamped, of the next version.
pub fn edited(current: &Device, by: OperatorId, edits: &[(Field, Value)]) -> Device {
    let version = current.version + 1;
    let author = Author { id: by, name: "Grace", at: NOW + version, version };
    let item =
        |(field, value): &(Field, Value)| PatchItem { field: *field, based_on: current.record.stamp(field.unit()), value: value.clone() };
    let merged = merge(&current.record, &Patch { operation: id(), items: edits.iter().map(item).collect() }, &author).unwrap();
    Device { record: merged.record, version, changed: author.at, changed_by: author.name.into(), ..current.clone() }
}

pub fn event(account: AccountId, kind: EventKind, device: Option<DeviceId>, seat: Option<SeatId>, by: Option<OperatorId>) -> NewEvent {
    NewEvent {
        account,
        at: NOW,
        by,
        by_name: "Ada".into(),
        kind,
        seat,
        device,
        carrier: None,
        subject: "Desk".into(),
        changes: Vec::new(),
        note: String::new(),
    }
}

/// The device as it is read with its password.
pub async fn stored(tx: &Tx, device: &Device) -> Device {
    tx.device_with_secret(device.account, device.id).await.unwrap().unwrap()
}

pub fn with(mut device: Device, field: Field, value: Value) -> Device {
    device.record.set(field, value);
    device
}
