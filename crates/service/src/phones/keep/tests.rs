//! A disk that takes nothing for a while.

use super::dirty::PAUSE;
use super::*;
use crate::phones::changed::Changed;
use crate::tests::engine::{Held, binding};
use domain::{Dropped, MINUTE, RefusedBecause, SECOND};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use std::{path::Path, time::Instant};

/// That of somebody who does not look at the clock.
fn patient() -> Patience {
    Patience::new(Duration::from_secs(30), Duration::ZERO)
}

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
    let keep = Arc::new(Keep { patience: patient(), ..Keep::new(log, Arc::default()) });
    let (first, second) = (binding(1, "sip:first@192.0.2.7"), binding(1, "sip:second@192.0.2.7"));
    keep.take(RegistrarEvent::Registered(first.clone()), 0);
    assert_eq!(keep.events(first.device, 10, None).await.unwrap().len(), 1);

    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    let other = Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    keep.take(RegistrarEvent::Registered(second.clone()), 0);
    let asked = Instant::now();
    let known = keep.events(first.device, 10, None).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(4), "not as long as the database hangs: {:?}", asked.elapsed());
    assert_eq!(known.len(), 1, "what is written");
    assert_eq!(keep.began_since(first.device, 0).await, 2, "what is being written counts");
    // However many ask meanwhile, one write waits behind the one that hangs.
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let mut askers = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let keep = keep.clone();
        askers.spawn(async move { keep.events(first.device, 10, None).await.map(|_| ()) });
    }
    while let Some(asked) = askers.join_next().await {
        asked.unwrap().unwrap();
    }
    // Some are the database's own.
    assert!(tasks() <= before + 5, "{} tasks, before {before}", tasks());
    other.execute_unprepared("COMMIT").await.unwrap();
    let committed = Instant::now();
    while keep.events(first.device, 10, None).await.unwrap().len() < 2 {
        assert!(committed.elapsed() < Duration::from_secs(20), "something of what waited is lost");
    }
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

/// How a refusal for a device is told.
fn refused(device: DeviceId, host: u8, at: Millis) -> RegistrarEvent {
    RegistrarEvent::Refused {
        account: None,
        device: Some(device),
        realm: "first.test".into(),
        username: "desk".into(),
        source: ([192, 0, 2, host], 5060).into(),
        sender: domain::Sender::default(),
        why: RefusedBecause::WrongPassword,
        at,
    }
}

#[tokio::test]
async fn how_often_a_phone_was_refused_is_written_however_long_the_disk_took_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.db");
    let log = PhoneLog::open(&file).await.unwrap();
    let (keep, device) = (Keep::new(log.clone(), Arc::default()), binding(1, "sip:desk@192.0.2.7").device);
    let told = |at| keep.take(refused(device, 7, at), at);
    told(0);
    keep.write().await;
    told(SECOND);
    sql(&file, "ALTER TABLE phone_events RENAME TO away").await;
    keep.write().await;
    // A row of ten minutes ends while nothing is taken, and the next one begins.
    told(2 * SECOND);
    keep.write().await;
    told(20 * MINUTE);
    told(20 * MINUTE + 1);
    for _ in 0..3 {
        keep.write().await;
    }
    told(20 * MINUTE + 2);
    sql(&file, "ALTER TABLE away RENAME TO phone_events").await;
    keep.write().await;
    let counts: Vec<_> = log.phone_events(device, 10, None).await.unwrap().into_iter().map(|event| event.detail["count"].clone()).collect();
    assert_eq!(counts, [3, 3]);
}

#[tokio::test]
async fn registrations_that_began_are_counted_once_before_during_and_after_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.db");
    let keep = Keep { patience: patient(), ..Keep::new(PhoneLog::open(&file).await.unwrap(), Arc::default()) };
    let phone = binding(1, "sip:desk@192.0.2.7");
    let begins = || keep.take(RegistrarEvent::Registered(phone.clone()), 0);
    begins();
    assert_eq!(keep.began_since(phone.device, 0).await, 1, "before");
    keep.write().await;
    assert_eq!(keep.began_since(phone.device, 0).await, 1, "after");
    sql(&file, "ALTER TABLE bindings RENAME TO away").await;
    begins();
    keep.write().await;
    assert_eq!(keep.began_since(phone.device, 0).await, 2, "a write that failed loses none");
    sql(&file, "ALTER TABLE away RENAME TO bindings").await;
    begins();
    keep.write().await;
    assert_eq!(keep.began_since(phone.device, 0).await, 3);
    assert!(keep.dirty.lock().begun.is_empty(), "and nothing is left behind");
    // A row that is written, and not yet known to be: it still waits, and is not counted beside.
    let written = keep.dirty.lock().written;
    begins();
    keep.write().await;
    {
        let dirty = &mut *keep.dirty.lock();
        dirty.written = written;
        dirty.begun.insert(phone.device, 1);
    }
    assert_eq!(keep.began_since(phone.device, 0).await, 4);
}

#[tokio::test]
async fn a_live_message_does_not_ask_a_disk_that_did_not_answer_a_moment_ago() {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::new(PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap(), Arc::default());
    let phone = binding(1, "sip:desk@192.0.2.7");
    keep.take(RegistrarEvent::Registered(phone.clone()), 0);
    keep.write().await;
    keep.take(RegistrarEvent::Registered(phone.clone()), 0);
    assert_eq!(keep.patience.ask(std::future::pending::<()>()).await, None);
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(keep.began_since(phone.device, 0).await, 1, "what waits to be written is known all the same");
    }
    // Each would wait 200 ms.
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}
