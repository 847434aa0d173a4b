//! One save as the use case writes it, in process: `cargo run --release -p seatline-store --example save_bench -- [SAVES]`.
//! The same statements as a save through HTTP: look the operation up, read the device, check what others have, write row, event and
//! operation in one transaction. Prints one JSON line of milliseconds.

extern crate seatline_store as store;

use domain::{AccountId, EventKind, Field, Kind, NewEvent, OperationId, OperatorId, Stamp, Value};
use std::time::{Duration, Instant};
use store::{Account, Device, Operator, Options, RealmRow, Seat, Store, StoreError};
use uuid::Uuid;

async fn save(store: &Store, account: AccountId, operator: OperatorId, device: &mut Device, n: u64) -> Result<Duration, StoreError> {
    let start = Instant::now();
    let operation = OperationId(Uuid::now_v7());
    let payload = format!("payload {n}");
    let tx = store.begin().await?;
    tx.role(account, operator).await?;
    tx.operation(operator, operation, payload.as_bytes()).await?;
    let mut now = tx.device_with_secret(account, device.id).await?.ok_or(StoreError::NotFound)?;
    tx.realms(account).await?;
    tx.username_holder(&now.effective_realm, now.record.text(Field::Username), Some(now.id)).await?;
    let expected = now.version;
    now.version += 1;
    now.record.set(Field::ExpireSeconds, Value::text((100 + n % 2).to_string()));
    now.record.set_stamp(Field::ExpireSeconds.unit(), Stamp { version: now.version, by: "bench".into(), by_id: Some(operator), at: 1 });
    tx.update_device(&now, expected).await?;
    let event = NewEvent {
        account,
        at: 1,
        by: Some(operator),
        by_name: "bench".into(),
        kind: EventKind::DeviceChanged,
        seat: Some(now.seat),
        device: Some(now.id),
        carrier: None,
        subject: "New Device".into(),
        changes: Vec::new(),
        note: String::new(),
    };
    tx.append_event(&event).await?;
    tx.record_operation(operator, operation, payload.as_bytes(), &serde_json::json!({ "record": now.record.clone().hidden() }), 1).await?;
    tx.commit().await?;
    *device = now;
    Ok(start.elapsed())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let saves: u64 = std::env::args().nth(1).map_or(Ok(500), |n| n.parse())?;
    let data = tempfile::tempdir()?;
    let store = Store::open(&Options { data: data.path().into(), database: None }, true).await?;
    let account = AccountId(Uuid::now_v7());
    let operator = OperatorId(Uuid::now_v7());
    let seat = Seat {
        id: Uuid::now_v7().into(),
        account,
        record: Kind::Seat.blank().with(Field::SeatName, Value::text("Front desk")).with(Field::Extension, Value::text("1001")),
        version: 1,
        created: 0,
        changed: 0,
        changed_by: "bench".into(),
        deleted: None,
    };
    let record =
        Kind::Device.blank().with(Field::Username, Value::text("user_bench")).with(Field::Password, Value::secret("Xk7pQ2vR9mT4wZ8n"));
    let mut device = Device {
        id: Uuid::now_v7().into(),
        account,
        seat: seat.id,
        record,
        version: 1,
        effective_realm: "bench.test".into(),
        created: 0,
        changed: 0,
        changed_by: "bench".into(),
        deleted: None,
        extra: None,
    };
    let tx = store.begin().await?;
    tx.insert_account(&Account { id: account, name: "Bench".into(), version: 1, created: 0 }).await?;
    tx.insert_realm(&RealmRow { id: Uuid::now_v7().into(), account, name: "bench.test".into(), is_default: true, sha256: false }).await?;
    tx.insert_operator(&Operator { id: operator, name: "bench".into(), password_hash: String::new(), created: 0 }).await?;
    tx.insert_seat(&seat).await?;
    tx.insert_device(&device).await?;
    tx.commit().await?;
    let mut times = Vec::new();
    for n in 0..saves + 50 {
        let took = save(&store, account, operator, &mut device, n).await?;
        if n >= 50 {
            times.push(took.as_secs_f64() * 1_000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |p: f64| times[((times.len() as f64 * p) as usize).min(times.len() - 1)];
    println!("{}", serde_json::json!({ "p50": at(0.5), "p95": at(0.95), "worst": at(1.0) }));
    store.close().await;
    Ok(())
}
