//! Who is not heard, and who lets them be heard again.

use super::{engine::Held, house::House};
use domain::{AccountId, EventKind, Penalty, Problem, Role};
use std::sync::Arc;
use uuid::Uuid;

const SOURCE: &str = "192.0.2.7";

fn penalty(username: &str) -> Penalty {
    let source = SOURCE.parse().unwrap();
    Penalty { source, realm: "first.test".into(), username: username.into(), failures: 20, until: i64::MAX }
}

#[tokio::test]
async fn to_lift_a_block_is_told_once_and_what_can_t_be_told_is_not_done() {
    let house = House::new().await;
    let held = Arc::new(Held::default());
    held.penalties.lock().extend([
        (house.account, penalty("nobody")),
        (house.account, penalty("other")),
        (AccountId(Uuid::nil()), penalty("stranger")),
    ]);
    house.connect(held.clone());
    let lift = async |caller, username: &str| house.lift_penalty(caller, house.account, SOURCE, "First.test", username).await;
    let bob = house.operator("bob", "First", Role::Operator).await;
    assert!(matches!(lift(&bob, "nobody").await, Err(Problem::NotAllowed { .. })));

    house.site.sql("ALTER TABLE events RENAME TO away").await;
    assert!(lift(&house.admin, "nobody").await.is_err());
    house.site.sql("ALTER TABLE away RENAME TO events").await;
    assert_eq!(held.penalties.lock().len(), 3);
    assert!(house.told(house.account, EventKind::BlockLifted).await.is_empty());

    lift(&house.admin, "Nobody").await.unwrap();
    lift(&house.admin, "nobody").await.unwrap();
    // Another account's is not this account's to lift.
    lift(&house.admin, "stranger").await.unwrap();
    let told = house.told(house.account, EventKind::BlockLifted).await;
    assert_eq!(told, [("ada".to_owned(), "nobody@first.test from 192.0.2.7".to_owned())]);
    assert_eq!(house.events(house.account).await[0].note, "20 failures");
    let left: Vec<String> = held.penalties.lock().iter().map(|(_, p)| p.username.clone()).collect();
    assert_eq!(left, ["other", "stranger"]);
}

#[tokio::test]
async fn an_ipv6_network_is_shown_as_one_and_lifted_by_what_is_shown() {
    let house = House::new().await;
    let held = Arc::new(Held::default());
    held.penalties.lock().push((house.account, Penalty { source: "2001:db8:1:2::".parse().unwrap(), ..penalty("nobody") }));
    house.connect(held.clone());
    let line = house.penalties(&house.admin, house.account).await.unwrap().remove(0);
    assert_eq!(line.source, "2001:db8:1:2::/64");
    house.lift_penalty(&house.admin, house.account, &line.source, &line.realm, &line.username).await.unwrap();
    assert!(held.penalties.lock().is_empty());
}
