//! The live stream, as who reads it sees it.

use super::{
    engine::{Held, binding},
    house::House,
};
use crate::live::Signal;
use domain::view::{Live, Network};
use domain::{Binding, Clock, Dropped, EventKind, NewEvent, RegistrarEvent};
use std::{
    future::ready,
    sync::{Arc, Mutex, mpsc},
    task::{Context, Wake, Waker},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{OnceCell, oneshot},
    time::timeout,
};

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
    let mut next = async || timeout(Duration::from_mins(1), feed.next()).await.expect("a message").unwrap().live;
    assert!(matches!(next().await, Live::Network { device, .. } if device == made.device));
    assert!(matches!(next().await, Live::Presence(device) if device == made.device), "and the order is kept");
}

#[tokio::test]
async fn what_another_process_writes_is_told_before_what_follows_it() {
    let house = House::new().await;
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();
    let mut next = async || timeout(Duration::from_mins(1), feed.next()).await.expect("a message").unwrap();
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
    assert_eq!(timeout(Duration::from_mins(1), feed.next()).await.expect("a message").unwrap().seq, alone);
}

/// Holds up whoever tells it, once: until `go` is dropped, or for a moment where that waits for the one who tells.
struct Slow {
    told: Mutex<Option<oneshot::Sender<()>>>,
    go: Mutex<mpsc::Receiver<()>>,
}

impl Wake for Slow {
    fn wake(self: Arc<Self>) {
        if let Some(told) = self.told.lock().unwrap().take() {
            told.send(()).unwrap();
            let _ = self.go.lock().unwrap().recv_timeout(Duration::from_millis(700));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_told_in_the_order_of_their_numbers_however_long_it_takes_to_tell_one() {
    let house = Arc::new(House::new().await);
    let before = house.events(house.account).await.len();
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();
    let mut first_to_hear = house.live(&house.admin, vec![house.account], None).await.unwrap();
    let (told, is_told) = oneshot::channel();
    let (go, went) = mpsc::channel();
    let slow = Waker::from(Arc::new(Slow { told: Mutex::new(Some(told)), go: Mutex::new(went) }));
    let mut hears = Box::pin(first_to_hear.next());
    assert!(hears.as_mut().poll(&mut Context::from_waker(&slow)).is_pending());

    // Two events each. On a thread of its own: whoever is held up holds up nobody else's task.
    let (one, tasks) = (house.clone(), Handle::current());
    let one = std::thread::spawn(move || tasks.block_on(one.seat_at("Front desk", "1001")));
    timeout(Duration::from_mins(1), is_told).await.unwrap().unwrap();
    // The first event of the first write is being told, its second one is not yet.
    let two = house.clone();
    let two = tokio::spawn(async move {
        two.seat_at("Workshop", "1002").await;
        drop(go);
    });
    two.await.unwrap();
    one.join().unwrap();

    let mut happened: Vec<i64> = house.events(house.account).await.iter().map(|event| event.seq).collect();
    happened.truncate(happened.len() - before);
    happened.reverse();
    assert_eq!(happened.len(), 4);
    let mut heard = Vec::new();
    while heard.len() < happened.len() {
        let told = timeout(Duration::from_mins(1), feed.next()).await.unwrap_or_else(|_| panic!("heard {heard:?} of {happened:?}"));
        if let Live::Event(event) = told.unwrap().live {
            heard.push(event.seq);
        }
    }
    assert_eq!(heard, happened, "each once, none passed over");
}

#[tokio::test]
async fn a_live_message_counts_registrations_that_are_not_written_yet() {
    let house = House::new().await;
    let device = house.seat_at("Front desk", "1001").await.device;
    let now = house.site.clock.now();
    let phone = Binding { account: house.account, device, since: now, refreshed: now, ..binding(1, "sip:desk@192.0.2.7") };
    let held = Arc::new(Held::default());
    house.connect(held.clone());
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();
    let mut counted = async || match timeout(Duration::from_mins(1), feed.next()).await.expect("a message").unwrap().live {
        Live::Network { network, .. } => (network.bindings.len(), network.earlier),
        other => panic!("{other:?}"),
    };
    for earlier in 0..3 {
        held.bindings.lock().push(phone.clone());
        house.registrar_event(RegistrarEvent::Registered(phone.clone()));
        assert_eq!(counted().await, (1, earlier));
        held.bindings.lock().clear();
        house.registrar_event(RegistrarEvent::Dropped { binding: phone.clone(), why: Dropped::Unregistered });
        assert_eq!(counted().await, (0, earlier + 1));
    }
}
