//! Passwords at rest: sealed, each in its own row, with a key that can be changed.

use crate::{
    engine::{Engine, Lab},
    fixture::*,
};
use domain::{Field, OperationId, Value};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::fs;
use store::{Device, ExposeSecret, JobRow, OpenError, Store, StoreError};

mod on {
    both!(a_blob_opens_in_its_own_row_alone);
    both!(a_new_key_seals_everything_anew_and_old_retries_still_compare);
}

async fn two(lab: &Lab) -> (Device, Device) {
    let account = account(&lab.store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let (a, b) = (device(&seat, "A", "user_a"), device(&seat, "B", "user_b"));
    save(&lab.store, &seat, &[&a, &b]).await;
    (a, b)
}

async fn blob(lab: &Lab, device: &Device) -> Vec<u8> {
    let db = lab.raw().await;
    let backend = db.get_database_backend();
    let sql = if backend == sea_orm::DbBackend::Postgres {
        "SELECT password FROM devices WHERE id = $1"
    } else {
        "SELECT password FROM devices WHERE id = ?"
    };
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, sql, [device.id.0.into()])).await.unwrap().unwrap();
    let blob = row.try_get("", "password").unwrap();
    db.close().await.unwrap();
    blob
}

async fn a_blob_opens_in_its_own_row_alone(lab: Lab) {
    let (a, b) = two(&lab).await;
    let (blob_a, blob_b) = (blob(&lab, &a).await, blob(&lab, &b).await);
    assert_ne!(blob_a, blob_b, "the same password twice is not seen");
    assert!(!blob_a.windows(PASSWORD.len()).any(|w| w == PASSWORD.as_bytes()));
    assert_eq!(blob_a[..4], [0, 0, 0, 1], "the key's id stands in front");

    let read = lab.store.read().device_with_secret(a.account, a.id).await.unwrap().unwrap();
    assert_eq!(read.record.value(Field::Password), Value::secret(PASSWORD));
    assert!(!format!("{read:?}{:?}", lab.store.read().directory_page(None, 9).await.unwrap()).contains(PASSWORD));

    let db = lab.raw().await;
    let (backend, swap) =
        (db.get_database_backend(), "UPDATE devices SET password = (SELECT password FROM devices WHERE username = 'user_b')");
    db.execute_raw(Statement::from_string(backend, swap)).await.unwrap();
    db.close().await.unwrap();
    let swapped = lab.store.read().device_with_secret(a.account, a.id).await;
    assert!(matches!(swapped, Err(StoreError::Crypto(_))), "another device's blob is of no use");
    assert!(lab.store.read().device_with_secret(b.account, b.id).await.is_ok());
    assert!(lab.store.read().device(a.account, a.id).await.is_ok(), "nobody needs the key to read the rest");
}

async fn a_new_key_seals_everything_anew_and_old_retries_still_compare(lab: Lab) {
    let (a, _) = two(&lab).await;
    let ada = operator(&lab.store, "Ada").await;
    let (op, job): (OperationId, _) = (id(), id());
    let tx = lab.store.begin().await.unwrap();
    tx.record_operation(ada, a.account, op, b"payload", &json!("done"), NOW).await.unwrap();
    tx.insert_job(&JobRow {
        id: job,
        account: a.account,
        device: a.id,
        asked_by: None,
        asked_by_name: String::new(),
        asked: NOW,
        state: "{}".into(),
        running: true,
        ended: None,
        previous_password: Some("old-password".into()),
        user_agent: String::new(),
        contact: String::new(),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let key = lab.options.data.join("seatline.key");
    let first_key = fs::read_to_string(&key).unwrap();
    let first_blob = blob(&lab, &a).await;

    assert_eq!(lab.store.rotate_key().await.unwrap(), 3);
    let hex = |text: &str| text.split('"').find(|part| part.len() == 64).unwrap().to_owned();
    let second_key = fs::read_to_string(&key).unwrap();
    assert!(!second_key.contains(&hex(&first_key)), "the old key is gone");
    assert_ne!(blob(&lab, &a).await[..4], first_blob[..4]);

    let lab = lab.reopened().await;
    let reads = lab.store.read();
    let password = async || reads.device_with_secret(a.account, a.id).await.unwrap().unwrap().record.value(Field::Password);
    assert_eq!(password().await, Value::secret(PASSWORD));
    assert_eq!(reads.running_jobs().await.unwrap()[0].previous_password.as_ref().unwrap().expose_secret(), "old-password");
    assert_eq!(reads.operation(ada, a.account, op, b"payload").await.unwrap(), Some(Ok(json!("done"))));
    assert!(reads.operation(ada, a.account, op, b"other").await.unwrap().unwrap().is_err());

    assert_eq!(lab.store.rotate_key().await.unwrap(), 3, "again");
    assert_eq!(password().await, Value::secret(PASSWORD));
    assert_eq!(reads.operation(ada, a.account, op, b"payload").await.unwrap(), Some(Ok(json!("done"))));
}

/// A crash after the new key was added and before anything was sealed with it.
#[tokio::test]
async fn a_rotation_that_was_cut_off_leaves_a_store_that_opens() {
    let lab = Lab::new(Engine::Sqlite).await;
    let (a, b) = two(&lab).await;
    let key = lab.options.data.join("seatline.key");
    let mut file: serde_json::Value = serde_json::from_str(&fs::read_to_string(&key).unwrap()).unwrap();
    file["sealing"]["2"] = json!("7".repeat(64));
    fs::write(&key, file.to_string()).unwrap();
    let lab = lab.reopened().await;
    let tx = lab.store.begin().await.unwrap();
    let next = Device { version: 2, ..stored(&tx, &a).await };
    tx.update_device(&next, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(blob(&lab, &a).await[..4], [0, 0, 0, 2], "what is written has the new key");
    assert_eq!(blob(&lab, &b).await[..4], [0, 0, 0, 1]);
    for device in [&a, &b] {
        let read = lab.store.read().device_with_secret(device.account, device.id).await.unwrap().unwrap();
        assert_eq!(read.record.value(Field::Password), Value::secret(PASSWORD));
    }
    assert_eq!(lab.store.rotate_key().await.unwrap(), 2);
    let lab = lab.reopened().await;
    assert!(lab.store.read().device_with_secret(b.account, b.id).await.is_ok());
}

#[tokio::test]
async fn no_file_of_the_data_folder_holds_a_password() {
    let lab = Lab::new(Engine::Sqlite).await;
    two(&lab).await;
    let mut files = 0;
    for file in fs::read_dir(&lab.options.data).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(PASSWORD.len()).any(|w| w == PASSWORD.as_bytes()));
        files += 1;
    }
    assert!(files >= 3, "database, log and key were looked at");
}

#[tokio::test]
async fn a_key_file_that_is_missing_or_anothers_is_said_and_nothing_is_made() {
    let lab = Lab::new(Engine::Sqlite).await;
    let (a, _) = two(&lab).await;
    let key = lab.options.data.join("seatline.key");
    lab.store.clone().close().await;
    let good = fs::read(&key).unwrap();

    fs::remove_file(&key).unwrap();
    let missing = Store::open(&lab.options, true).await.err().unwrap();
    assert!(matches!(&missing, OpenError::KeyMissing(path) if *path == key), "{missing}");
    assert!(!key.exists(), "a new key would hide that the old one is lost");

    fs::write(&key, json!({"format": 1, "sealing": {"1": "7".repeat(64)}}).to_string()).unwrap();
    assert!(matches!(Store::open(&lab.options, true).await.err().unwrap(), OpenError::KeyWrong(_)));
    fs::write(&key, json!({"format": 1, "sealing": {"1": "c0ffee"}}).to_string()).unwrap();
    let unreadable = Store::open(&lab.options, true).await.err().unwrap();
    assert!(matches!(unreadable, OpenError::KeyUnreadable { .. }));
    assert!(!unreadable.to_string().contains("c0ffee"), "what may be a key is not repeated");

    fs::write(&key, good).unwrap();
    let store = Store::open(&lab.options, true).await.unwrap();
    assert!(store.read().device_with_secret(a.account, a.id).await.is_ok());
}
