//! A write, its event and its operation id: in one transaction, and of one account.

use super::house::{House, operation};
use domain::form::PatchItem;
use domain::{EventKind, Field, OperationId, Patch, Problem, Role, Value, view::ActivityAsk};

fn patch(operation: OperationId, items: Vec<PatchItem>) -> Patch {
    Patch { operation, items }
}

#[tokio::test]
async fn what_was_done_in_one_account_is_found_under_no_other() {
    let house = House::new().await;
    let made = house.seat_at("Front desk", "1001").await;
    let second = house.add_account("Second", "second.test").await.unwrap();
    let bob = house.operator("bob", "First", Role::Operator).await;
    house.add_operator("bob", None, Some("Second"), Role::Admin).await.unwrap();
    let (saved, named, deleted, made_there) = (operation(), operation(), operation(), operation());
    let save = async |account| house.save_device(&bob, account, made.device, patch(saved, Vec::new()), false, None).await;
    let save_seat = async |account| house.save_seat(&bob, account, made.seat, patch(named, Vec::new())).await;
    let before = async |account| house.saved_before(&bob, account, saved).await;
    let new_seat = async |account| house.new_seat(&bob, account, made_there, "Lobby".into(), "1002".into(), String::new()).await;

    save(house.account).await.unwrap();
    save_seat(house.account).await.unwrap();
    let lobby = new_seat(house.account).await.unwrap();
    let delete = async |account| house.delete_seat(&bob, account, lobby.seat, deleted).await;
    delete(house.account).await.unwrap();
    assert!(before(house.account).await.unwrap().is_some());

    house.remove_operator(&house.admin, house.account, bob.id).await.unwrap();
    assert!(matches!(before(house.account).await, Err(Problem::NotFound)));
    assert!(before(second).await.unwrap().is_none());
    assert!(matches!(save(second).await, Err(Problem::NotFound)));
    assert!(matches!(save_seat(second).await, Err(Problem::NotFound)));
    assert!(matches!(delete(second).await, Err(Problem::NotFound)));
    let there = new_seat(second).await.unwrap();
    assert_ne!(there, lobby, "a seat of its own");
    assert_eq!(new_seat(second).await.unwrap(), there, "and once");
}

#[tokio::test]
async fn what_can_t_be_kept_for_a_retry_is_not_done_and_not_told() {
    let house = House::new().await;
    let made = house.seat_at("Front desk", "1001").await;
    let before = house.device(&house.admin, house.account, made.device).await.unwrap().record;
    let told = house.events(house.account).await.len();
    let rename = PatchItem { field: Field::Name, based_on: before.stamp(Field::Name.unit()), value: Value::text("Other") };
    let patch = patch(operation(), vec![rename]);
    let save = async || house.save_device(&house.admin, house.account, made.device, patch.clone(), false, None).await;

    // It is read and not written: the write itself, its event, and then what refuses.
    house.site.sql("CREATE TRIGGER full BEFORE INSERT ON operations BEGIN SELECT RAISE(ABORT, 'no room'); END").await;
    assert!(save().await.is_err());
    assert!(house.new_seat(&house.admin, house.account, operation(), "Lobby".into(), "1002".into(), String::new()).await.is_err());
    assert!(house.delete_device(&house.admin, house.account, made.device, operation()).await.is_err());
    house.site.sql("DROP TRIGGER full").await;
    assert_eq!(house.device(&house.admin, house.account, made.device).await.unwrap().record, before);
    assert_eq!(house.events(house.account).await.len(), told);

    save().await.unwrap();
    assert_eq!(house.told(house.account, EventKind::DeviceChanged).await.len(), 1);
    let rows = house.activity(&house.admin, house.account, ActivityAsk::default()).await.unwrap().rows;
    assert_eq!(rows.len(), told + 1);
}
