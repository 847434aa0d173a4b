//! The live stream: nothing of it is lost.

use super::{
    engine::{Held, binding},
    house::House,
};
use domain::{Binding, RegistrarEvent, view::Live};
use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};
use tokio::time::timeout;

#[tokio::test]
async fn a_registration_is_told_also_when_whoever_waits_for_it_gave_up_and_came_again() {
    let house = House::new().await;
    let device = house.seat_at("Front desk", "1001").await.device;
    let held = Arc::new(Held::default());
    house.connect(held.clone());
    let mut feed = house.live(&house.admin, house.account, None).await.unwrap();
    let phone = Binding { account: house.account, device, ..binding(0, "sip:desk@192.0.2.7") };
    held.bindings.lock().push(phone.clone());
    // Until what is known of the device is still being looked up.
    let mut is_pending = false;
    for _ in 0..1_000 {
        house.registrar_event(RegistrarEvent::Registered(phone.clone()));
        let mut first = pin!(feed.next());
        is_pending = poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx).is_pending())).await;
        if is_pending {
            break;
        }
    }
    assert!(is_pending);
    let (_, told) = timeout(Duration::from_secs(5), feed.next()).await.expect("it is not lost").expect("the stream goes on");
    assert!(matches!(told, Live::Network { device: of, network, .. } if of == device && network.bindings.len() == 1));
}
