//! Whoever floods or guesses is slowed, and nobody beside: shares of messages, penalties, idle connections.

use crate::caller::Invite;
use crate::lab::{Lab, PASSWORD, USER, account, device, until};
use crate::phone::{Got, Register, Tcp, Udp};
use domain::AccountId;
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// A registrar that hears little of each source.
async fn strict(burst: u32) -> Lab {
    Lab::with(|c| (c.limits.messages_per_second, c.limits.burst) = (1, burst), Vec::new()).await
}

/// How many of `count` REGISTERs without credentials are answered.
async fn answered(phone: &Udp, count: usize) -> usize {
    for _ in 0..count {
        phone.send(Register::of("nobody").text()).await;
    }
    let mut answers = 0;
    while phone.recv_within(Duration::from_millis(200)).await.is_some() {
        answers += 1;
    }
    answers
}

/// A wrong password for a nonce that is valid; the code.
async fn guess(phone: &Udp, user: &str) -> u16 {
    phone.register_as(&Register::of(user), "wrong-one").await.code()
}

fn source(ip: &str) -> IpAddr {
    ip.parse().expect("an address")
}

#[tokio::test]
async fn what_a_success_follows_costs_nothing() {
    let lab = strict(4).await;
    lab.phones.seat("200", &[USER]);
    for _ in 0..30 {
        // Another port each time: no flow of its own.
        let phone = Udp::new(lab.address()).await;
        assert_eq!(phone.register(&Register::new()).await.code(), 200);
    }
    let caller = Udp::new(lab.address()).await;
    for _ in 0..30 {
        assert_eq!(caller.call(&Invite::to("200")).await.0.code(), 302);
    }
    let loud = Udp::new(lab.address()).await;
    assert!((1..=6).contains(&answered(&loud, 40).await), "the rest costs");
}

#[tokio::test]
async fn a_repetition_and_a_forgeable_address_give_nothing_back() {
    let lab = strict(8).await;
    lab.phones.add_source("gateway", &["127.0.0.2"]);
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let gateway = Udp::at("127.0.0.2", lab.address()).await;
    let mut answers = 0;
    for _ in 0..40 {
        gateway.send(Invite::to("112").by("gateway").text()).await;
    }
    while gateway.recv_within(Duration::from_millis(200)).await.is_some_and(|got| got.code() == 302) {
        answers += 1;
    }
    assert!((8..=11).contains(&answers), "{answers}: an address over UDP proves nothing");

    let phone = Udp::new(lab.address()).await;
    let challenge = phone.ask(Register::new().text()).await;
    let text = Register::new().next().authorized(&challenge, "wrong-one", "00000001").text();
    let mut answers = 0;
    for _ in 0..40 {
        phone.send(&text).await;
    }
    while phone.recv_within(Duration::from_millis(200)).await.is_some() {
        answers += 1;
    }
    assert!((6..=9).contains(&answers), "{answers}");
}

#[tokio::test]
async fn a_registered_phone_is_heard_whatever_its_neighbours_send() {
    let lab = strict(5).await;
    let (desk, mut softphone, loud) = (Udp::new(lab.address()).await, Tcp::new(lab.address()).await, Udp::new(lab.address()).await);
    let (on_udp, on_tcp) = (Register::new(), Register::new().tcp().contact("<sip:1001@10.0.0.9;transport=tcp>"));
    assert_eq!(desk.register(&on_udp).await.code(), 200);
    assert_eq!(softphone.register(&on_tcp).await.code(), 200);
    assert!(answered(&loud, 60).await <= 7);
    for _ in 0..20 {
        loud.send(Register::of("nobody").text()).await;
        assert_eq!(desk.register(&Register::new()).await.code(), 200);
        assert_eq!(softphone.register(&Register::new().tcp().contact("<sip:1001@10.0.0.9;transport=tcp>")).await.code(), 200);
    }
    // Its own share has an end too, and goes with its last binding.
    let flow = Lab::with(|c| (c.limits.burst, c.limits.flow_burst, c.limits.flow_messages_per_second) = (4, 6, 1), Vec::new()).await;
    let phone = Udp::new(flow.address()).await;
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
    assert!((9..=24).contains(&answered(&phone, 60).await), "its own six and its source's four");
    flow.engine.end_device(device(USER), domain::Dropped::Removed);
    assert!(answered(&phone, 60).await < 24);
}

#[tokio::test]
async fn guesses_are_punished_by_address_and_name_and_an_admin_can_lift_it() {
    let lab = Lab::with(|c| c.limits.failures = 3, Vec::new()).await;
    lab.phones.add("1002", PASSWORD);
    let (here, elsewhere) = (Udp::new(lab.address()).await, Udp::at("127.0.0.2", lab.address()).await);
    for _ in 0..3 {
        assert_eq!(guess(&here, "1002").await, 403);
        assert_eq!(guess(&here, "nobody").await, 403);
    }
    assert_eq!((guess(&here, "1002").await, guess(&here, "nobody").await), (503, 503), "alike, whoever exists");
    assert_eq!(here.register(&Register::new()).await.code(), 200, "not the office");
    assert_eq!(elsewhere.register(&Register::of("1002")).await.code(), 200, "not the name");

    let told = lab.engine.penalties(account());
    let names: Vec<&str> = told.iter().map(|p| p.username.as_str()).collect();
    assert_eq!(names.len(), 2, "{told:?}");
    assert!(
        names.contains(&"1002") && names.contains(&"nobody") && told.iter().all(|p| p.source == source("127.0.0.1") && p.failures == 3)
    );
    let stranger = AccountId(Uuid::from_u128(2));
    assert!(lab.engine.penalties(stranger).is_empty());
    assert!(!lab.engine.lift_penalty(stranger, source("127.0.0.1"), "sip.test", "1002"), "another account's");
    assert!(lab.engine.lift_penalty(account(), source("127.0.0.1"), "sip.test", "1002"));
    assert_eq!(here.register(&Register::of("1002")).await.code(), 200);
    assert_eq!(lab.engine.penalties(account()).len(), 1);
    lab.clock.leap(Duration::from_secs(31));
    assert!(lab.engine.penalties(account()).is_empty(), "they end by themselves");
}

#[tokio::test]
async fn what_echoes_no_valid_nonce_is_no_guess() {
    let lab = Lab::with(|c| c.limits.failures = 3, Vec::new()).await;
    let (phone, victim) = (Udp::new(lab.address()).await, Udp::at("127.0.0.2", lab.address()).await);
    let strange = Got("WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"0000000000000001000000000123\"\r\n".into());
    let others = victim.ask(Register::new().text()).await;
    for nonce in [&strange, &others] {
        for _ in 0..10 {
            assert_eq!(phone.ask(Register::new().authorized(nonce, "wrong-one", "00000001").text()).await.code(), 401);
        }
    }
    assert!(lab.engine.penalties(account()).is_empty());
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
}

#[tokio::test]
async fn a_registered_phone_does_not_pay_for_guesses_from_its_address() {
    let lab = Lab::with(|c| c.limits.failures = 3, Vec::new()).await;
    let (desk, guesser) = (Udp::new(lab.address()).await, Udp::new(lab.address()).await);
    assert_eq!(desk.register(&Register::new()).await.code(), 200);
    for _ in 0..4 {
        guess(&guesser, USER).await;
    }
    assert_eq!(guesser.register(&Register::new()).await.code(), 503);
    assert_eq!(desk.register(&Register::new()).await.code(), 200, "over its own flow");
    assert!(lab.engine.penalties(account()).is_empty(), "the right password ends it");
}

#[tokio::test]
async fn bytes_that_drip_in_hold_no_connection_open() {
    let lab = Lab::with(|c| c.timers.idle = Duration::from_millis(300), Vec::new()).await;
    let mut phone = Tcp::new(lab.address()).await;
    let begun = std::time::Instant::now();
    phone.send("OPTIONS sip:a SIP/2.0\r\nX: ").await;
    while !phone.is_closed_within(Duration::from_millis(20)).await {
        phone.drip().await;
        assert!(begun.elapsed() < Duration::from_secs(5), "still open");
    }
}

#[tokio::test]
async fn a_device_has_ten_contacts_and_no_more() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for n in 0..12 {
        let code = phone.register(&Register::new().contact(&format!("<sip:1001@10.0.0.{n}>"))).await.code();
        assert_eq!(code, if n < 10 { 200 } else { 403 });
    }
    until("ten", || lab.engine.all_bindings().len() == 10).await;
}
