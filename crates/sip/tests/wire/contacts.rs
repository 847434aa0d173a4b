//! What a REGISTER asks for and what is bound (RFC 3261 §10.3).

use crate::lab::{Lab, PASSWORD, USER, device, until};
use crate::phone::{Register, Udp};
use domain::{Dropped, RefusedBecause, RegistrarEvent};
use std::time::Duration;

#[tokio::test]
async fn the_smaller_of_asked_and_allowed_is_granted_and_less_than_a_minute_is_too_brief() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for (asked, granted) in [("3600", 360), ("90", 90), ("60", 60), ("", 360), ("4294967296", 360), ("soon", 360)] {
        let line = if asked.is_empty() { String::new() } else { format!("Expires: {asked}\r\n") };
        let mut register = Register::new();
        register.extra = line;
        let ok = phone.register(&register).await;
        assert!(ok.header("Contact").ends_with(&format!(";expires={granted}")), "{asked}: {ok:?}");
    }
    lab.seen.take();
    let before = lab.binding(USER);
    for asked in ["59", "1"] {
        let brief = phone.register(&Register::new().extra(&format!("Expires: {asked}"))).await;
        assert_eq!((brief.code(), brief.header("Min-Expires")), (423, "60"));
    }
    assert_eq!(lab.seen.refusals(), [RefusedBecause::IntervalTooBrief]);
    assert_eq!(lab.binding(USER), before);
    lab.phones.change(USER, |r| r.expire_seconds = 60);
    assert!(phone.register(&Register::new()).await.header("Contact").ends_with(";expires=60"), "a saved value counts at the next REGISTER");
}

#[tokio::test]
async fn several_contacts_are_listed_with_what_is_left_of_their_time() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=120, \"x, y\" <sip:b@10.0.0.2>;expires=300")).await;
    lab.clock.leap(Duration::from_secs(20));
    let mut query = Register::new();
    query.contact.clear();
    let listed = phone.register(&query).await;
    let contacts = listed.all("Contact");
    assert_eq!(contacts.len(), 2);
    for (contact, uri, left) in [(contacts[0], "<sip:a@10.0.0.1>", 90..=100), (contacts[1], "<sip:b@10.0.0.2>", 270..=280)] {
        let (found, seconds) = contact.split_once(";expires=").expect("expires");
        assert!(found == uri && left.contains(&seconds.parse::<i32>().expect("seconds")), "{contact}");
    }
    assert_eq!(lab.seen.take().len(), 2);
}

#[tokio::test]
async fn contacts_are_removed_one_by_one_or_all_at_once() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>")).await;
    lab.seen.take();
    let ok = phone.register(&Register::new().contact("<sip:b@10.0.0.1>;expires=0, <sip:unknown@10.0.0.1>;expires=0")).await;
    assert_eq!((ok.code(), ok.all("Contact").len()), (200, 2));
    let events = lab.seen.take();
    assert!(
        matches!(&events[..], [RegistrarEvent::Dropped { binding, why: Dropped::Unregistered }] if binding.contact == "sip:b@10.0.0.1")
    );
    for bad in ["*, <sip:a@10.0.0.1>", "*"] {
        assert_eq!(phone.ask(Register::new().contact(bad).text()).await.code(), 400, "{bad}");
    }
    lab.seen.take();
    let ok = phone.register(&Register::new().contact("*").extra("Expires: 0")).await;
    assert_eq!((ok.code(), ok.all("Contact").len()), (200, 0));
    assert_eq!(lab.seen.take().len(), 2);
    assert!(!lab.engine.is_registered(device(USER)));
    assert_eq!(lab.engine.registered_devices(), 0);
}

#[tokio::test]
async fn what_another_phone_removes_is_told_as_that() {
    let lab = Lab::start().await;
    let (desk, other) = (Udp::new(lab.address()).await, Udp::at("127.0.0.2", lab.address()).await);
    assert_eq!(desk.register(&Register::new().contact("<sip:desk@10.0.0.1>")).await.code(), 200);
    assert_eq!(other.register(&Register::new().contact("<sip:other@10.0.0.2>")).await.code(), 200);
    let whys = || {
        let told = lab.seen.take().into_iter().map(|event| match event {
            RegistrarEvent::Dropped { binding, why } => (binding.contact, why),
            other => panic!("{other:?}"),
        });
        told.collect::<Vec<_>>()
    };
    let (own, theirs) = ("sip:other@10.0.0.2".to_owned(), "sip:desk@10.0.0.1".to_owned());
    lab.seen.take();
    assert_eq!(other.register(&Register::new().contact("*").extra("Expires: 0")).await.code(), 200);
    assert_eq!(whys(), [(own, Dropped::Unregistered), (theirs.clone(), Dropped::UnregisteredElsewhere)]);

    // One contact by its name.
    for (remover, why) in [(&other, Dropped::UnregisteredElsewhere), (&desk, Dropped::Unregistered)] {
        assert_eq!(desk.register(&Register::new().contact("<sip:desk@10.0.0.1>")).await.code(), 200);
        lab.seen.take();
        assert_eq!(remover.register(&Register::new().contact("<sip:desk@10.0.0.1>;expires=0")).await.code(), 200);
        assert_eq!(whys(), [(theirs.clone(), why)]);
    }
}

#[tokio::test]
async fn within_a_call_id_the_cseq_must_rise_and_a_new_call_id_starts_anew() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let mut register = Register::new();
    register.cseq = 10;
    assert_eq!(phone.register(&register).await.code(), 200);
    let since = lab.binding(USER).since;
    lab.seen.take();
    let mut late = register.clone();
    late.cseq = 5;
    let mut gone = late.clone();
    gone.contact = "Contact: *\r\nExpires: 0\r\n".into();
    for register in [late, gone] {
        assert_eq!(phone.register(&register).await.code(), 500);
    }
    assert_eq!(lab.seen.refusals(), [RefusedBecause::OutOfOrder], "told once a minute");
    assert_eq!(lab.binding(USER).cseq, 11);

    lab.clock.leap(Duration::from_secs(30));
    assert_eq!(phone.register(&register.clone().next().next()).await.code(), 200);
    let events = lab.seen.take();
    assert!(
        matches!(&events[..], [RegistrarEvent::Refreshed { binding, reconnected: false }] if binding.cseq == 13 && binding.since == since)
    );

    let restarted = Register::new();
    assert_eq!(phone.register(&restarted).await.code(), 200);
    let events = lab.seen.take();
    assert!(matches!(&events[..], [RegistrarEvent::Refreshed { binding, reconnected: true }] if binding.call_id == restarted.call_id));

    let moved = Udp::new(lab.address()).await;
    assert_eq!(moved.register(&restarted.next().next()).await.code(), 200);
    assert!(matches!(&lab.seen.take()[..], [RegistrarEvent::Refreshed { reconnected: true, .. }]), "another source");
}

#[tokio::test]
async fn a_change_is_whole_or_not_at_all_and_contacts_are_capped() {
    let lab = Lab::with(|c| c.limits.contacts = 3, Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>, <sip:b@10.0.0.1>")).await;
    lab.seen.take();
    let more =
        phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=0, <sip:c@10.0.0.1>, <sip:d@10.0.0.1>, <sip:e@10.0.0.1>")).await;
    assert_eq!(more.code(), 403);
    assert_eq!(lab.seen.refusals(), [RefusedBecause::TooManyContacts]);
    assert_eq!(lab.contacts(USER), ["sip:a@10.0.0.1", "sip:b@10.0.0.1"]);
    let brief = phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=0, <sip:c@10.0.0.1>;expires=5")).await;
    assert_eq!(brief.code(), 423);
    assert_eq!(lab.contacts(USER), ["sip:a@10.0.0.1", "sip:b@10.0.0.1"]);
    let swapped = phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=0, <sip:c@10.0.0.1>, <sip:d@10.0.0.1>")).await;
    assert_eq!(swapped.code(), 200);
    assert_eq!(lab.contacts(USER), ["sip:b@10.0.0.1", "sip:c@10.0.0.1", "sip:d@10.0.0.1"]);
}

#[tokio::test]
async fn what_is_not_refreshed_expires() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=60, <sip:b@10.0.0.1>;expires=120")).await;
    lab.seen.take();
    lab.clock.leap(Duration::from_secs(61));
    until("the first is gone", || lab.contacts(USER).len() == 1).await;
    assert!(
        matches!(&lab.seen.take()[..], [RegistrarEvent::Dropped { binding, why: Dropped::Expired }] if binding.contact == "sip:a@10.0.0.1")
    );
    lab.clock.leap(Duration::from_mins(1));
    until("both are gone", || !lab.engine.is_registered(device(USER))).await;
}

#[tokio::test]
async fn ending_is_at_once_and_says_why() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>")).await;
    lab.seen.take();
    let key = lab.engine.bindings(device(USER))[1].key();
    assert!(lab.engine.end_binding(&key, Dropped::Removed));
    assert!(!lab.engine.end_binding(&key, Dropped::Removed));
    let ended = lab.engine.end_device(device(USER), Dropped::Changed);
    assert_eq!(ended.len(), 2);
    assert!(lab.engine.all_bindings().is_empty());
    let whys = lab.seen.take().into_iter().map(|e| match e {
        RegistrarEvent::Dropped { why, .. } => why,
        other => panic!("{other:?}"),
    });
    assert_eq!(whys.collect::<Vec<_>>(), [Dropped::Removed, Dropped::Changed, Dropped::Changed]);
    assert!(lab.engine.end_device(device(USER), Dropped::Deleted).is_empty());
}

#[tokio::test]
async fn bindings_of_an_earlier_run_are_taken_in() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact("<sip:a@10.0.0.1>;expires=360")).await;
    let udp = lab.binding(USER);
    let mut tcp = udp.clone();
    (tcp.contact, tcp.transport, tcp.connection) = ("sip:b@10.0.0.1;transport=tcp".into(), domain::Transport::Tcp, Some(7));
    let mut old = udp.clone();
    (old.contact, old.expires) = ("sip:c@10.0.0.1".into(), udp.refreshed - 1);
    lab.engine.shutdown().await;

    let again = Lab::with(|_| {}, vec![udp.clone(), tcp.clone(), old]).await;
    let bindings = again.engine.bindings(device(USER));
    assert_eq!(bindings[0], udp);
    (tcp.connection, tcp.reachable) = (None, false);
    assert_eq!(bindings[1], tcp);
    assert!(
        matches!(&again.seen.take()[..], [RegistrarEvent::Dropped { binding, why: Dropped::Expired }] if binding.contact == "sip:c@10.0.0.1")
    );
    let flow = again.engine.flow(&tcp.key()).expect("bound");
    assert!(!flow.is_open());
    assert_eq!(again.engine.options(&flow).await, sip::OptionsOutcome::FlowGone);
}

#[tokio::test]
async fn a_flood_of_strange_names_leaves_nothing_behind() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let mut register = Register::new();
    for n in 0..3_000 {
        register.user = format!("u{n}");
        phone.send(register.text()).await;
        if n % 50 == 0 {
            tokio::task::yield_now().await;
        }
    }
    while phone.recv_within(Duration::from_millis(200)).await.is_some() {}
    assert!(lab.engine.all_bindings().is_empty() && lab.seen.take().is_empty());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(Udp::at("127.0.0.3", lab.address()).await.register_as(&Register::new(), PASSWORD).await.code(), 200);
}
