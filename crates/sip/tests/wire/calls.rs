//! Calls obey the parameters: where an INVITE is redirected to, and by whom.

use crate::caller::Invite;
use crate::lab::{FOREIGN, Lab, PASSWORD, REALM, USER, device};
use crate::phone::{Register, Udp};
use domain::{Dropped, InviteFormat};

/// A caller, and a seat 200 with two devices that are registered.
async fn office() -> (Lab, Udp) {
    let lab = Lab::start().await;
    for (name, port) in [("desk", 5071), ("soft", 5072)] {
        lab.phones.add(name, PASSWORD);
        let phone = Udp::new(lab.address()).await;
        let register = Register::of(name).contact(&format!("<sip:{name}@10.1.1.1:{port};transport=tcp;x=1>"));
        assert_eq!(phone.register(&register).await.code(), 200);
    }
    lab.phones.seat("200", &["desk", "soft"]);
    let phone = Udp::new(lab.address()).await;
    (lab, phone)
}

/// The answer's code and Contacts.
async fn called(phone: &Udp, invite: &Invite) -> (u16, Vec<String>) {
    let (answer, _) = phone.call(invite).await;
    (answer.code(), answer.all("Contact").into_iter().map(str::to_owned).collect())
}

fn one(uri: &str) -> (u16, Vec<String>) {
    (302, vec![format!("<{uri}>")])
}

#[tokio::test]
async fn an_extension_is_all_devices_of_its_seat_then_a_username_then_a_number() {
    let (lab, phone) = office().await;
    let both = vec!["<sip:desk@10.1.1.1:5071;transport=tcp;x=1>".to_owned(), "<sip:soft@10.1.1.1:5072;transport=tcp;x=1>".to_owned()];
    assert_eq!(called(&phone, &Invite::to("200")).await, (302, both.clone()));
    assert_eq!(called(&phone, &Invite::to("desk")).await, (302, both[..1].to_vec()));
    assert_eq!(called(&phone, &Invite::to("D%65sk")).await, (302, both[..1].to_vec()), "escapes are undone, case does not count");
    lab.phones.format("soft", InviteFormat::Contact, Some("+12234567890"));
    for number in ["+12234567890", "2234567890", "1-223-456-7890;phone-context=x"] {
        assert_eq!(called(&phone, &Invite::to(number)).await, (302, both[1..].to_vec()), "{number}");
    }
    lab.phones.format("desk", InviteFormat::Contact, Some("2234567890"));
    assert_eq!(called(&phone, &Invite::to("12234567890")).await.1.len(), 2, "all that have it");
    // Each goes before the next.
    lab.phones.seat("12234567890", &["desk"]);
    assert_eq!(called(&phone, &Invite::to("12234567890")).await, (302, both[..1].to_vec()));
    lab.phones.add("2234567890", PASSWORD);
    assert_eq!(called(&phone, &Invite::to("2234567890")).await, (480, vec![]));
}

#[tokio::test]
async fn the_invite_format_makes_the_user_part() {
    let (lab, phone) = office().await;
    let rest = "@10.1.1.1:5071;transport=tcp;x=1";
    for (format, user) in [
        (InviteFormat::Contact, "desk"),
        (InviteFormat::Username, "desk"),
        (InviteFormat::Npan, "2234567890"),
        (InviteFormat::OneNpan, "12234567890"),
        (InviteFormat::E164, "+12234567890"),
        (InviteFormat::StripPlus, "12234567890"),
    ] {
        lab.phones.format("desk", format, Some("12234567890"));
        assert_eq!(called(&phone, &Invite::to("desk")).await, one(&format!("sip:{user}{rest}")), "{format}");
    }
    lab.phones.format("desk", InviteFormat::E164, None);
    lab.phones.seat("2234567890", &["desk"]);
    assert_eq!(called(&phone, &Invite::to("2234567890")).await, one(&format!("sip:+12234567890{rest}")), "the dialled number");
    let route = "sip:line7@proxy.test:5080;lr";
    lab.phones.rules("desk", |r| (r.invite_format, r.route) = (InviteFormat::Route, Some(route.into())));
    assert_eq!(called(&phone, &Invite::to("desk")).await, one(route));
}

#[tokio::test]
async fn several_bindings_are_ordered_by_q_and_none_is_480() {
    let (lab, phone) = office().await;
    let more = Register::of("desk").contact("<sip:a@10.1.1.2>;q=0.25, <sip:b@10.1.1.2>;q=0.9");
    assert_eq!(Udp::new(lab.address()).await.register(&more).await.code(), 200);
    let expected = ["<sip:desk@10.1.1.1:5071;transport=tcp;x=1>;q=1.000", "<sip:b@10.1.1.2>;q=0.900", "<sip:a@10.1.1.2>;q=0.250"];
    assert_eq!(called(&phone, &Invite::to("desk")).await, (302, expected.map(str::to_owned).to_vec()));
    lab.engine.end_device(device("desk"), Dropped::Changed);
    assert_eq!(called(&phone, &Invite::to("desk")).await, (480, vec![]));
    assert_eq!(called(&phone, &Invite::to("200")).await, one("sip:soft@10.1.1.1:5072;transport=tcp;x=1"));
    lab.phones.seat("300", &[]);
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    assert_eq!(called(&phone, &Invite::to("300")).await, (480, vec![]), "the extension of an empty seat is not dialled outside");
    // A contact that is the called address itself would lead back here.
    Udp::new(lab.address()).await.register(&Register::of("desk").contact("<sip:desk@sip.test>")).await;
    assert_eq!(called(&phone, &Invite::to("desk")).await, (480, vec![]));
}

#[tokio::test]
async fn any_other_number_leaves_by_the_carrier_that_the_flags_choose() {
    let (lab, phone) = office().await;
    let (none, _) = phone.call(&Invite::to("0711234")).await;
    assert_eq!((none.code(), none.header("Reason")), (503, r#"SIP;cause=503;text="No carrier is left: the account has none.""#));
    lab.phones.carrier("North", "sip:gw@north.test:5070;transport=tcp", 10, &["fax"]);
    lab.phones.carrier("East", "sip:east.test", 50, &["premium", "fax"]);
    assert_eq!(called(&phone, &Invite::to("+1-223-456-7890")).await, one("sip:+12234567890@north.test:5070;transport=tcp"));
    lab.phones.flags(USER, &["premium"]);
    assert_eq!(called(&phone, &Invite::to("*9")).await, one("sip:*9@east.test"));
    lab.phones.flags(USER, &["premium", "ty\"po"]);
    let (failed, _) = phone.call(&Invite::to("112")).await;
    let reason = r#"SIP;cause=503;text="No carrier is left: ty\"po is on none of them.""#;
    assert_eq!((failed.code(), failed.header("Reason"), failed.all("Retry-After").len()), (503, reason, 0));
    // The flags are the caller's, whoever it is.
    lab.phones.flags(USER, &[]);
    lab.phones.flags("desk", &["fax", "premium"]);
    assert_eq!(called(&phone, &Invite::to("112").by("desk")).await, one("sip:112@east.test"));
    assert_eq!(called(&phone, &Invite::to("nobody")).await, (404, vec![]), "a name is no number");
    lab.phones.carrier("Loop", &format!("sip:{REALM}"), 1, &[]);
    assert_eq!(called(&phone, &Invite::to("112")).await, (404, vec![]));
}

#[tokio::test]
async fn who_calls_is_proved_and_nothing_of_another_account_is_told() {
    let (lab, phone) = office().await;
    let refused = async |invite: Invite, password: &str| {
        let challenge = phone.ask(invite.text()).await;
        assert_eq!(challenge.code(), 401);
        phone.ask(invite.authorized(&challenge, password).text()).await.code()
    };
    assert_eq!(refused(Invite::to("desk"), "wrong").await, 403);
    assert_eq!(refused(Invite::to("desk").by("nobody"), PASSWORD).await, 403);
    let mut other = Invite::to("desk").by("desk");
    other.user = USER.into();
    assert_eq!(refused(other, PASSWORD).await, 403, "a From in our realm is the caller's own");
    lab.phones.change(USER, |r| r.enabled = false);
    assert_eq!(refused(Invite::to("desk"), PASSWORD).await, 403);
    lab.phones.change(USER, |r| r.enabled = true);
    assert_eq!(called(&phone, &Invite::to("desk").from("\"Anonymous\" <sip:anonymous@anonymous.invalid>")).await.0, 302);

    let call = |uri: String| Invite { uri, ..Invite::to("desk") };
    for host in [FOREIGN, "nobody.test"] {
        assert_eq!(called(&phone, &call(format!("sip:desk@{host}"))).await, (404, vec![]), "{host}");
    }
    assert_eq!(called(&phone, &call(format!("sip:{REALM}"))).await, (404, vec![]), "nobody is called");
    assert_eq!(called(&phone, &call(format!("sip:200@{}", lab.address()))).await.1.len(), 2, "the machine's own address");
    assert_eq!(called(&phone, &call("sip:200@other.test".into())).await.1.len(), 2, "another realm of the account");
    assert_eq!(called(&phone, &call("sip:desk@other.test".into())).await.0, 404, "a username counts in its realm");
    let stranger = call("sip:desk@nobody.test".into()).from("<sip:x@strange.test>");
    assert_eq!(phone.ask(stranger.text()).await.code(), 404);
}

#[tokio::test]
async fn a_gateway_is_known_by_its_address() {
    let (lab, _) = office().await;
    lab.phones.add_source("gateway", &["127.0.0.2"]);
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let gateway = Udp::at("127.0.0.2", lab.address()).await;
    let code = async |invite: &Invite| {
        let answer = gateway.ask(invite.text()).await;
        gateway.send(invite.ack(&answer)).await;
        answer.code()
    };
    let own = format!("sip:200@{}", lab.address());
    assert_eq!(code(&Invite::to("200").by("gateway")).await, 302);
    assert_eq!(code(&Invite { uri: own, ..Invite::to("").from("<sip:+4471@10.9.9.9>") }).await, 302, "any From");
    assert_eq!(code(&Invite::to("112").from("<sip:+4471@sip.test>")).await, 302);
    assert_eq!(code(&Invite::to("112").by("desk")).await, 401, "but another device's");
    lab.phones.change("gateway", |r| r.enabled = false);
    assert_eq!(code(&Invite::to("200").by("gateway")).await, 403);
    let elsewhere = Udp::at("127.0.0.3", lab.address()).await;
    assert_eq!(elsewhere.ask(Invite::to("200").by("gateway").text()).await.code(), 401);
}

#[tokio::test]
async fn guessing_by_invite_is_slowed_as_by_register() {
    let lab = Lab::with(|c| c.limits.failures = 2, Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        let invite = Invite::to("1");
        let challenge = phone.ask(invite.text()).await;
        codes.push(phone.ask(invite.authorized(&challenge, "wrong").text()).await.code());
    }
    assert_eq!(codes, [403, 403, 503]);
}
