//! The live stream, as who reads it sees it.

use super::house::House;
use crate::live::Signal;
use domain::view::{Live, Network};
use domain::{EventKind, NewEvent};
use std::{future::ready, sync::Arc, time::Duration};
use tokio::{sync::OnceCell, time::timeout};

#[tokio::test]
async fn a_message_whose_lookup_was_given_up_comes_with_the_next_question() {
    let house = House::new().await;
    let made = house.seat_at("Front desk", "1001").await;
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();
    // Somebody else looks it up, and does not get ready.
    let known: Arc<OnceCell<Network>> = Arc::default();
    let held = tokio::spawn({
        let known = known.clone();
        async move { known.get_or_init(std::future::pending).await.clone() }
    });
    tokio::task::yield_now().await;
    house.inner.hub.send(Signal::Network { account: house.account, seat: made.seat, device: made.device, known });
    house.inner.hub.send(Signal::Presence { account: house.account, device: made.device });
    for _ in 0..2 {
        tokio::select! {
            biased;
            message = feed.next() => panic!("the lookup is held: {message:?}"),
            () = ready(()) => {}
        }
    }
    held.abort();
    let mut next = async || timeout(Duration::from_secs(5), feed.next()).await.expect("a message").unwrap().live;
    assert!(matches!(next().await, Live::Network { device, .. } if device == made.device));
    assert!(matches!(next().await, Live::Presence(device) if device == made.device), "and the order is kept");
}

#[tokio::test]
async fn what_another_process_writes_is_told_before_what_follows_it() {
    let house = House::new().await;
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();
    let mut next = async || timeout(Duration::from_secs(5), feed.next()).await.expect("a message").unwrap();
    let write = async |name: &str| {
        let tx = house.inner.store.begin().await.unwrap();
        let event = |account| NewEvent {
            account,
            at: 0,
            by: None,
            by_name: "command line".into(),
            kind: EventKind::AccountRenamed,
            seat: None,
            device: None,
            carrier: None,
            subject: name.into(),
            changes: Vec::new(),
            note: String::new(),
        };
        let seq = tx.append_event(&event(house.account)).await.unwrap();
        tx.commit().await.unwrap();
        seq
    };
    let beside = write("Beside").await;
    house.seat_at("Front desk", "1001").await;
    let first = next().await;
    assert!(matches!(&first.live, Live::Event(event) if event.subject == "Beside"), "{first:?}");
    assert_eq!(first.seq, beside);
    let second = next().await;
    assert_eq!((second.seq, second.account), (beside + 1, Some(house.account)), "and nothing twice");
    while let Ok(Some(_)) = timeout(Duration::from_millis(300), feed.next()).await {}
    let alone = write("Alone").await;
    feed.look();
    assert_eq!(timeout(Duration::from_secs(5), feed.next()).await.expect("a message").unwrap().seq, alone);
}
