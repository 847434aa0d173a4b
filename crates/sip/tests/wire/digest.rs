//! Who gets in, and what strangers learn.

use crate::lab::{Lab, PASSWORD, Phones, REALM, USER, account, device};
use crate::phone::{Got, Register, Udp, param};
use domain::{ProvedBy, RefusedBecause, RegistrarEvent};
use std::time::Duration;

#[tokio::test]
async fn a_phone_with_the_right_password_is_bound_as_it_wrote_itself() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let challenge = phone.ask(Register::new().text()).await;
    assert_eq!(challenge.code(), 401);
    assert_eq!(challenge.all("WWW-Authenticate").len(), 1, "SHA-256 is not offered by default");
    assert_eq!(
        [challenge.challenge("algorithm"), challenge.challenge("qop"), challenge.challenge("realm"), challenge.challenge("stale")],
        [Some("MD5"), Some("auth"), Some(REALM), None]
    );
    assert!(lab.seen.take().is_empty(), "a first REGISTER without credentials is no failure");

    let register = Register::new().contact("\"A < B\" <sip:1001@192.168.77.7:5062;transport=UDP;line=x?a=b>;q=0.5");
    let ok = phone.register(&register).await;
    assert_eq!(ok.code(), 200);
    assert_eq!(ok.all("Contact"), ["<sip:1001@192.168.77.7:5062;transport=UDP;line=x?a=b>;expires=360;q=0.5"]);
    let binding = lab.binding(USER);
    assert_eq!(binding.contact, "sip:1001@192.168.77.7:5062;transport=UDP;line=x?a=b");
    assert_eq!((binding.source, binding.aor.as_str()), (phone.socket.local_addr().expect("bound"), "sip:1001@sip.test"));
    assert_eq!((binding.proved_by, binding.natted, binding.reachable), (ProvedBy::Password, true, true));
    assert_eq!((binding.call_id.as_str(), binding.cseq), (register.call_id.as_str(), 2));
    assert_eq!(binding.user_agent.as_deref(), Some("Yealink SIP-T46S 66.86.0.15"));
    assert_eq!(lab.seen.take(), [RegistrarEvent::Registered(binding)]);
    assert_eq!((lab.engine.registered_devices(), lab.engine.is_registered(device(USER))), (1, true));
}

#[tokio::test]
async fn the_count_is_taken_as_written_and_must_rise() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let register = Register::new();
    let challenge = phone.ask(register.text()).await;
    let mut next = register;
    for (nc, code) in [
        ("00000001", 200),
        ("0000000a", 200),
        ("0000000B", 200),
        ("00000100", 200),
        ("00000100", 401),
        ("000000ff", 401),
        ("00000101", 200),
    ] {
        next = next.next();
        let got = phone.ask(next.authorized(&challenge, PASSWORD, nc).text()).await;
        assert_eq!(got.code(), code, "nc={nc}");
        if code == 401 {
            assert_eq!(got.challenge("stale"), Some("true"));
            assert!(lab.seen.refusals().contains(&RefusedBecause::NonceTrouble));
        } else {
            lab.seen.take();
        }
    }
    for nc in ["1", "0000000g", "000000001"] {
        next = next.next();
        assert_eq!(phone.ask(next.authorized(&challenge, PASSWORD, nc).text()).await.code(), 400, "nc={nc}");
    }
}

#[tokio::test]
async fn a_retransmission_gets_the_same_answer_and_is_no_failure() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for (password, code) in [(PASSWORD, 200), ("wrong-one", 403)] {
        let register = Register::new();
        let challenge = phone.ask(register.text()).await;
        let text = register.next().authorized(&challenge, password, "00000001").text();
        let first = phone.ask(&text).await;
        assert_eq!(first.code(), code);
        lab.clock.leap(Duration::from_secs(5));
        assert_eq!(phone.ask(&text).await.0, first.0);
        assert_eq!(phone.ask(&text).await.0, first.0);
        assert_eq!(lab.seen.take().len(), 1);
    }
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_look_alike() {
    let lab = Lab::start().await;
    let mut seen = Vec::new();
    for (user, why) in [(USER, RefusedBecause::WrongPassword), ("1002", RefusedBecause::UnknownUser)] {
        let phone = Udp::new(lab.address()).await;
        let mut register = Register::of(user);
        register.call_id = "same".into();
        let challenge = phone.ask(register.text()).await;
        let answer = phone.ask(register.next().authorized(&challenge, "wrong-one", "00000001").text()).await;
        assert_eq!(answer.code(), 403);
        let event = lab.seen.take().pop().expect("told");
        let RegistrarEvent::Refused { account: whose, device: which, realm, username, source, why: told, .. } = event else {
            panic!("{event:?}")
        };
        assert_eq!((whose, which, told), (Some(account()), (user == USER).then(|| device(USER)), why));
        assert_eq!((realm.as_str(), username.as_str(), source), (REALM, user, phone.socket.local_addr().expect("bound")));
        let port = source.port().to_string();
        let plain = |text: &str| {
            let lines = text.replace(user, "U").replace(&port, "P");
            lines.lines().filter(|l| !l.starts_with("Via") && !l.starts_with("WWW-") && !l.starts_with("To")).collect::<Vec<_>>().join("\n")
        };
        seen.push((plain(&challenge.0), plain(&answer.0), challenge.challenge("nonce").map(str::len)));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(lab.engine.all_bindings().is_empty());
}

#[tokio::test]
async fn nonce_trouble_is_told_alike_whether_or_not_the_user_exists() {
    let lab = Lab::start().await;
    let stranger = Udp::at("127.0.0.2", lab.address()).await;
    let mut said = Vec::new();
    for user in [USER, "1002"] {
        let phone = Udp::new(lab.address()).await;
        let register = Register::of(user);
        let old = phone.ask(register.text()).await;
        let elsewhere = stranger.ask(register.text()).await;
        lab.clock.leap(Duration::from_secs(301));
        let mut codes = Vec::new();
        // Too old; of another address; of no run of ours. With the right password and with a wrong one.
        let strange = Got("WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"abc\"\r\n".into());
        let mut next = register;
        for challenge in [&old, &elsewhere, &strange] {
            for password in [PASSWORD, "wrong-one"] {
                next = next.next();
                let answer = phone.ask(next.authorized(challenge, password, "00000001").text()).await;
                codes.push((answer.code(), answer.challenge("stale").map(str::to_owned), answer.challenge("nonce").map(str::len)));
            }
        }
        said.push(codes);
    }
    assert_eq!(said[0], said[1]);
    assert!(said[0].iter().all(|(code, stale, _)| (*code, stale.as_deref()) == (401, Some("true"))), "{said:?}");
}

#[tokio::test]
async fn nonces_are_good_for_five_minutes_one_realm_and_one_address() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let register = Register::new();
    let challenge = phone.ask(register.text()).await;

    let elsewhere = Udp::at("127.0.0.2", lab.address()).await;
    let stolen = elsewhere.ask(register.clone().next().authorized(&challenge, PASSWORD, "00000001").text()).await;
    assert_eq!((stolen.code(), stolen.challenge("stale")), (401, Some("true")));

    lab.clock.leap(Duration::from_secs(290));
    assert_eq!(phone.ask(register.clone().next().authorized(&challenge, PASSWORD, "00000001").text()).await.code(), 200);
    lab.clock.leap(Duration::from_secs(11));
    let old = phone.ask(register.clone().next().next().authorized(&challenge, PASSWORD, "00000002").text()).await;
    assert_eq!((old.code(), old.challenge("stale")), (401, Some("true")));
    assert_ne!(old.challenge("nonce"), challenge.challenge("nonce"));

    let another = Lab::start().await;
    let there = Udp::new(another.address()).await;
    let strange = there.ask(register.next().authorized(&old, PASSWORD, "00000001").text()).await;
    assert_eq!((strange.code(), strange.challenge("stale")), (401, Some("true")), "a nonce of another run");
    assert!(another.seen.take().is_empty());
}

#[tokio::test]
async fn sha_256_is_offered_and_taken_only_where_switched_on() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let register = Register::new();
    let md5_only = phone.ask(register.text()).await;
    let forged = md5_only.0.replace("algorithm=MD5", "algorithm=SHA-256");
    let answer = phone.ask(register.clone().next().authorized(&Got(forged), PASSWORD, "00000001").text()).await;
    assert_eq!(answer.code(), 401, "not offered");

    lab.phones.offer_sha256();
    let both = phone.ask(register.clone().next().next().text()).await;
    let algorithms: Vec<_> = both.all("WWW-Authenticate").into_iter().map(|c| param(c, "algorithm")).collect();
    assert_eq!(algorithms, [Some("SHA-256"), Some("MD5")]);
    let mut next = register.next().next();
    for (index, nc) in ["00000001", "00000002"].into_iter().enumerate() {
        next = next.next();
        let challenge = Got(format!("WWW-Authenticate: {}\r\n", both.all("WWW-Authenticate")[index]));
        assert_eq!(phone.ask(next.authorized(&challenge, PASSWORD, nc).text()).await.code(), 200, "{index}");
    }
}

#[tokio::test]
async fn qop_is_required_and_other_realms_credentials_are_passed_over() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let register = Register::new();
    let challenge = phone.ask(register.text()).await;
    let good = register.clone().next().authorized(&challenge, PASSWORD, "00000001");
    let mut without = good.clone();
    without.extra = good.extra.replace(", qop=auth", "");
    assert_eq!(phone.ask(without.text()).await.code(), 401);
    let mut broken = good.clone();
    broken.extra = "Authorization: Digest username=\"1001\r\n".into();
    assert_eq!(phone.ask(broken.text()).await.code(), 400);
    let mut two = good.clone();
    two.extra = format!("Authorization: Digest username=\"x\", realm=\"elsewhere\", nonce=\"n\"\r\n{}", good.extra);
    assert_eq!(phone.ask(two.text()).await.code(), 200);
}

#[tokio::test]
async fn to_and_from_must_be_the_user_of_the_digest() {
    let lab = Lab::start().await;
    lab.phones.add("1002", "secret2");
    let phone = Udp::new(lab.address()).await;
    let challenge = phone.ask(Register::new().text()).await;
    // 1001's right credentials for another address of record.
    let mut other = Register::new().authorized(&challenge, PASSWORD, "00000001");
    other.user = "1002".into();
    assert_eq!(phone.ask(other.text()).await.code(), 403);
    let mut third = Register::new().authorized(&challenge, PASSWORD, "00000001");
    third.from_user = Some("1002".into());
    assert_eq!(phone.ask(third.text()).await.code(), 403);
    let mut renamed = Register::new().authorized(&challenge, PASSWORD, "00000001");
    renamed.extra = renamed.extra.replace("username=\"1001\"", "username=\"1002\"");
    assert_eq!(phone.ask(renamed.text()).await.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::OtherUsername, RefusedBecause::FromIsNotTo, RefusedBecause::OtherUsername]);
    // Another authentication username, as many phones have a field for, and the password itself is right.
    let line =
        crate::phone::authorization(challenge.header("WWW-Authenticate"), "REGISTER", "sip:sip.test", ("auth-1001", PASSWORD), "00000001");
    assert_eq!(phone.ask(Register::new().extra(&line).text()).await.code(), 403);
    let mut wrong = Register::new().authorized(&challenge, "wrong-one", "00000001");
    wrong.from_user = Some("1002".into());
    assert_eq!(phone.ask(wrong.text()).await.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::OtherUsername, RefusedBecause::WrongPassword]);
    assert!(lab.engine.all_bindings().is_empty());
}

#[tokio::test]
async fn names_are_compared_without_case_and_escapes() {
    let lab = Lab::start().await;
    lab.phones.add("Desk.1", PASSWORD);
    let phone = Udp::new(lab.address()).await;
    let mut register = Register::of("dESK%2e1");
    register.realm = "SIP.Test".into();
    let challenge = phone.ask(register.text()).await;
    assert_eq!(challenge.challenge("realm"), Some(REALM));
    let line = crate::phone::authorization(
        challenge.header("WWW-Authenticate"),
        "REGISTER",
        "sip:127.0.0.1:5060",
        ("Desk.1", PASSWORD),
        "00000001",
    );
    assert_eq!(phone.ask(register.next().extra(&line).text()).await.code(), 200);
    assert_eq!(lab.binding("Desk.1").aor, "sip:Desk.1@sip.test");
}

#[tokio::test]
async fn a_digest_of_the_username_in_another_case_is_told_as_that_and_looks_like_any_failure() {
    let lab = Lab::start().await;
    lab.phones.add("Desk.1", PASSWORD);
    let phone = Udp::new(lab.address()).await;
    let mut answers = Vec::new();
    for (user, digest_user, password, why) in [
        ("DESK.1", "DESK.1", PASSWORD, RefusedBecause::OtherCase),
        ("Desk.1", "desk.1", PASSWORD, RefusedBecause::OtherCase),
        ("DESK.1", "Desk.1", "wrong-one", RefusedBecause::WrongPassword),
        ("Desk.1", "Desk.1", "wrong-one", RefusedBecause::WrongPassword),
    ] {
        let register = Register::of(user);
        let challenge = phone.ask(register.text()).await;
        let value = challenge.header("WWW-Authenticate");
        let line = crate::phone::authorization(value, "REGISTER", "sip:sip.test", (digest_user, password), "00000001");
        let answer = phone.ask(register.next().extra(&line).text()).await;
        assert_eq!(lab.seen.refusals(), [why], "{digest_user} {password}");
        let told = ["Via", "To", "From", "Call-ID"];
        answers.push(answer.0.lines().filter(|l| !told.iter().any(|name| l.starts_with(name))).collect::<Vec<_>>().join("\n"));
        lab.clock.leap(Duration::from_mins(1));
    }
    assert!(answers.iter().all(|answer| *answer == answers[3]), "{answers:?}");
}

#[tokio::test]
async fn who_proves_the_password_of_before_a_save_is_told_as_that_and_refused_all_the_same() {
    let lab = Lab::start().await;
    lab.phones.before(USER, "desk-before", "before-it");
    let phone = Udp::new(lab.address()).await;
    for (user, password, why, proves) in [
        ("desk-before", "before-it", RefusedBecause::UnknownUser, true),
        ("desk-before", "a-guess", RefusedBecause::UnknownUser, false),
        (USER, "before-it", RefusedBecause::WrongPassword, false),
    ] {
        let register = Register::of(user).contact("<sip:desk@10.0.0.1>;+sip.instance=\"<urn:uuid:7>\"");
        let challenge = phone.ask(register.text()).await;
        assert_eq!(phone.ask(register.next().authorized(&challenge, password, "00000001").text()).await.code(), 403);
        let event = lab.seen.take().pop().expect("told");
        let RegistrarEvent::Refused { sender, why: told, .. } = event else { panic!("{event:?}") };
        let sent = (sender.user_agent.is_some(), sender.contacts.join(" "), !sender.call_id.is_empty());
        assert_eq!(sent, (true, "sip:desk@10.0.0.1".to_owned(), true));
        assert_eq!(sender.instances.len(), 1, "{sender:?}");
        assert!(sender.instances[0].contains("urn:uuid:7"));
        assert_eq!((told, sender.proves_previous), (why, proves.then(|| device(USER))), "{user} {password}");
    }
    lab.phones.before(USER, USER, "before-it");
    assert_eq!(phone.register_as(&Register::new(), "before-it").await.code(), 403);
    let event = lab.seen.take().pop().expect("told");
    assert!(matches!(event, RegistrarEvent::Refused { device: Some(_), sender, .. } if sender.proves_previous == Some(device(USER))));
    assert!(lab.engine.all_bindings().is_empty());
}

#[tokio::test]
async fn a_disabled_device_is_refused_only_after_the_right_password() {
    let lab = Lab::start().await;
    lab.phones.change(USER, |r| r.enabled = false);
    let phone = Udp::new(lab.address()).await;
    assert_eq!(phone.register_as(&Register::new(), "wrong-one").await.code(), 403);
    assert_eq!(phone.register(&Register::new()).await.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::WrongPassword, RefusedBecause::Disabled]);
    lab.phones.change(USER, |r| r.enabled = true);
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
}

#[tokio::test]
async fn a_realm_of_nobody_a_user_of_nobody_and_a_wrong_password_look_alike() {
    for sha256 in [false, true] {
        let lab = Lab::with(|c| c.limits.failures = 3, Vec::new()).await;
        if sha256 {
            lab.phones.offer_sha256();
        }
        let phone = Udp::new(lab.address()).await;
        let (mut realm, mut user, mut known) = (Register::new(), Register::new(), Register::new());
        realm.realm = "nobody.test".into();
        user.user = "nobody".into();
        for expected in [403, 403, 403, 503] {
            let mut answers = Vec::new();
            for who in [&mut realm, &mut user, &mut known] {
                *who = who.clone().next().next().next();
                let challenge = phone.ask(who.text()).await;
                let stale = who.clone().authorized(&challenge, "wrong", "00000001").text().replace("nonce=\"", "nonce=\"0");
                let strange = phone.ask(stale.replace("branch=", "branch=other")).await;
                let refused = phone.register_as(who, "wrong").await;
                let broken = phone.ask(who.text().replace("Contact: ", "Contact: <")).await;
                let plain = |got: &Got| {
                    let challenges = got.all("WWW-Authenticate").into_iter().map(|value| {
                        let value = value.replace(&who.realm, "");
                        let (before, after) = value.split_once("nonce=\"").expect("a nonce");
                        format!("{before}{}", after.split_once('"').expect("its end").1)
                    });
                    (got.code(), challenges.collect::<Vec<_>>())
                };
                answers.push([&challenge, &strange, &refused, &broken].map(plain));
            }
            assert_eq!(answers[0], answers[1]);
            assert_eq!(answers[1], answers[2]);
            assert_eq!([0, 1, 2, 3].map(|n| answers[0][n].0), [401, 401, expected, 400]);
            assert_eq!(answers[0][0].1.len(), 1 + usize::from(sha256));
            assert!(answers[0][1].1[0].ends_with("stale=true"), "{answers:?}");
        }
        let refusals = lab.seen.refusals();
        let told = |why| refusals.iter().filter(|r| **r == why).count();
        assert_eq!(
            (told(RefusedBecause::UnknownRealm), told(RefusedBecause::UnknownUser)),
            (1, 3),
            "a realm of nobody is told once a minute"
        );
    }
}

#[tokio::test]
async fn a_saved_password_counts_at_the_next_register_even_after_many_wrong_ones() {
    let lab = Lab::with(|c| c.limits.failures = 3, Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    for _ in 0..3 {
        assert_eq!(phone.register_as(&Register::new(), "new-password").await.code(), 403);
    }
    let told = phone.register_as(&Register::new(), PASSWORD).await;
    assert_eq!(told.code(), 503, "the right one is not looked at either");
    assert!((20..=30).contains(&told.header("Retry-After").parse::<u32>().expect("seconds")));
    let elsewhere = Udp::at("127.0.0.2", lab.address()).await;
    assert_eq!(elsewhere.register(&Register::new()).await.code(), 200, "a stranger does not shut out the phone");
    lab.phones.change(USER, |r| r.credential = Phones::digest(USER, REALM, "new-password"));
    assert_eq!(phone.register_as(&Register::new(), "new-password").await.code(), 200);
    lab.phones.change(USER, |r| r.credential = Phones::digest(USER, REALM, PASSWORD));
    lab.clock.leap(Duration::from_secs(31));
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
}

#[tokio::test]
async fn an_address_is_a_proof_for_its_device_alone() {
    let lab = Lab::start().await;
    lab.phones.add_source("2001", &["127.0.0.2"]);
    let (at_home, elsewhere) = (Udp::at("127.0.0.2", lab.address()).await, Udp::new(lab.address()).await);
    assert_eq!(at_home.ask(Register::of("2001").text()).await.code(), 200);
    assert_eq!(lab.binding("2001").proved_by, ProvedBy::Source);
    lab.seen.take();

    lab.phones.add_source("2003", &["127.0.0.4"]);
    assert_eq!(at_home.ask(Register::of("2003").text()).await.code(), 401, "its own address, not any that is allowed");
    assert_eq!(lab.seen.refusals(), [RefusedBecause::AddressNotAllowed]);
    assert_eq!(at_home.ask(Register::of("2002").text()).await.code(), 401);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::UnknownUser]);
    assert_eq!(at_home.ask(Register::new().text()).await.code(), 401, "a device with a password is asked for it");
    assert_eq!(at_home.register(&Register::new()).await.code(), 200);
    lab.seen.take();

    let challenge = elsewhere.ask(Register::of("2001").text()).await;
    assert_eq!(challenge.code(), 401, "as for an unknown user");
    let answer = elsewhere.ask(Register::of("2001").authorized(&challenge, "guess", "00000001").text()).await;
    assert_eq!(answer.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::AddressNotAllowed; 2]);

    lab.phones.change("2001", |r| r.enabled = false);
    assert_eq!(at_home.ask(Register::of("2001").text()).await.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::Disabled]);
}
