//! What is told, and under which name.

use super::house::House;
use domain::EventKind;

#[tokio::test]
async fn what_phones_are_offered_is_told_under_its_own_name() {
    let house = House::new().await;
    house.set_sha256(&house.admin, house.account, true).await.unwrap();
    assert!(house.told(house.account, EventKind::AccountRenamed).await.is_empty());
    let events = house.events(house.account).await;
    assert_eq!((events[0].kind, events[0].note.as_str()), (EventKind::Sha256Changed, "SHA-256 is offered to phones"));
}
