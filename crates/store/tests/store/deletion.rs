//! Soft deletion frees what was taken; restoring says what somebody else has by now.

use crate::{engine::Lab, fixture::*};
use domain::{Field, Value, rules::ip::IpRange};
use store::{Column, StoreError};

mod on {
    both!(a_deleted_device_frees_its_name_and_returns_with_another);
    both!(a_deleted_seat_returns_with_the_devices_that_went_with_it);
    both!(a_realm_that_is_another_accounts_by_now_takes_nothing_back);
}

async fn a_deleted_device_frees_its_name_and_returns_with_another(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let desk = with(device(&seat, "Desk", "user_desk"), Field::Mac, Value::text("805ec0123456"));
    let door = device_at(&seat, "Door", &["10.0.0.0/24"]);
    save(store, &seat, &[&desk, &door]).await;

    let tx = store.begin().await.unwrap();
    tx.delete_device(account, desk.id, NOW + 5, "Grace").await.unwrap();
    tx.delete_device(account, door.id, NOW + 5, "Grace").await.unwrap();
    assert!(matches!(tx.delete_device(account, desk.id, NOW + 6, "Grace").await, Err(StoreError::NotFound)), "once");
    tx.commit().await.unwrap();
    let reads = store.read();
    let gone = reads.device(account, desk.id).await.unwrap().unwrap();
    assert_eq!((gone.deleted, gone.version), (Some(NOW + 5), 2), "a save on its way finds it stale");
    assert!(reads.devices_of(seat.id).await.unwrap().is_empty());
    assert!(reads.directory_row(desk.id).await.unwrap().is_none());
    assert!(reads.directory_page(None, 10).await.unwrap().is_empty());
    assert!(reads.overlapping(&[IpRange::parse("10.0.0.1").unwrap()], None).await.unwrap().is_empty());

    let heir = with(device(&seat, "Heir", "user_desk"), Field::Mac, Value::text("805ec0123456"));
    let gate = device_at(&seat, "Gate", &["10.0.0.7"]);
    let tx = store.begin().await.unwrap();
    tx.insert_device(&heir).await.unwrap();
    tx.insert_device(&gate).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.begin().await.unwrap();
    let restored = tx.restore_device(account, desk.id).await;
    assert!(matches!(restored, Err(StoreError::Taken(Column::Username | Column::Mac))), "{restored:?}");
    drop(tx);
    let tx = store.begin().await.unwrap();
    assert!(matches!(tx.restore_device(account, door.id).await, Err(StoreError::Taken(Column::Ip))));
    drop(tx);

    let tx = store.begin().await.unwrap();
    let mut back = stored(&tx, &desk).await;
    back.record.set(Field::Username, Value::text("user_back"));
    back.record.set(Field::Mac, Value::text(""));
    back.version = 3;
    tx.update_device(&back, 2).await.unwrap();
    tx.restore_device(account, desk.id).await.unwrap();
    tx.commit().await.unwrap();
    let back = reads.device_with_secret(account, desk.id).await.unwrap().unwrap();
    assert_eq!((back.deleted, back.version, back.record.text(Field::Username)), (None, 4, "user_back"));
    assert_eq!(back.record.value(Field::Password), Value::secret(PASSWORD), "its password returned with it");
    let row = reads.directory_row(desk.id).await.unwrap().unwrap();
    assert_eq!((row.username.as_str(), row.realm.as_str(), row.expire_seconds), ("user_back", "one.example.net", 360));
}

async fn a_deleted_seat_returns_with_the_devices_that_went_with_it(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let reception = seat(account, "Reception", "100");
    let (desk, soft) = (device(&reception, "Desk", "user_desk"), device(&reception, "Soft", "user_soft"));
    let door = device_at(&reception, "Door", &["10.0.0.0/24"]);
    save(store, &reception, &[&desk, &soft, &door]).await;
    let tx = store.begin().await.unwrap();
    tx.delete_device(account, soft.id, NOW + 1, "Grace").await.unwrap();
    tx.delete_seat(account, reception.id, NOW + 2, "Grace").await.unwrap();
    tx.commit().await.unwrap();

    let reads = store.read();
    assert_eq!(reads.seat(account, reception.id).await.unwrap().unwrap().deleted, Some(NOW + 2));
    assert_eq!(reads.device(account, desk.id).await.unwrap().unwrap().deleted, Some(NOW + 2));
    assert_eq!(reads.device(account, soft.id).await.unwrap().unwrap().deleted, Some(NOW + 1), "it went before");
    assert_eq!(found(store, account, "").await, 0);
    let tx = store.begin().await.unwrap();
    assert!(matches!(tx.restore_device(account, soft.id).await, Err(StoreError::NotFound)), "its seat is gone");
    drop(tx);

    let heir = seat(account, "Heir", "100");
    save(store, &heir, &[]).await;
    let tx = store.begin().await.unwrap();
    assert!(matches!(tx.restore_seat(account, reception.id).await, Err(StoreError::Taken(Column::Extension))));
    drop(tx);
    let tx = store.begin().await.unwrap();
    let mut back = tx.seat(account, reception.id).await.unwrap().unwrap();
    back.record.set(Field::Extension, Value::text("101"));
    back.version += 1;
    tx.update_seat(&back, 2).await.unwrap();
    tx.restore_seat(account, reception.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut names: Vec<String> = reads.devices_of(reception.id).await.unwrap().iter().map(|d| d.record.text(Field::Name).into()).collect();
    names.sort();
    assert_eq!(names, ["Desk", "Door"]);
    assert_eq!(found(store, account, "user_desk").await, 1, "found again");
    assert_eq!(reads.overlapping(&[IpRange::parse("10.0.0.1").unwrap()], None).await.unwrap().len(), 1, "its addresses are its own again");
}

async fn a_realm_that_is_another_accounts_by_now_takes_nothing_back(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let two = realm(store, account, "two.example.net").await;
    let other = crate::fixture::account(store, "other.example.net").await;
    let seat = seat(account, "Reception", "100");
    let desk = with(device(&seat, "Desk", "user_desk"), Field::Realm, Value::Realm(Some("two.example.net".into())));
    save(store, &seat, &[&desk]).await;
    let tx = store.begin().await.unwrap();
    tx.delete_device(account, desk.id, NOW, "Grace").await.unwrap();
    tx.delete_realm(two).await.unwrap();
    tx.commit().await.unwrap();
    realm(store, other, "two.example.net").await;
    let tx = store.begin().await.unwrap();
    assert!(matches!(tx.restore_device(account, desk.id).await, Err(StoreError::Taken(Column::Realm))));
    let back = with(store::Device { version: 3, ..stored(&tx, &desk).await }, Field::Realm, Value::Realm(None));
    tx.update_device(&back, 2).await.unwrap();
    tx.restore_device(account, desk.id).await.unwrap();
    assert_eq!(stored(&tx, &desk).await.effective_realm, "one.example.net");
}
