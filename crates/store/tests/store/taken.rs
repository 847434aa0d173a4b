//! What exists once: extension, username, MAC address, addresses, realm, an operator's name.

use crate::{engine::Lab, fixture::*};
use domain::{AccountId, Field, Value, rules::ip::IpRange};
use store::{Column, Device, Seat, Store, StoreError};

mod on {
    both!(usernames_are_unique_in_their_realm_whatever_their_case);
    both!(mac_addresses_and_extensions_are_unique_in_their_account);
    both!(addresses_stand_for_one_device_in_the_whole_system);
    both!(realms_have_one_owner);
}

async fn refused(store: &Store, seat: &Seat, device: &Device) -> Column {
    let tx = store.begin().await.unwrap();
    let new = tx.seat(seat.account, seat.id).await.unwrap().is_none();
    let result = if new { tx.insert_seat(seat).await } else { Ok(()) };
    let result = match result {
        Ok(()) => tx.insert_device(device).await,
        refused => refused,
    };
    match result {
        Err(StoreError::Taken(column)) => column,
        other => panic!("{other:?}"),
    }
}

async fn one(lab: &Lab) -> (AccountId, Seat) {
    let account = account(&lab.store, "one.example.net").await;
    (account, seat(account, "Reception", "100"))
}

async fn usernames_are_unique_in_their_realm_whatever_their_case(lab: Lab) {
    let store = &lab.store;
    let (account, seat) = one(&lab).await;
    realm(store, account, "two.example.net").await;
    let desk = device(&seat, "Desk", "user_desk");
    save(store, &seat, &[&desk]).await;
    assert_eq!(refused(store, &seat, &device(&seat, "Other", "USER_Desk")).await, Column::Username);
    let own = |name, realm: &str| with(device(&seat, name, "user_desk"), Field::Realm, Value::Realm(Some(realm.into())));
    assert_eq!(refused(store, &seat, &own("Same by choice", "one.example.net")).await, Column::Username);
    let tx = store.begin().await.unwrap();
    tx.insert_device(&own("Elsewhere", "two.example.net")).await.unwrap();
    tx.commit().await.unwrap();

    let reads = store.read();
    let holder = reads.username_holder("one.example.net", "User_DESK", None).await.unwrap().unwrap();
    assert_eq!((holder.device, holder.account, holder.seat, holder.name.as_str()), (desk.id, account, seat.id, "Desk"));
    assert!(reads.username_holder("one.example.net", "user_desk", Some(desk.id)).await.unwrap().is_none());
    assert!(reads.username_holder("three.example.net", "user_desk", None).await.unwrap().is_none());
}

async fn mac_addresses_and_extensions_are_unique_in_their_account(lab: Lab) {
    let store = &lab.store;
    let (account, first) = one(&lab).await;
    let mac = |device| with(device, Field::Mac, Value::text("805ec0123456"));
    let desk = mac(device(&first, "Desk", "user_desk"));
    let bare = device(&first, "Bare", "user_bare");
    let bare2 = device(&first, "Bare too", "user_bare2");
    save(store, &first, &[&desk, &bare, &bare2]).await;
    assert_eq!(refused(store, &first, &mac(device(&first, "Other", "user_other"))).await, Column::Mac);
    let same = seat(account, "Kitchen", "100");
    assert_eq!(refused(store, &same, &device(&same, "X", "user_x")).await, Column::Extension);

    let other = crate::fixture::account(store, "other.example.net").await;
    let there = seat(other, "Reception", "100");
    save(store, &there, &[&mac(device(&there, "Desk", "user_desk"))]).await;

    let reads = store.read();
    assert_eq!(reads.mac_holder(account, "805ec0123456", None).await.unwrap().unwrap().device, desk.id);
    assert!(reads.mac_holder(account, "805ec0123456", Some(desk.id)).await.unwrap().is_none());
    assert!(reads.mac_holder(account, "", None).await.unwrap().is_none(), "no address is nobody's");
    assert_eq!(reads.extension_holder(account, "100", None).await.unwrap(), Some((first.id, "Reception".into())));
    assert_eq!(reads.extension_holder(account, "100", Some(first.id)).await.unwrap(), None);
}

async fn addresses_stand_for_one_device_in_the_whole_system(lab: Lab) {
    let store = &lab.store;
    let (_, seat) = one(&lab).await;
    let door = device_at(&seat, "Door", &["10.0.0.0/24", "2001:db8::/64", "192.0.2.7"]);
    // A list that is kept on the hidden side of the method claims nothing.
    let asleep = with(device(&seat, "Asleep", "user_asleep"), Field::Ip, Value::List(vec!["10.1.0.0/24".into()]));
    save(store, &seat, &[&door, &asleep]).await;

    let other = account(store, "other.example.net").await;
    let there = crate::fixture::seat(other, "Gate", "1");
    for taken in ["10.0.0.255", "10.0.0.128/25", "192.0.2.6-192.0.2.8", "2001:db8::1", "10.0.0.255-10.0.1.1"] {
        assert_eq!(refused(store, &there, &device_at(&there, "Gate", &[taken])).await, Column::Ip, "{taken}");
    }
    let free = ["10.0.1.0/24", "9.255.255.255", "192.0.2.8", "2001:db8:0:1::/64", "10.1.0.7"];
    save(store, &there, &[&device_at(&there, "Gate", &free)]).await;

    let wanted: Vec<IpRange> = ["10.0.0.9", "10.2.0.0/24", "10.0.1.1"].iter().map(|t| IpRange::parse(t).unwrap()).collect();
    let found = store.read().overlapping(&wanted, None).await.unwrap();
    let names: Vec<(&str, &str)> = found.iter().map(|(range, holder)| (range.as_str(), holder.name.as_str())).collect();
    assert_eq!(names, [("10.0.0.9", "Door"), ("10.0.1.1", "Gate")]);
    assert_eq!(store.read().overlapping(&wanted[..1], Some(door.id)).await.unwrap(), []);

    let rows = store.read().directory_page(None, 10).await.unwrap();
    let row = rows.iter().find(|row| row.device == door.id).unwrap();
    assert!(row.method_ip && row.ranges.len() == 3);
    let asleep = rows.iter().find(|row| row.device == asleep.id).unwrap();
    assert!(!asleep.method_ip && asleep.ranges.is_empty());
}

async fn realms_have_one_owner(lab: Lab) {
    let store = &lab.store;
    let (account, seat) = one(&lab).await;
    let two = realm(store, account, "two.example.net").await;
    let other = crate::fixture::account(store, "other.example.net").await;
    let tx = store.begin().await.unwrap();
    let again = store::RealmRow { id: id(), account: other, name: "two.example.net".into(), is_default: false, sha256: false };
    assert!(matches!(tx.insert_realm(&again).await, Err(StoreError::Taken(Column::Realm))));
    drop(tx);
    let reads = store.read();
    assert_eq!(reads.realm_by_name("two.example.net").await.unwrap().unwrap().account, account);
    let names: Vec<String> = reads.realms(account).await.unwrap().into_iter().map(|realm| realm.name).collect();
    assert_eq!(names, ["one.example.net", "two.example.net"], "the default one first");
    assert_eq!(reads.all_realms().await.unwrap().len(), 3);

    let desk = with(device(&seat, "Desk", "user_desk"), Field::Realm, Value::Realm(Some("two.example.net".into())));
    save(store, &seat, &[&desk, &device(&seat, "Soft", "user_soft")]).await;
    assert_eq!(reads.devices_in_realm("two.example.net").await.unwrap(), 1);
    assert_eq!(reads.devices_inheriting(account).await.unwrap(), 1);
    let tx = store.begin().await.unwrap();
    tx.delete_realm(two).await.unwrap();
    assert!(matches!(tx.delete_realm(two).await, Err(StoreError::NotFound)));
}
