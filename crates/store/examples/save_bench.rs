//! The statements of one save through sqlx, in process: `cargo run --release -p seatline-store --example save_bench -- [SAVES]`.
//! What a save through HTTP asks of `SQLite`, in its order and in one transaction, by hand: no record, no merge, no rules, no sealing. The
//! ratio to it is what Seatline adds. Prints one JSON line of milliseconds.

extern crate seatline_store as store;

use domain::{AccountId, Field, Kind, OperatorId, Value};
use sea_orm::sqlx::{
    self, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::time::{Duration, Instant};
use store::{Account, Device, Membership, Operator, Options, RealmRow, Seat, Store};
use uuid::Uuid;

const DEVICE: &str = "SELECT id, account_id, seat_id, name, mac, enabled, realm_own, realm_effective, invite_format, route, number, \
     expire_seconds, outbound_flags, method, username, username_folded, password, ip, stamps, version, created, changed, changed_by, \
     deleted, with_seat, extra FROM devices WHERE id = ? AND account_id = ?";
const HOLDER: &str = "SELECT id, account_id, seat_id, name FROM devices WHERE deleted IS NULL AND id <> ? AND realm_effective = ? \
     AND username_folded = ? AND username_folded <> '' LIMIT 1";
const UPDATE: &str = "UPDATE devices SET name = ?, mac = ?, enabled = ?, realm_own = ?, realm_effective = ?, invite_format = ?, route = ?, \
     number = ?, expire_seconds = ?, outbound_flags = ?, method = ?, username = ?, username_folded = ?, password = ?, ip = ?, stamps = ?, \
     version = ?, changed = ?, changed_by = ?, extra = ? WHERE id = ? AND account_id = ? AND version = ?";
const SEAT: &str = "SELECT id, account_id, name, extension, stamps, version, created, changed, changed_by, deleted FROM seats WHERE id = ?";
const LISTING: &str = "INSERT INTO listing (account_id, seat_id, name, extension, changed, search) VALUES (?, ?, ?, ?, ?, ?) \
     ON CONFLICT (account_id, seat_id) DO UPDATE SET name = excluded.name, extension = excluded.extension, changed = excluded.changed, \
     search = excluded.search";
const EVENT: &str = "INSERT INTO events (seq, account_id, at, by_id, by_name, kind, seat_id, device_id, carrier_id, subject, changes, note) \
     VALUES (?, ?, ?, ?, 'bench', 'device_changed', ?, ?, NULL, 'New Device', ?, '')";
const OPERATION: &str =
    "INSERT INTO operations (operator_id, account_id, id, key_id, payload_hash, result, at) VALUES (?, ?, ?, 1, ?, ?, ?)";

/// Who saves what.
struct Of {
    account: Uuid,
    operator: Uuid,
    device: Uuid,
    seat: Uuid,
    /// The answer that is kept with the operation.
    result: String,
}

async fn save(db: &mut SqliteConnection, of: &Of, n: i64) -> Result<Duration, sqlx::Error> {
    let start = Instant::now();
    let operation = Uuid::now_v7();
    let role = "SELECT account_id, operator_id, role FROM memberships WHERE account_id = ? AND operator_id = ?";
    sqlx::query(role).bind(of.account).bind(of.operator).fetch_optional(&mut *db).await?;
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let seen = "SELECT operator_id, account_id, id, key_id, payload_hash, result, at FROM operations \
                WHERE operator_id = ? AND account_id = ? AND id = ?";
    sqlx::query(seen).bind(of.operator).bind(of.account).bind(operation).fetch_optional(&mut *tx).await?;
    let row = sqlx::query(DEVICE).bind(of.device).bind(of.account).fetch_one(&mut *tx).await?;
    let realms = "SELECT id, account_id, name, is_default, sha256 FROM realms WHERE account_id = ?";
    sqlx::query(realms).bind(of.account).fetch_all(&mut *tx).await?;
    let (realm, username): (String, String) = (row.get("realm_effective"), row.get("username_folded"));
    sqlx::query(HOLDER).bind(of.device).bind(&realm).bind(&username).fetch_optional(&mut *tx).await?;

    sqlx::query("SELECT name FROM realms WHERE account_id = ? AND is_default = TRUE").bind(of.account).fetch_optional(&mut *tx).await?;
    let version: i64 = row.get("version");
    let stamp = format!(r#"{{"expire_seconds":{{"version":{},"by":"bench","by_id":"{}","at":{n}}}}}"#, version + 1, of.operator);
    let text = |name: &str| row.get::<String, _>(name);
    sqlx::query(UPDATE)
        .bind(text("name"))
        .bind(text("mac"))
        .bind(row.get::<bool, _>("enabled"))
        .bind(row.get::<Option<String>, _>("realm_own"))
        .bind(&realm)
        .bind(text("invite_format"))
        .bind(text("route"))
        .bind(text("number"))
        .bind(100 + n % 2)
        .bind(text("outbound_flags"))
        .bind(text("method"))
        .bind(text("username"))
        .bind(&username)
        .bind(row.get::<Option<Vec<u8>>, _>("password"))
        .bind(text("ip"))
        .bind(stamp)
        .bind(version + 1)
        .bind(n)
        .bind("bench")
        .bind(row.get::<Option<String>, _>("extra"))
        .bind(of.device)
        .bind(of.account)
        .bind(version)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM ranges WHERE device_id = ?").bind(of.device).execute(&mut *tx).await?;
    let touch = "UPDATE seats SET changed = ?, changed_by = ? WHERE id = ?";
    sqlx::query(touch).bind(n).bind("bench").bind(of.seat).execute(&mut *tx).await?;
    let seat = sqlx::query(SEAT).bind(of.seat).fetch_one(&mut *tx).await?;
    let devices = "SELECT name, username_folded, mac, method, ip FROM devices WHERE seat_id = ? AND deleted IS NULL";
    sqlx::query(devices).bind(of.seat).fetch_all(&mut *tx).await?;
    let (name, extension): (String, String) = (seat.get("name"), seat.get("extension"));
    let search = format!("{name}\n{extension}\nnew device\n{username}");
    sqlx::query(LISTING).bind(of.account).bind(of.seat).bind(name).bind(extension).bind(n).bind(search).execute(&mut *tx).await?;

    let last: Option<i64> =
        sqlx::query("SELECT seq FROM events ORDER BY seq DESC LIMIT 1").fetch_optional(&mut *tx).await?.map(|row| row.get(0));
    let changes = format!(r#"[{{"field":"expire_seconds","from":"{}","to":"{}"}}]"#, 101 - n % 2, 100 + n % 2);
    let event = sqlx::query(EVENT).bind(last.unwrap_or(0) + 1).bind(of.account).bind(n).bind(of.operator);
    event.bind(of.seat).bind(of.device).bind(changes).execute(&mut *tx).await?;
    let kept = sqlx::query(OPERATION).bind(of.operator).bind(of.account).bind(operation).bind(vec![0_u8; 32]).bind(&of.result).bind(n);
    kept.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(start.elapsed())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let saves: i64 = std::env::args().nth(1).map_or(Ok(500), |n| n.parse())?;
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
    let device = Device {
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
    tx.set_membership(&Membership { account, operator, role: domain::Role::Admin }).await?;
    tx.insert_seat(&seat).await?;
    tx.insert_device(&device).await?;
    tx.commit().await?;
    store.close().await;
    let options = SqliteConnectOptions::new()
        .filename(data.path().join("seatline.db"))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let mut db = SqliteConnection::connect_with(&options).await?;
    let result =
        serde_json::json!({ "record": device.record.clone().hidden(), "effective_realm": "bench.test", "changed": ["expire_seconds"] });
    let of = Of { account: account.0, operator: operator.0, device: device.id.0, seat: seat.id.0, result: result.to_string() };
    let mut times = Vec::new();
    for n in 0..saves + 50 {
        let took = save(&mut db, &of, n).await?;
        if n >= 50 {
            times.push(took.as_secs_f64() * 1_000.0);
        }
    }
    db.close().await?;
    times.sort_by(f64::total_cmp);
    let at = |p: f64| times[((times.len() as f64 * p) as usize).min(times.len() - 1)];
    println!("{}", serde_json::json!({ "p50": at(0.5), "p95": at(0.95), "worst": at(1.0) }));
    Ok(())
}
