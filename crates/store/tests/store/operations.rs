//! A retry applies once.

use crate::{engine::Lab, fixture::*};
use domain::{AccountId, OperationId};
use serde_json::json;
use store::{Column, OperationMismatch, StoreError};

mod on {
    both!(a_retry_finds_the_first_answer_and_another_payload_is_refused);
}

async fn a_retry_finds_the_first_answer_and_another_payload_is_refused(lab: Lab) {
    let store = &lab.store;
    let (ada, grace) = (operator(store, "Ada").await, operator(store, "Grace").await);
    let (op, here, elsewhere): (OperationId, AccountId, AccountId) = (id(), id(), id());
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.operation(ada, here, op, b"save 1").await.unwrap(), None);
    tx.record_operation(ada, here, op, b"save 1", &json!({"version": 2}), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let reads = store.read();
    assert_eq!(reads.operation(ada, here, op, b"save 1").await.unwrap(), Some(Ok(json!({"version": 2}))));
    assert_eq!(reads.operation(ada, here, op, b"save 2").await.unwrap(), Some(Err(OperationMismatch)));
    assert_eq!(reads.operation(grace, here, op, b"save 1").await.unwrap(), None, "ids are each operator's own");
    assert_eq!(reads.operation(ada, elsewhere, op, b"save 1").await.unwrap(), None, "and each account's");
    assert_eq!(reads.operation_result(ada, elsewhere, op).await.unwrap(), None);
    assert_eq!(reads.operation_result(ada, here, op).await.unwrap(), Some(json!({"version": 2})));
    let tx = store.begin().await.unwrap();
    let twice = tx.record_operation(ada, here, op, b"save 1", &json!({}), NOW).await;
    assert!(matches!(twice, Err(StoreError::Taken(Column::Id))));
    drop(tx);
    let tx = store.begin().await.unwrap();
    tx.record_operation(ada, elsewhere, op, b"save 2", &json!({}), NOW).await.unwrap();
}
