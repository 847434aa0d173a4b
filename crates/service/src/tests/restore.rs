//! Bringing back: for thirty days, and never two of a kind.

use super::house::{House, operation};
use domain::{DAY, EventKind, Fault, Field, Hindrance, Place, Problem, RealmId, Value};

impl House {
    async fn realm(&self, name: &str) -> RealmId {
        let view = self.settings(&self.admin, self.account).await.unwrap();
        view.realms.iter().find(|line| line.realm.name == name).unwrap().realm.id
    }
}

#[tokio::test]
async fn what_was_deleted_can_be_restored_for_thirty_days() {
    let house = House::new().await;
    let (one, two) = (house.seat_at("One", "1001").await, house.seat_at("Two", "1002").await);
    house.delete_device(&house.admin, house.account, one.device, operation()).await.unwrap();
    house.delete_seat(&house.admin, house.account, two.seat, operation()).await.unwrap();
    house.site.clock.pass(30 * DAY - 1);
    assert!(house.newest_restorable().await.is_some());
    house.restore_device(&house.admin, house.account, one.device, operation(), Vec::new()).await.unwrap();
    house.site.clock.pass(1);
    assert_eq!(house.newest_restorable().await, None, "its button is gone");
    let late = house.restore_seat(&house.admin, house.account, two.seat, operation(), Vec::new()).await;
    assert!(matches!(late, Err(Problem::Refused { why }) if why.contains("30 days")));
}

/// Two devices of a seat had one username in two realms; while they were deleted, the realms became one.
#[tokio::test]
async fn devices_that_return_together_are_checked_against_each_other() {
    let house = House::new().await;
    house.add_realm(&house.admin, house.account, "second.test".into()).await.unwrap();
    let made = house.seat_at("Front desk", "1001").await;
    let other = house.add_device(&house.admin, house.account, made.seat, operation(), "Other".into()).await.unwrap().device;
    let name = |text: &str| (Field::Username, Value::text(text));
    house.save(made.device, &[name("desk")]).await;
    house.save(other, &[(Field::Realm, Value::Realm(Some("second.test".into()))), name("Desk")]).await;
    house.delete_seat(&house.admin, house.account, made.seat, operation()).await.unwrap();
    let second = house.realm("second.test").await;
    house.set_default_realm(&house.admin, house.account, second).await.unwrap();

    let restore = async |instead| house.restore_seat(&house.admin, house.account, made.seat, operation(), instead).await;
    let Err(Problem::Hindered { by }) = restore(Vec::new()).await else { panic!("not hindered") };
    let [Hindrance { device: Some(device), field: Field::Username, fault, .. }] = by.as_slice() else { panic!("{by:?}") };
    let sibling = if *device == other { "New Device" } else { "Other" };
    assert!(matches!(fault, Fault::Taken { by: Some(by), place: Place::Realm, .. } if by == sibling), "it names the other one: {fault}");
    assert!(house.told(house.account, EventKind::SeatRestored).await.is_empty());

    let Err(Problem::Hindered { by }) = restore(vec![(Some(*device), Field::Username, Value::text("a b"))]).await else { panic!() };
    let [Hindrance { field: Field::Username, fault, .. }] = by.as_slice() else { panic!("{by:?}") };
    assert!(!matches!(fault, Fault::Taken { .. }), "it says what is wrong with what was typed: {fault}");
    restore(vec![(Some(*device), Field::Username, Value::text("desk2"))]).await.unwrap();
    let view = house.seat(&house.admin, house.account, made.seat).await.unwrap();
    let mut names: Vec<String> = view.devices.iter().map(|d| d.username.to_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["desk", "desk2"]);
}

/// What is typed for two of them in one go may clash as well.
#[tokio::test]
async fn values_chosen_for_two_devices_are_checked_against_each_other() {
    let house = House::new().await;
    let made = house.seat_at("Front desk", "1001").await;
    let other = house.add_device(&house.admin, house.account, made.seat, operation(), "Other".into()).await.unwrap().device;
    house.delete_seat(&house.admin, house.account, made.seat, operation()).await.unwrap();
    let devices = [made.device, other];
    let ip = |range: &str| Value::List(vec![range.into()]);
    let both = |field, one: Value, two: Value| vec![(Some(devices[0]), field, one), (Some(devices[1]), field, two)];
    let methods = both(Field::Method, Value::text("ip"), Value::text("ip"));
    for (instead, wrong) in [
        (both(Field::Mac, Value::text("805ec0123456"), Value::text("80:5E:C0:12:34:56")), Field::Mac),
        ([methods, both(Field::Ip, ip("198.51.100.0/28"), ip("198.51.100.5"))].concat(), Field::Ip),
    ] {
        let answer = house.restore_seat(&house.admin, house.account, made.seat, operation(), instead).await;
        let Err(Problem::Hindered { by }) = answer else { panic!("{answer:?}") };
        assert_eq!(by.iter().map(|h| h.field).collect::<Vec<_>>(), [wrong], "{by:?}");
    }
    house.restore_seat(&house.admin, house.account, made.seat, operation(), Vec::new()).await.unwrap();
}
