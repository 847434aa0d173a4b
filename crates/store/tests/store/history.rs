//! Events: numbered in the order of commits, whoever writes at the same time.

use crate::{
    engine::{Engine, Lab},
    fixture::*,
};
use domain::{EventKind, Field, form::Change};
use std::{collections::BTreeSet, time::Duration};
use store::{EventQuery, Store, StoreError, Tx};

mod on {
    both!(numbers_rise_in_the_order_of_commits);
    both!(events_are_read_by_what_they_happened_to);
}

/// A writer's turn. `SQLite` serves those of other processes in no order: with a slow disk one may wait for too long, and asks again.
async fn turn(store: &Store) -> Tx {
    for _ in 0..12 {
        match store.begin().await {
            Err(StoreError::Db(_)) => {}
            other => return other.unwrap(),
        }
    }
    panic!("no turn in a minute");
}

async fn numbers_rise_in_the_order_of_commits(lab: Lab) {
    const WRITERS: usize = 6;
    const EACH: usize = 12;
    let account = account(&lab.store, "one.example.net").await;
    // A second store on the same data: another process's writes.
    let beside = Store::open(&lab.options, false).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..WRITERS {
        let store = if n % 3 == 0 { beside.clone() } else { lab.store.clone() };
        writers.spawn(async move {
            for i in 0..EACH {
                let tx = turn(&store).await;
                let seq = tx.append_event(&event(account, EventKind::DeviceChanged, None, None, None)).await.unwrap();
                tokio::time::sleep(Duration::from_millis((n * 7 + i * 3) as u64 % 5)).await;
                if i % 4 == 3 {
                    drop(tx);
                } else {
                    assert_eq!(tx.append_event(&event(account, EventKind::SignedIn, None, None, None)).await.unwrap(), seq + 1);
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    let wanted = WRITERS * EACH / 4 * 3 * 2;
    let reads = lab.store.read();
    let mut seen = Vec::new();
    while seen.len() < wanted {
        let after = seen.last().copied().unwrap_or(0);
        let new = reads.events_after(&[account], after, 7).await.unwrap();
        seen.extend(new.iter().map(|e| e.seq));
        if new.is_empty() && writers.is_empty() {
            break;
        }
        while let Some(done) = writers.try_join_next() {
            done.unwrap();
        }
        tokio::task::yield_now().await;
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    assert_eq!(seen, (1..=wanted as i64).collect::<Vec<_>>(), "a reader that asks for what is behind the last one misses none");
    assert_eq!(reads.last_event().await.unwrap(), wanted as i64);
    beside.close().await;
}

async fn events_are_read_by_what_they_happened_to(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let other = crate::fixture::account(store, "other.example.net").await;
    let ada = operator(store, "Ada").await;
    let (device, seat) = (id(), id());
    let mut changed = event(account, EventKind::DeviceChanged, Some(device), Some(seat), Some(ada));
    changed.changes = vec![Change { field: Field::Name, from: "New Device".into(), to: "Desk".into() }];
    changed.note = "over the flow".into();
    let tx = store.begin().await.unwrap();
    for new in [
        event(account, EventKind::SeatCreated, None, Some(seat), None),
        changed.clone(),
        event(other, EventKind::SeatCreated, None, Some(seat), Some(ada)),
        event(account, EventKind::RebootAsked, Some(device), Some(seat), None),
    ] {
        tx.append_event(&new).await.unwrap();
    }
    tx.commit().await.unwrap();
    let reads = store.read();
    let all = EventQuery { account, device: None, seat: None, operator: None, before: None, limit: 10 };
    let seqs = async |query: EventQuery| reads.events(&query).await.unwrap().iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(all).await, [4, 2, 1], "the newest first, of this account");
    assert_eq!(seqs(EventQuery { device: Some(device), ..all }).await, [4, 2]);
    assert_eq!(seqs(EventQuery { seat: Some(seat), before: Some(4), ..all }).await, [2, 1]);
    assert_eq!(seqs(EventQuery { operator: Some(ada), ..all }).await, [2]);
    assert_eq!(seqs(EventQuery { limit: 1, ..all }).await, [4]);
    let read = reads.events(&EventQuery { operator: Some(ada), ..all }).await.unwrap().remove(0);
    assert_eq!((read.changes, read.note, read.by, read.kind), (changed.changes, changed.note, Some(ada), EventKind::DeviceChanged));
    assert_eq!(reads.last_event().await.unwrap(), 4);
}

/// Every kind's word fits and reads back.
#[tokio::test]
async fn every_kind_is_stored_by_its_word() {
    let lab = Lab::new(Engine::Sqlite).await;
    let account = account(&lab.store, "one.example.net").await;
    let tx = lab.store.begin().await.unwrap();
    for kind in EventKind::ALL {
        tx.append_event(&event(account, kind, None, None, None)).await.unwrap();
    }
    let read: BTreeSet<&str> = tx.events_after(&[account], 0, 100).await.unwrap().iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(read.len(), EventKind::ALL.len());
}
