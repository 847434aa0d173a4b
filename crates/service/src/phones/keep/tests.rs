//! A disk that takes nothing for a while.

use super::*;
use crate::tests::engine::{Held, binding};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use std::{path::Path, time::Instant};

async fn sql(file: &Path, statement: &str) {
    let db = Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    db.execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

#[tokio::test]
async fn contacts_that_come_and_go_while_nothing_can_be_written_are_bounded_and_what_there_is_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.db");
    let log = PhoneLog::open(&file).await.unwrap();
    let (held, engine) = (Arc::new(Held::default()), Arc::new(OnceLock::new()));
    let keep = Keep::new(log.clone(), engine.clone());
    keep.dirty.lock().bindings = Changed::new(20);
    let comes = |b: &Binding| {
        held.bindings.lock().push(b.clone());
        keep.take(RegistrarEvent::Registered(b.clone()), 0);
    };
    let goes = |b: &Binding| {
        held.end_binding(&b.key(), Dropped::Expired);
        keep.take(RegistrarEvent::Dropped { binding: b.clone(), why: Dropped::Expired }, 0);
    };
    let (stays, leaves) = (binding(1, "sip:stays@192.0.2.7"), binding(2, "sip:leaves@192.0.2.7"));
    comes(&stays);
    comes(&leaves);
    keep.write().await;

    sql(&file, "ALTER TABLE bindings RENAME TO away").await;
    goes(&leaves);
    for n in 0..1_000 {
        let passes = binding(3, &format!("sip:{n}@192.0.2.7"));
        comes(&passes);
        goes(&passes);
        if n % 100 == 0 {
            keep.write().await;
        }
        assert!(keep.dirty.lock().bindings.len() <= 20);
    }
    keep.write().await;
    assert!(keep.dirty.lock().bindings.is_all());
    let late = binding(4, "sip:late@192.0.2.7");
    comes(&late);

    sql(&file, "ALTER TABLE away RENAME TO bindings").await;
    let kept = async || {
        let mut contacts: Vec<String> = log.load_bindings().await.unwrap().into_iter().map(|b| b.contact).collect();
        contacts.sort();
        contacts
    };
    // Nobody knows who is registered: nothing is taken for nobody.
    for _ in 0..=PAUSE {
        keep.write().await;
    }
    assert_eq!(kept().await, [leaves.contact.clone(), stays.contact.clone()]);
    assert!(engine.set(held.clone()).is_ok());
    for _ in 0..PAUSE {
        keep.write().await;
    }
    assert_eq!(kept().await, [late.contact.clone(), stays.contact.clone()]);
    // From then on what changes is written at once.
    goes(&late);
    keep.write().await;
    assert_eq!(kept().await, [stays.contact]);
}

#[tokio::test]
async fn who_asks_for_the_history_does_not_wait_for_a_disk_that_takes_nothing_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.db");
    let log = PhoneLog::open(&file).await.unwrap();
    let keep = Arc::new(Keep::new(log, Arc::default()));
    let (first, second) = (binding(1, "sip:first@192.0.2.7"), binding(1, "sip:second@192.0.2.7"));
    keep.take(RegistrarEvent::Registered(first.clone()), 0);
    assert_eq!(keep.events(first.device, 10, None).await.unwrap().len(), 1);

    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    let other = Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    keep.take(RegistrarEvent::Registered(second), 0);
    let asked = Instant::now();
    let known = keep.events(first.device, 10, None).await.unwrap();
    assert!(asked.elapsed() < 2 * PATIENCE, "{:?}", asked.elapsed());
    assert_eq!(known.len(), 1, "what is written");
    assert_eq!(keep.began_since(first.device, 0).await, 1);
    other.execute_unprepared("COMMIT").await.unwrap();
    assert_eq!(keep.events(first.device, 10, None).await.unwrap().len(), 2, "nothing of what waited is lost");
}

#[tokio::test]
async fn a_phone_that_only_changes_its_contact_does_not_flap() {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::new(PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap(), Arc::default());
    let phone = binding(1, "sip:desk@192.0.2.7");
    let five = |why| {
        for at in 0..5 {
            keep.take(RegistrarEvent::Dropped { binding: phone.clone(), why }, at);
        }
        keep.is_flapping(phone.device, 5)
    };
    assert!(!five(Dropped::Replaced));
    assert!(five(Dropped::Unregistered));
}
