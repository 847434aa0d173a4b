//! Opening, locks, migrations, backup.

use crate::{
    engine::{Engine, Lab},
    fixture::*,
};
use sea_orm::{ConnectionTrait, Statement};
use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};
use store::{OpenError, Options, Store, StoreError};

mod on {
    both!(one_server_at_a_time_and_a_command_beside_it);
    both!(a_newer_schema_is_refused_and_the_same_one_opens_again);
    both!(an_older_schema_is_not_migrated_beneath_a_running_server);
    both!(looking_whether_a_database_is_there_makes_none);
}

async fn looking_whether_a_database_is_there_makes_none(lab: Lab) {
    assert!(lab.options.is_there().await.unwrap(), "beside a running server too");
    let fresh = Lab::options(lab.engine, &lab.folder.path().join("nowhere"));
    assert!(!fresh.is_there().await.unwrap());
    assert!(!fresh.data.exists());
    assert!(!fresh.is_there().await.unwrap(), "nor did the first look");
}

async fn one_server_at_a_time_and_a_command_beside_it(lab: Lab) {
    let second = Store::open(&lab.options, true).await.err().unwrap();
    assert!(matches!(second, OpenError::InUse(_)), "{second}");
    let elsewhere = Options { data: lab.folder.path().join("elsewhere"), database: lab.options.database.clone() };
    if elsewhere.database.is_some() {
        let same_database = Store::open(&elsewhere, true).await.err().unwrap();
        assert!(matches!(same_database, OpenError::InUse(_)), "{same_database}");
    }
    let beside = Store::open(&lab.options, false).await.unwrap();
    account(&beside, "one.example.net").await;
    assert_eq!(lab.store.read().all_realms().await.unwrap().len(), 1, "its writes are seen");

    let held = lab.store.begin().await.unwrap();
    let waiting = tokio::spawn({
        let beside = beside.clone();
        async move { account(&beside, "two.example.net").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "it waits for the writer's end");
    held.commit().await.unwrap();
    waiting.await.unwrap();
    beside.close().await;
    lab.store.ping().await.unwrap();
    let lab = lab.reopened().await;
    assert_eq!(lab.store.read().accounts().await.unwrap().len(), 2);
}

async fn a_newer_schema_is_refused_and_the_same_one_opens_again(lab: Lab) {
    account(&lab.store, "one.example.net").await;
    let lab = lab.reopened().await;
    assert_eq!(lab.store.read().accounts().await.unwrap().len(), 1);
    lab.store.clone().close().await;
    let db = lab.raw().await;
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
    db.execute_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    db.close().await.unwrap();
    assert!(matches!(Store::open(&lab.options, true).await.err().unwrap(), OpenError::Newer));
}

async fn an_older_schema_is_not_migrated_beneath_a_running_server(lab: Lab) {
    let db = lab.raw().await;
    db.execute_raw(Statement::from_string(db.get_database_backend(), "DELETE FROM seaql_migrations")).await.unwrap();
    db.close().await.unwrap();
    assert!(matches!(Store::open(&lab.options, false).await.err().unwrap(), OpenError::Older));
}

/// What the first start leaves behind.
#[tokio::test]
async fn the_first_start_makes_what_is_missing_and_keeps_it_private() {
    let lab = Lab::new(Engine::Sqlite).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&lab.options.data), 0o700);
    for file in ["seatline.key", "seatline.db", "seatline.db-wal"] {
        assert_eq!(mode(&lab.options.data.join(file)), 0o600, "{file}");
    }
    let db = lab.raw().await;
    let pragma = async |name: &str| {
        let statement = Statement::from_string(db.get_database_backend(), format!("PRAGMA {name}"));
        db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index::<String>(0).unwrap()
    };
    assert_eq!(pragma("journal_mode").await, "wal");
}

#[tokio::test]
async fn a_backup_is_a_whole_database_and_never_replaces_a_file() {
    let lab = Lab::new(Engine::Sqlite).await;
    account(&lab.store, "one.example.net").await;
    let to = lab.folder.path().join("backup it's.db");
    lab.options.backup(&to).await.unwrap();
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(lab.options.backup(&to).await, Err(StoreError::File(_))), "there is one already");

    let options = Options { data: lab.folder.path().join("restored"), database: None };
    fs::create_dir(&options.data).unwrap();
    fs::copy(&to, options.data.join("seatline.db")).unwrap();
    assert!(matches!(Store::open(&options, true).await.err().unwrap(), OpenError::KeyMissing(_)));
    fs::copy(lab.options.data.join("seatline.key"), options.data.join("seatline.key")).unwrap();
    let restored = Store::open(&options, true).await.unwrap();
    assert_eq!(restored.read().accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_backup_leaves_an_older_database_as_it_is() {
    let lab = Lab::new(Engine::Sqlite).await;
    account(&lab.store, "one.example.net").await;
    lab.store.clone().close().await;
    let older = async |db: sea_orm::DatabaseConnection, sql: &str| {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        db.close().await.unwrap();
        row.map(|row| row.try_get_by_index::<i64>(0).unwrap())
    };
    older(lab.raw().await, "DELETE FROM seaql_migrations").await;
    let to = lab.folder.path().join("copy.db");
    lab.options.backup(&to).await.unwrap();
    let copy = sea_orm::Database::connect(format!("sqlite://{}", to.display())).await.unwrap();
    for db in [lab.raw().await, copy] {
        assert_eq!(older(db, "SELECT COUNT(*) FROM seaql_migrations").await, Some(0));
    }
}

#[tokio::test]
async fn postgres_is_backed_up_with_its_own_tool() {
    let lab = Lab::new(Engine::Postgres).await;
    assert!(matches!(lab.options.backup(&lab.folder.path().join("x")).await, Err(StoreError::UsePgDump)));
}

#[tokio::test]
async fn what_can_not_be_opened_is_one_clear_line_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |database: &str| {
        let options = Options { data: folder.path().join("data"), database: Some(database.into()) };
        assert!(!format!("{options:?}").contains("hunter2"));
        let error = Store::open(&options, true).await.err().unwrap();
        let line = error.to_string();
        assert!(!line.contains('\n') && !line.contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error:?}");
        error
    };
    assert!(matches!(open("mysql://root:hunter2@localhost/x").await, OpenError::BadUrl(_)));
    assert!(matches!(open("postgres://root:hunter2@localhost:port/x").await, OpenError::BadUrl(_)));
    // Nobody listens on port 1.
    assert!(matches!(open("postgres://root:hunter2@127.0.0.1:1/x").await, OpenError::Connect(_)));

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let options = Options { data: file.clone(), database: None };
    assert!(matches!(Store::open(&options, true).await.err().unwrap(), OpenError::Folder { path, .. } if path == file));
    let options = Options { data: folder.path().join("broken"), database: None };
    fs::create_dir(&options.data).unwrap();
    fs::write(options.data.join("seatline.db"), "no database at all, but long enough to be looked at as one".repeat(40)).unwrap();
    let broken = Store::open(&options, true).await.err().unwrap().to_string();
    assert!(broken.contains("not a database") && !broken.contains('\n'), "{broken}");
}
