//! Another default realm takes every inheriting device along, stamped, in one transaction.

use crate::{engine::Lab, fixture::*};
use domain::{Field, Stamp, Value};
use store::{Column, StoreError};

mod on {
    both!(inheriting_devices_follow_and_are_stamped);
    both!(a_username_that_would_be_taken_twice_is_named_and_refused);
}

async fn inheriting_devices_follow_and_are_stamped(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let two = realm(store, account, "two.example.net").await;
    let ada = operator(store, "Ada").await;
    let seat = seat(account, "Reception", "100");
    let (desk, gone) = (device(&seat, "Desk", "user_desk"), device(&seat, "Gone", "user_gone"));
    let own = with(device(&seat, "Own", "user_own"), Field::Realm, Value::Realm(Some("one.example.net".into())));
    save(store, &seat, &[&desk, &gone, &own]).await;
    let tx = store.begin().await.unwrap();
    tx.delete_device(account, gone.id, NOW, "Grace").await.unwrap();
    let before = edited(&stored(&tx, &desk).await, ada, &[(Field::Name, Value::text("Front \"desk\" $1 ?"))]);
    tx.update_device(&before, 1).await.unwrap();
    tx.commit().await.unwrap();

    let stamp = Stamp { version: 0, by: "Ada \"the first\" ?".into(), by_id: Some(ada), at: NOW + 9 };
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.set_default_realm(account, two, &stamp).await.unwrap(), [desk.id], "the deleted one drops nothing");
    tx.commit().await.unwrap();

    let reads = store.read();
    let moved = reads.device_with_secret(account, desk.id).await.unwrap().unwrap();
    assert_eq!((moved.effective_realm.as_str(), moved.version, moved.changed), ("two.example.net", 3, NOW + 9));
    assert_eq!(moved.record.stamp(Field::Realm.unit()), Stamp { version: 3, ..stamp.clone() });
    assert_eq!(moved.record.stamp(Field::Name.unit()), before.record.stamp(Field::Name.unit()), "the other stamps stay");
    assert_eq!(moved.record.value(Field::Realm), Value::Realm(None));
    let gone = reads.device(account, gone.id).await.unwrap().unwrap();
    assert_eq!((gone.effective_realm.as_str(), gone.version), ("two.example.net", 3), "restored, it is where it belongs");
    let own = reads.device(account, own.id).await.unwrap().unwrap();
    assert_eq!((own.effective_realm.as_str(), own.version), ("one.example.net", 1));
    let defaults: Vec<bool> = reads.realms(account).await.unwrap().iter().map(|realm| realm.is_default).collect();
    assert_eq!(defaults, [true, false]);

    let tx = store.begin().await.unwrap();
    let system = Stamp { by_id: None, by: String::new(), ..stamp };
    let one = tx.realm_by_name("one.example.net").await.unwrap().unwrap().id;
    tx.set_default_realm(account, one, &system).await.unwrap();
    assert_eq!(stored(&tx, &desk).await.record.stamp(Field::Realm.unit()), Stamp { version: 4, ..system });
}

async fn a_username_that_would_be_taken_twice_is_named_and_refused(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let two = realm(store, account, "two.example.net").await;
    let seat = seat(account, "Reception", "100");
    let desk = device(&seat, "Desk", "user_Desk");
    let there = with(device(&seat, "There", "USER_desk"), Field::Realm, Value::Realm(Some("two.example.net".into())));
    save(store, &seat, &[&desk, &device(&seat, "Soft", "user_soft"), &there]).await;
    let both = store.read().usernames_taken_in_both(account, "two.example.net").await.unwrap();
    assert_eq!(both, [("Desk".to_owned(), "user_Desk".to_owned())]);
    let tx = store.begin().await.unwrap();
    let refused = tx.set_default_realm(account, two, &Stamp::default()).await;
    assert!(matches!(refused, Err(StoreError::Taken(Column::Username))), "{refused:?}");
    drop(tx);
    assert_eq!(store.read().device(account, desk.id).await.unwrap().unwrap().effective_realm, "one.example.net", "nothing moved");
}
