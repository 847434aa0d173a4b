//! Connections: framing, keep-alives, closing, coming back.

use crate::lab::{Lab, USER, device, until};
use crate::phone::{Register, Tcp};
use domain::{RegistrarEvent, Transport};
use std::time::Duration;

#[tokio::test]
async fn a_phone_on_tcp_registers_leaves_and_comes_back() {
    let lab = Lab::start().await;
    let mut phone = Tcp::new(lab.address()).await;
    let register = Register::new().tcp();
    assert_eq!(phone.register(&register).await.code(), 200);
    let first = lab.binding(USER);
    assert_eq!((first.transport, first.source, first.reachable), (Transport::Tcp, phone.local(), true));
    assert!(first.connection.is_some());
    lab.seen.take();

    drop(phone);
    until("not reachable", || !lab.binding(USER).reachable).await;
    assert!(matches!(&lab.seen.take()[..], [RegistrarEvent::Unreachable(b)] if b.contact == first.contact && !b.reachable));
    assert!(lab.engine.is_registered(device(USER)));
    let flow = lab.engine.flow(&first.key()).expect("still bound");
    assert!(!flow.is_open());

    let mut phone = Tcp::new(lab.address()).await;
    assert_eq!(phone.register(&register.next().next()).await.code(), 200);
    let again = lab.binding(USER);
    assert!(again.reachable && again.connection != first.connection && again.since == first.since);
    assert!(matches!(&lab.seen.take()[..], [RegistrarEvent::Refreshed { reconnected: true, .. }]));

    // A third connection takes over; that the second ends then changes nothing.
    let mut third = Tcp::new(lab.address()).await;
    assert_eq!(third.register(&Register::new().tcp()).await.code(), 200);
    lab.seen.take();
    drop(phone);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(lab.binding(USER).reachable && lab.seen.take().is_empty());
}

#[tokio::test]
async fn messages_may_come_in_pieces_or_together_with_pings_between() {
    let lab = Lab::start().await;
    let mut phone = Tcp::new(lab.address()).await;
    let text = Register::new().tcp().text();
    for piece in text.as_bytes().chunks(60) {
        phone.send(piece).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(phone.recv().await.code(), 401);
    let options = text
        .replace("REGISTER sip", "OPTIONS sip")
        .replace("1 REGISTER", "1 OPTIONS")
        .replace("Content-Length: 0\r\n\r\n", "l: 5\r\n\r\nhello");
    phone.send(format!("{options}{text}\r\n{options}")).await;
    assert_eq!([phone.recv().await.code(), phone.recv().await.code(), phone.recv().await.code()], [200, 401, 200]);
    phone.send("\r\n\r\n").await;
    assert_eq!(phone.raw(2, Duration::from_secs(30)).await, b"\r\n");
    assert!(phone.raw(1, Duration::from_millis(200)).await.is_empty(), "one pong, no more");
}

#[tokio::test]
async fn a_stream_whose_framing_is_lost_is_closed_and_others_go_on() {
    let lab = Lab::start().await;
    let mut good = Tcp::new(lab.address()).await;
    let text = Register::new().tcp().text();
    for (change, answered) in [
        (text.replace("Content-Length: 0\r\n", ""), true),
        (text.replace("Content-Length: 0", "Content-Length: -1"), true),
        (text.replace("Content-Length: 0", "Content-Length: 18446744073709551615"), false),
        (text.replace("Content-Length: 0", "Content-Length: 70000"), false),
        (text.replace("Max-Forwards", &format!("X: {}\r\nMax-Forwards", "a".repeat(20_000))), false),
        ("x".repeat(20_000), false),
        ("GET / HTTP/1.1\r\n\r\n".into(), false),
    ] {
        let mut bad = Tcp::new(lab.address()).await;
        bad.send(&change).await;
        if answered {
            assert_eq!(bad.recv().await.code(), 400);
        }
        assert!(bad.is_closed_within(Duration::from_secs(30)).await, "{}", &change[..change.len().min(300)]);
    }
    assert_eq!(good.register(&Register::new().tcp()).await.code(), 200);
}

#[tokio::test]
async fn silent_connections_without_a_binding_are_closed_and_those_with_one_are_not() {
    let lab = Lab::with(|c| c.timers.idle = Duration::from_secs(2), Vec::new()).await;
    let (mut bound, mut pinging, mut silent) =
        (Tcp::new(lab.address()).await, Tcp::new(lab.address()).await, Tcp::new(lab.address()).await);
    assert_eq!(bound.register(&Register::new().tcp()).await.code(), 200);
    pinging.send("\r\n\r\n").await;
    assert!(silent.is_closed_within(Duration::from_secs(30)).await);
    assert!(pinging.is_closed_within(Duration::from_secs(30)).await, "pings alone hold nothing");
    assert!(!bound.is_closed_within(Duration::from_secs(3)).await);
    // A job that holds the flow keeps the connection although the binding ends.
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    lab.engine.end_device(device(USER), domain::Dropped::Changed);
    assert!(!bound.is_closed_within(Duration::from_secs(3)).await);
    drop(flow);
    assert!(bound.is_closed_within(Duration::from_secs(30)).await);
}

#[tokio::test]
async fn connections_are_capped_in_all_and_by_source() {
    let lab = Lab::with(|c| c.limits.connections_per_source = 2, Vec::new()).await;
    let (mut one, _two) = (Tcp::new(lab.address()).await, Tcp::new(lab.address()).await);
    let mut three = Tcp::new(lab.address()).await;
    assert!(three.is_closed_within(Duration::from_secs(30)).await);
    assert_eq!(one.register(&Register::new().tcp()).await.code(), 200);
    let lab = Lab::with(|c| c.limits.connections = 1, Vec::new()).await;
    let mut one = Tcp::new(lab.address()).await;
    assert_eq!(one.register(&Register::new().tcp()).await.code(), 200);
    assert!(Tcp::new(lab.address()).await.is_closed_within(Duration::from_secs(30)).await);
    drop(one);
    until("room again", || !lab.binding(USER).reachable).await;
    assert_eq!(Tcp::new(lab.address()).await.register(&Register::new().tcp()).await.code(), 200);
}

#[tokio::test]
async fn contacts_that_nothing_can_reach_make_room_for_those_of_a_phone_that_reconnects() {
    let lab = Lab::with(|c| c.limits.contacts = 2, Vec::new()).await;
    for port in 1..=4 {
        let mut phone = Tcp::new(lab.address()).await;
        let register = Register::new().tcp().contact(&format!("<sip:1001@10.0.0.1:{port};transport=tcp>"));
        assert_eq!(phone.register(&register).await.code(), 200, "{port}");
        drop(phone);
        until("not reachable", || lab.engine.bindings(device(USER)).iter().all(|b| !b.reachable)).await;
    }
    assert_eq!(lab.contacts(USER), ["sip:1001@10.0.0.1:3;transport=tcp", "sip:1001@10.0.0.1:4;transport=tcp"]);
}

#[tokio::test]
async fn a_source_beyond_its_share_is_read_more_slowly() {
    let lab = Lab::with(|c| (c.limits.messages_per_second, c.limits.burst) = (20, 2), Vec::new()).await;
    let mut phone = Tcp::new(lab.address()).await;
    let text = Register::new().tcp().text();
    let begun = std::time::Instant::now();
    phone.send(text.repeat(8)).await;
    for _ in 0..8 {
        assert_eq!(phone.recv().await.code(), 401);
    }
    assert!(begun.elapsed() >= Duration::from_millis(280), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_shutdown_closes_connections_and_says_nothing_of_bindings() {
    let lab = Lab::start().await;
    let mut phone = Tcp::new(lab.address()).await;
    phone.register(&Register::new().tcp()).await;
    lab.seen.take();
    tokio::time::timeout(Duration::from_secs(30), lab.engine.shutdown()).await.expect("ends");
    assert!(phone.is_closed_within(Duration::from_secs(30)).await);
    assert!(lab.seen.take().is_empty());
}

#[tokio::test]
async fn a_port_in_use_is_one_clear_line() {
    let lab = Lab::start().await;
    let (phones, seen, clock) = (lab.phones.clone(), lab.seen.clone(), lab.clock.clone());
    let error =
        sip::Engine::start(sip::Config::new(lab.address()), phones, seen, clock, Vec::new()).await.err().expect("in use").to_string();
    assert_eq!(error, format!("SIP port in use: another program already listens on {} (TCP)", lab.address()));
}
