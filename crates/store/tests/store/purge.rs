//! What is kept for a time only.

use crate::{engine::Lab, fixture::*};
use domain::{DAY, EventKind, OperationId, Role};
use serde_json::json;
use store::{InviteRow, JobRow, Purged, SessionRow};

mod on {
    both!(only_what_is_old_goes_and_the_history_stays);
}

async fn only_what_is_old_goes_and_the_history_stays(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let ada = operator(store, "Ada").await;
    let (old, young) = (seat(account, "Old", "100"), seat(account, "Young", "101"));
    let (a, b, c) = (device(&old, "A", "user_a"), device(&young, "B", "user_b"), device(&young, "C", "user_c"));
    save(store, &old, &[&a]).await;
    save(store, &young, &[&b, &c]).await;
    let (first, second): (OperationId, OperationId) = (id(), id());
    let job = JobRow {
        id: id(),
        account,
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
    };
    let session = |n: u8, expires| SessionRow { token_hash: [n; 32], operator: ada, created: NOW, seen: NOW, expires };
    let invite = |n: u8, expires| InviteRow {
        token_hash: [n; 32],
        account,
        name: "Hedy".into(),
        role: Role::Viewer,
        created_by: String::new(),
        created: NOW,
        expires,
        used: None,
    };
    let tx = store.begin().await.unwrap();
    tx.insert_job(&job).await.unwrap();
    tx.delete_seat(account, old.id, NOW, "Grace").await.unwrap();
    tx.delete_device(account, b.id, NOW + 2 * DAY, "Grace").await.unwrap();
    tx.append_event(&event(account, EventKind::SeatDeleted, None, Some(old.id), None)).await.unwrap();
    tx.record_operation(ada, account, first, b"x", &json!(1), NOW - 60 * DAY).await.unwrap();
    tx.record_operation(ada, account, second, b"x", &json!(2), NOW).await.unwrap();
    tx.insert_session(&session(1, NOW + DAY)).await.unwrap();
    tx.insert_session(&session(2, NOW + 40 * DAY)).await.unwrap();
    tx.insert_invite(&invite(1, NOW + DAY)).await.unwrap();
    tx.insert_invite(&invite(2, NOW + 40 * DAY)).await.unwrap();
    tx.commit().await.unwrap();

    let tx = store.begin().await.unwrap();
    assert_eq!(tx.purge(NOW + 29 * DAY).await.unwrap(), Purged { sessions: 1, invites: 1, ..Purged::default() });
    assert_eq!(tx.purge(NOW + 31 * DAY).await.unwrap(), Purged { devices: 1, seats: 1, operations: 1, ..Purged::default() });
    tx.commit().await.unwrap();
    let reads = store.read();
    assert!(reads.device(account, a.id).await.unwrap().is_none());
    assert!(reads.seat(account, old.id).await.unwrap().is_none());
    assert!(reads.job(account, job.id).await.unwrap().is_none());
    assert!(reads.device(account, b.id).await.unwrap().is_some(), "still to be restored");
    assert!(reads.device(account, c.id).await.unwrap().is_some());
    assert_eq!(reads.operation(ada, account, first, b"x").await.unwrap(), None);
    assert_eq!(reads.operation(ada, account, second, b"x").await.unwrap(), Some(Ok(json!(2))));
    assert!(reads.session([2; 32]).await.unwrap().is_some());
    assert_eq!(reads.last_event().await.unwrap(), 1);
}
