//! Seat and device in one transaction, saves merged and stamped, nothing overwritten by a stale one.

use crate::{engine::Lab, fixture::*};
use domain::{Field, Stamp, Value};
use store::StoreError;

mod on {
    both!(seat_and_device_appear_together_or_not_at_all);
    both!(a_save_keeps_values_and_stamps_and_a_stale_one_changes_nothing);
    both!(a_hidden_password_stays_and_an_empty_one_goes);
    both!(carriers_and_accounts_have_the_same_lock);
}

async fn seat_and_device_appear_together_or_not_at_all(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let mut desk = device(&seat, "Desk", "user_desk");
    desk.extra = Some(serde_json::json!({"caller_id": {"name": "Reception"}}));

    let tx = store.begin().await.unwrap();
    tx.insert_seat(&seat).await.unwrap();
    tx.insert_device(&desk).await.unwrap();
    assert!(tx.device(account, desk.id).await.unwrap().is_some(), "the transaction sees its own rows");
    assert!(store.read().seat(account, seat.id).await.unwrap().is_none(), "nobody else does yet");
    drop(tx);
    assert!(store.read().seat(account, seat.id).await.unwrap().is_none(), "dropped, it never was");

    save(store, &seat, &[&desk]).await;
    let reads = store.read();
    assert_eq!(reads.seat(account, seat.id).await.unwrap().unwrap(), seat);
    let read = reads.device_with_secret(account, desk.id).await.unwrap().unwrap();
    assert_eq!(read.effective_realm, "one.example.net", "inherited from the account");
    assert_eq!(read, store::Device { effective_realm: "one.example.net".into(), ..desk.clone() });
    assert_eq!(reads.device(account, desk.id).await.unwrap().unwrap().record, desk.record.clone().hidden());
    assert_eq!(reads.devices_of(seat.id).await.unwrap().len(), 1);

    let other = crate::fixture::account(store, "other.example.net").await;
    assert!(reads.device(other, desk.id).await.unwrap().is_none(), "another account does not see it");
    assert!(reads.seat(other, seat.id).await.unwrap().is_none());
    assert_eq!(reads.device_anywhere(desk.id).await.unwrap().unwrap().account, account);
}

async fn a_save_keeps_values_and_stamps_and_a_stale_one_changes_nothing(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let grace = operator(store, "Grace").await;
    let seat = seat(account, "Reception", "100");
    let desk = device(&seat, "Desk", "user_desk");
    save(store, &seat, &[&desk]).await;

    let tx = store.begin().await.unwrap();
    let now = stored(&tx, &desk).await;
    let next = edited(&now, grace, &[(Field::Username, Value::text("user_front")), (Field::ExpireSeconds, Value::text("600"))]);
    tx.update_device(&next, now.version).await.unwrap();
    tx.commit().await.unwrap();

    let read = store.read().device_with_secret(account, desk.id).await.unwrap().unwrap();
    assert_eq!(read, next);
    let stamp = Stamp { version: 2, by: "Grace".into(), by_id: Some(grace), at: NOW + 2 };
    assert_eq!(read.record.stamp(Field::Password.unit()), stamp, "username and password are one unit");
    assert_eq!(read.record.stamp(Field::Name.unit()), Stamp::default(), "nobody touched the name");
    let listed = store.read().seat(account, seat.id).await.unwrap().unwrap();
    assert_eq!((listed.changed, listed.changed_by.as_str(), listed.version), (NOW + 2, "Grace", 1), "the seat shows its device's change");

    let tx = store.begin().await.unwrap();
    let stale = edited(&now, grace, &[(Field::Name, Value::text("Late"))]);
    assert!(matches!(tx.update_device(&stale, now.version).await, Err(StoreError::Stale)));
    tx.commit().await.unwrap();
    assert_eq!(store.read().device_with_secret(account, desk.id).await.unwrap().unwrap(), next);

    let tx = store.begin().await.unwrap();
    let renamed = store::Seat { version: 2, ..seat.clone() };
    tx.update_seat(&renamed, 1).await.unwrap();
    assert!(matches!(tx.update_seat(&renamed, 1).await, Err(StoreError::Stale)));
}

async fn a_hidden_password_stays_and_an_empty_one_goes(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let desk = device(&seat, "Desk", "user_desk");
    save(store, &seat, &[&desk]).await;
    let write = async |device: store::Device| {
        let tx = store.begin().await.unwrap();
        tx.update_device(&device, device.version - 1).await.unwrap();
        tx.commit().await.unwrap();
        store.read().device_with_secret(account, device.id).await.unwrap().unwrap().record.value(Field::Password)
    };
    let hidden = with(store::Device { version: 2, ..desk.clone() }, Field::Password, Value::Hidden);
    assert_eq!(write(hidden).await, Value::secret(PASSWORD));
    let other = with(store::Device { version: 3, ..desk.clone() }, Field::Password, Value::secret("another-one"));
    assert_eq!(write(other).await, Value::secret("another-one"));
    let none = with(store::Device { version: 4, ..desk.clone() }, Field::Password, Value::text(""));
    assert_eq!(write(none).await, Value::text(""));
}

async fn carriers_and_accounts_have_the_same_lock(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let record = domain::Kind::Carrier
        .blank()
        .with(Field::CarrierName, Value::text("East"))
        .with(Field::CarrierUri, Value::text("sip:east.example.net"))
        .with(Field::CarrierFlags, Value::List(vec!["fax".into(), "Intl".into()]));
    let east =
        store::Carrier { id: id(), account, record, version: 1, created: NOW, changed: NOW, changed_by: "Ada".into(), deleted: None };
    let tx = store.begin().await.unwrap();
    tx.insert_carrier(&east).await.unwrap();
    assert_eq!(tx.carriers(account).await.unwrap(), std::slice::from_ref(&east));
    let next = store::Carrier { version: 2, ..east.clone() };
    tx.update_carrier(&next, 1).await.unwrap();
    assert!(matches!(tx.update_carrier(&next, 1).await, Err(StoreError::Stale)));
    tx.delete_carrier(account, east.id, NOW, "Grace").await.unwrap();
    assert!(tx.carriers(account).await.unwrap().is_empty());
    assert_eq!(tx.carrier(account, east.id).await.unwrap().unwrap().deleted, Some(NOW));

    tx.rename_account(account, "Renamed", 1).await.unwrap();
    assert!(matches!(tx.rename_account(account, "Again", 1).await, Err(StoreError::Stale)));
    tx.commit().await.unwrap();
    let read = store.read().account(account).await.unwrap().unwrap();
    assert_eq!((read.name.as_str(), read.version), ("Renamed", 2));
    assert_eq!(store.read().accounts().await.unwrap(), [read]);
}
