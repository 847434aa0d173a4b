//! A data folder with many devices for measuring the registrar: `cargo run --release -p seatline-store --example fill_phones -- FOLDER REALM
//! COUNT PASSWORD`. Usernames are `u000000` and on, all with the same password.

extern crate seatline_store as store;

use domain::{Field, Kind, Value};
use std::path::PathBuf;
use store::{Account, Device, Options, RealmRow, Seat, Store};
use uuid::Uuid;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let realm = arguments.next().expect("a realm");
    let count: u64 = arguments.next().expect("a number of devices").parse().expect("a number");
    let password = arguments.next().expect("a password");
    std::fs::create_dir_all(&folder).expect("a folder");
    let store = Store::open(&Options { data: folder, database: None }, true).await.expect("opens");
    let account = Account { id: Uuid::now_v7().into(), name: "Bench".into(), version: 1, created: 0 };
    let realm = RealmRow { id: Uuid::now_v7().into(), account: account.id, name: realm, is_default: true, sha256: false };
    let mut tx = store.begin().await.expect("begins");
    tx.insert_account(&account).await.expect("account");
    tx.insert_realm(&realm).await.expect("realm");
    for n in 0..count {
        let record = Kind::Seat.blank();
        let record =
            record.with(Field::SeatName, Value::Text(format!("Seat {n}"))).with(Field::Extension, Value::Text(format!("{}", 1000 + n)));
        let (id, by) = (Uuid::now_v7().into(), "bench".to_owned());
        let seat = Seat { id, account: account.id, record, version: 1, created: 0, changed: 0, changed_by: by.clone(), deleted: None };
        let record = Kind::Device.blank().with(Field::Name, Value::text("Desk phone"));
        let record = record.with(Field::Username, Value::Text(format!("u{n:06}"))).with(Field::Password, Value::secret(password.as_str()));
        let device = Device {
            id: Uuid::now_v7().into(),
            account: account.id,
            seat: seat.id,
            record,
            version: 1,
            effective_realm: String::new(),
            created: 0,
            changed: 0,
            changed_by: by,
            deleted: None,
            extra: None,
        };
        tx.insert_seat(&seat).await.expect("seat");
        tx.insert_device(&device).await.expect("device");
        if n % 2_000 == 1_999 {
            tx.commit().await.expect("commits");
            tx = store.begin().await.expect("begins");
        }
    }
    tx.commit().await.expect("commits");
    store.close().await;
}
