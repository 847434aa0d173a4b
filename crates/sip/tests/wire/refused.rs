//! Why does my phone not register? Whatever keeps it out is told, and what is ordinary is not.

use crate::lab::{Lab, PASSWORD, USER, device};
use crate::phone::{Got, Register, Udp};
use domain::{RefusedBecause, RegistrarEvent};
use std::time::Duration;

/// The reasons told since the last call, each of the device and from `host`.
fn told(lab: &Lab, host: &str) -> Vec<RefusedBecause> {
    let reason = |event| match event {
        RegistrarEvent::Refused { device: whose, why, source, .. } => {
            assert_eq!((whose, source.ip().to_string().as_str()), (Some(device(USER)), host));
            why
        }
        other => panic!("not a refusal: {other:?}"),
    };
    lab.seen.take().into_iter().map(reason).collect()
}

/// Sends what `next` makes of each challenge four times: always challenged, told once, and that with the third.
async fn never_gets_in(why: RefusedBecause, next: impl Fn(Register, &Got) -> Register) {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let mut challenge = phone.ask(Register::new().text()).await;
    let mut so_far = Vec::new();
    for _ in 0..4 {
        challenge = phone.ask(next(Register::new(), &challenge).text()).await;
        assert_eq!(challenge.code(), 401);
        so_far.push(told(&lab, "127.0.0.1"));
    }
    assert_eq!(so_far, [vec![], vec![], vec![why], vec![]], "once a minute from the third on");
    lab.clock.leap(Duration::from_mins(2));
    phone.ask(next(Register::new(), &challenge).text()).await;
    assert_eq!(told(&lab, "127.0.0.1"), [why]);
    // Once it gets in all is well, and it begins anew.
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
    lab.seen.take();
    lab.clock.leap(Duration::from_mins(2));
    for _ in 0..2 {
        phone.ask(next(Register::new(), &challenge).text()).await;
    }
    assert_eq!(told(&lab, "127.0.0.1"), []);
}

#[tokio::test]
async fn digests_that_can_never_be_right() {
    let edited = |from: &'static str, to: &'static str| {
        move |register: Register, challenge: &Got| {
            let mut register = register.authorized(challenge, PASSWORD, "00000001");
            assert!(register.extra.contains(from));
            register.extra = register.extra.replace(from, to);
            register
        }
    };
    never_gets_in(RefusedBecause::UnfitDigest, edited(", qop=auth", "")).await;
    never_gets_in(RefusedBecause::UnfitDigest, edited("algorithm=MD5", "algorithm=SHA-512-256")).await;
    never_gets_in(RefusedBecause::OtherRealm, edited("realm=\"sip.test\"", "realm=\"asterisk\"")).await;
    never_gets_in(RefusedBecause::StaleNonce, |register, _| {
        let old = Got("WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"abc\"\r\n".into());
        register.authorized(&old, PASSWORD, "00000001")
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_never_answers_a_challenge() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    // The first, and that again since its answer was late; the second.
    let first = Register::new();
    for register in [&first, &first, &first, &Register::new()] {
        assert_eq!(phone.ask(register.text()).await.code(), 401);
    }
    assert_eq!(told(&lab, "127.0.0.1"), []);
    phone.ask(Register::new().text()).await;
    assert_eq!(told(&lab, "127.0.0.1"), [RefusedBecause::NoCredentials]);
}

#[tokio::test]
async fn an_ordinary_phone_is_challenged_each_time_and_nothing_is_told() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for _ in 0..6 {
        assert_eq!(phone.register(&Register::new()).await.code(), 200);
        // Its nonce is old when it comes again.
        let challenge = phone.ask(Register::new().text()).await;
        lab.clock.leap(Duration::from_secs(301));
        let fresh = phone.ask(Register::new().authorized(&challenge, PASSWORD, "00000001").text()).await;
        assert_eq!(phone.ask(Register::new().authorized(&fresh, PASSWORD, "00000001").text()).await.code(), 200);
    }
    assert!(lab.seen.take().iter().all(|event| !matches!(event, RegistrarEvent::Refused { .. })));
    // A wrong password is that, and not a phone without one.
    for _ in 0..6 {
        assert_eq!(phone.register_as(&Register::new(), "wrong-one").await.code(), 403);
    }
    assert_eq!(told(&lab, "127.0.0.1"), [RefusedBecause::WrongPassword; 6]);
}

#[tokio::test]
async fn a_nat_with_several_addresses() {
    let lab = Lab::start().await;
    let (asks, answers) = (Udp::new(lab.address()).await, Udp::at("127.0.0.2", lab.address()).await);
    for n in 0..3 {
        assert_eq!(told(&lab, "127.0.0.2"), [], "{n}");
        let challenge = asks.ask(Register::new().text()).await;
        let answer = answers.ask(Register::new().authorized(&challenge, PASSWORD, "00000001").text()).await;
        assert_eq!((answer.code(), answer.challenge("stale")), (401, Some("true")));
    }
    assert_eq!(told(&lab, "127.0.0.2"), [RefusedBecause::OtherAddress]);
}

#[tokio::test]
async fn what_is_not_looked_at_after_too_many_wrong_passwords() {
    let lab = Lab::with(|c| c.limits.failures = 2, Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    for code in [403, 403, 503, 503] {
        assert_eq!(phone.register_as(&Register::new(), "wrong-one").await.code(), code);
    }
    assert_eq!(
        told(&lab, "127.0.0.1"),
        [RefusedBecause::WrongPassword, RefusedBecause::WrongPassword, RefusedBecause::Blocked],
        "once a minute"
    );
}

#[tokio::test]
async fn a_request_that_is_out_of_order_unreadable_or_behind_a_proxy_without_outbound() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let mut register = Register::new();
    register.cseq = 10;
    assert_eq!(phone.register(&register).await.code(), 200);
    lab.seen.take();
    register.cseq = 5;
    assert_eq!(phone.register(&register).await.code(), 500);
    assert_eq!(told(&lab, "127.0.0.1"), [RefusedBecause::OutOfOrder]);

    let challenge = phone.ask(Register::new().text()).await;
    assert_eq!(phone.ask(Register::new().authorized(&challenge, PASSWORD, "1").text()).await.code(), 400);
    assert_eq!(told(&lab, "127.0.0.1"), [RefusedBecause::Malformed]);

    let mut outbound = Register::new()
        .contact("<sip:1001@10.0.0.1>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\";reg-id=1")
        .extra("Supported: path, outbound");
    outbound.extra.push_str("Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK-proxy\r\n");
    assert_eq!(phone.register(&outbound).await.code(), 439);
    assert_eq!(told(&lab, "127.0.0.1"), [RefusedBecause::FirstHop]);
}

#[tokio::test]
async fn credentials_for_elsewhere_of_a_name_that_nobody_has() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let challenge = phone.ask(Register::of("1002").text()).await;
    let mut register = Register::of("1002").authorized(&challenge, PASSWORD, "00000001");
    register.extra = register.extra.replace("realm=\"sip.test\"", "realm=\"asterisk\"");
    assert_eq!(phone.ask(register.text()).await.code(), 401);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::UnknownUser]);
}

#[tokio::test]
async fn strangers_and_forgers_hide_nobody_else() {
    let lab = Lab::start().await;
    lab.phones.add_source("2001", &["127.0.0.99"]);
    lab.phones.add_source("2002", &["127.0.0.99"]);
    let mut register = Register::of("nobody");
    for n in 0..6_000 {
        // What strangers try with realms of nobody, and what is forged in the name of one device.
        if n % 200 == 0 {
            let host = format!("127.0.{}.{}", 1 + n / 200, 1);
            let forger = Udp::at(&host, lab.address()).await;
            for _ in 0..200 {
                register = register.next();
                register.user = format!("nobody-{}", register.cseq);
                register.realm = format!("r{}.nobody.test", register.cseq);
                forger.send(register.text()).await;
            }
            forger.send(Register::of("2001").text()).await;
            while forger.recv_within(Duration::from_millis(30)).await.is_some() {}
        }
    }
    let scanned = lab.seen.take().len();
    assert!((4_000..4_200).contains(&scanned), "a scan is cut off: {scanned}");
    let phone = Udp::at("127.0.0.3", lab.address()).await;
    assert_eq!(phone.ask(Register::of("2002").text()).await.code(), 401);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::AddressNotAllowed], "another device's phone");
    let mut elsewhere = Register::new();
    elsewhere.realm = "typing-error.test".into();
    assert_eq!(phone.register(&elsewhere).await.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::UnknownRealm], "a username that a device has, with a wrong realm");
}
