//! What is told of a device on the network.

use super::house::House;
use domain::{Clock, DAY};
use store::NewPhoneEvent;

#[tokio::test]
async fn registrations_of_the_last_day_are_counted_however_many_and_whatever_the_clock_s_zone() {
    let house = House::new().await;
    let device = house.seat_at("Front desk", "1001").await.device;
    let now = house.site.clock.now();
    let event = |at| NewPhoneEvent {
        account: Some(house.account),
        device: Some(device),
        at,
        kind: "registered".into(),
        detail: serde_json::Value::Null,
    };
    let mut events: Vec<NewPhoneEvent> = (0..500).map(|i| event(now - DAY + i)).collect();
    events.push(event(now - DAY - 1));
    events.push(NewPhoneEvent { kind: "dropped".into(), ..event(now) });
    house.site.log.apply(&[], &[], &events).await.unwrap();
    assert_eq!(house.network(device).await.earlier, 500);
    house.site.clock.pass(250);
    assert_eq!(house.network(device).await.earlier, 250);
}
