//! Flows (RFC 5626) and paths (RFC 3327).

use crate::lab::{Lab, PASSWORD, USER, device, until};
use crate::phone::{Got, Register, Tcp, Udp};
use domain::{Dropped, RegistrarEvent};
use sip::{Notify, NotifyOutcome};
use std::time::Duration;

const INSTANCE: &str = "\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\"";

fn flow(contact: &str, reg_id: u32) -> Register {
    Register::new().contact(&format!("<{contact}>;+sip.instance={INSTANCE};reg-id={reg_id}")).extra("Supported: path, outbound")
}

fn ok(request: &Got) -> String {
    let lines: String = ["Via", "From", "To", "Call-ID", "CSeq"].map(|name| format!("{name}: {}\r\n", request.header(name))).concat();
    format!("SIP/2.0 200 OK\r\n{lines}Content-Length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_flow_is_known_by_instance_and_reg_id_whatever_its_contact() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let answer = phone.register(&flow("sip:a@10.0.0.1:1111", 1)).await;
    assert!(answer.header("Contact").ends_with(&format!(";expires=360;+sip.instance={INSTANCE};reg-id=1")), "{answer:?}");
    assert_eq!((answer.header("Require"), answer.header("Supported")), ("outbound", "path, outbound"));
    assert!(answer.all("Flow-Timer").is_empty(), "or the phone would send STUN");
    let binding = lab.binding(USER);
    assert_eq!((binding.instance.as_deref(), binding.reg_id), (Some(INSTANCE), Some(1)));
    // After a reboot: another contact and port, the same phone.
    lab.seen.take();
    let other = Udp::new(lab.address()).await;
    let mut again = flow("sip:a@10.0.0.1:2222", 1);
    again.contact = again.contact.replace("AABBCCDDEEFF", "aabbccddeeff");
    assert_eq!(other.register(&again).await.code(), 200);
    assert_eq!(lab.contacts(USER), ["sip:a@10.0.0.1:2222"]);
    let told = lab.seen.take();
    assert!(
        matches!(&told[..], [RegistrarEvent::Dropped { binding, why: Dropped::Replaced }, RegistrarEvent::Registered(_)] if binding.contact.ends_with("1111")),
        "it did not unregister: {told:?}"
    );
    assert_eq!(other.register(&flow("sip:a@10.0.0.1:3333", 2)).await.all("Contact").len(), 2, "another flow beside it");
    // Without an instance a reg-id says nothing, without `outbound` nothing is promised.
    let plain = other.register(&Register::new().contact("<sip:p@10.0.0.1>;reg-id=1")).await;
    assert!(
        plain.all("Require").is_empty()
            && plain.all("Contact").iter().any(|c| c.starts_with("<sip:p@10.0.0.1>;expires=") && !c.contains("reg-id"))
    );
    let two = format!("<sip:x@10.0.0.1>;+sip.instance={INSTANCE};reg-id=5, <sip:y@10.0.0.1>;+sip.instance={INSTANCE};reg-id=6");
    assert_eq!(phone.ask(Register::new().contact(&two).text()).await.code(), 400, "one REGISTER, one flow");
    assert_eq!(phone.ask(flow("sip:a@10.0.0.1", 1).extra("Require: outbound").text()).await.code(), 401);
}

#[tokio::test]
async fn two_flows_of_one_contact_stand_in_for_each_other() {
    let lab = Lab::start().await;
    let contact = "sip:1001@10.0.0.1;transport=tcp;ob";
    let (mut first, mut second) = (Tcp::new(lab.address()).await, Tcp::new(lab.address()).await);
    let answer = first.register(&flow(contact, 1).tcp()).await;
    assert_eq!((answer.code(), answer.header("Flow-Timer")), (200, "120"));
    assert_eq!(second.register(&flow(contact, 2).tcp()).await.all("Contact").len(), 2);
    let events = lab.seen.take();
    assert!(matches!(&events[..], [RegistrarEvent::Registered(_), RegistrarEvent::Refreshed { reconnected: true, .. }]), "{events:?}");
    let check = async |phone: &mut Tcp, reg_id: u32| {
        let binding = lab.binding(USER);
        assert_eq!(binding.reg_id, Some(reg_id));
        let flow = lab.engine.flow(&binding.key()).expect("bound");
        let notify = Notify { event: "check-sync".into(), body: None };
        let (outcome, ()) = tokio::join!(lab.engine.notify(&flow, &notify, &[]), async {
            let got = phone.recv().await;
            phone.send(ok(&got)).await;
        });
        assert!(matches!(outcome, NotifyOutcome::Answered { code: 200, .. }), "{outcome:?}");
    };
    check(&mut second, 2).await;
    drop(second);
    until("the first flow serves", || lab.binding(USER).reg_id == Some(1)).await;
    assert!(lab.binding(USER).reachable);
    check(&mut first, 1).await;
    let told = lab.seen.take();
    assert!(matches!(&told[..], [RegistrarEvent::Refreshed { binding, reconnected: false }] if binding.reg_id == Some(1)), "{told:?}");
    // The second comes back over a connection of its own and takes its place.
    let mut third = Tcp::new(lab.address()).await;
    assert_eq!(third.register(&flow(contact, 2).tcp()).await.all("Contact").len(), 2);
    check(&mut third, 2).await;
    drop((first, third));
    until("nobody is there", || !lab.binding(USER).reachable).await;
    assert!(lab.engine.is_registered(device(USER)));
}

#[tokio::test]
async fn a_connection_serves_every_phone_that_registered_over_it() {
    let lab = Lab::start().await;
    lab.phones.add("1002", PASSWORD);
    let mut phone = Tcp::new(lab.address()).await;
    assert_eq!(phone.register(&flow("sip:1001@10.0.0.1", 1).tcp()).await.code(), 200);
    assert_eq!(phone.register(&Register::of("1002").tcp()).await.code(), 200);
    assert_eq!(lab.binding(USER).connection, lab.binding("1002").connection);
    phone.send("\r\n\r\n").await;
    assert_eq!(phone.raw(2, Duration::from_secs(30)).await, b"\r\n", "a ping is answered");
    drop(phone);
    until("both are gone", || !lab.binding(USER).reachable && !lab.binding("1002").reachable).await;
}

#[tokio::test]
async fn pings_over_udp_are_no_messages() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for ping in [&b"\r\n\r\n"[..], b"\r\n", b"\0", b"    "] {
        assert_eq!(phone.code_of(ping).await, None);
    }
}

#[tokio::test]
async fn a_path_is_kept_followed_and_returned_to_those_who_know_it() {
    let lab = Lab::with(|c| c.timers.keepalive = Duration::from_millis(100), Vec::new()).await;
    let edge = Udp::new(lab.address()).await;
    let path = "Path: <sip:p1.test;lr>, <sip:token@p2.test;lr;ob>";
    // As it comes through a proxy: two Vias.
    let through = |mut register: Register| {
        register.extra += "Via: SIP/2.0/UDP 10.7.7.7;branch=z9hG4bKphone\r\n";
        register
    };
    let answer = edge.register(&through(flow("sip:1001@10.7.7.7", 1).extra(path))).await;
    assert_eq!((answer.code(), answer.all("Path")), (200, vec!["<sip:p1.test;lr>", "<sip:token@p2.test;lr;ob>"]));
    assert_eq!((answer.header("Require"), answer.all("Via").len()), ("outbound", 2));
    let binding = lab.binding(USER);
    assert!(binding.path.len() == 2 && !binding.natted);
    assert!(edge.recv_within(Duration::from_millis(400)).await.is_none(), "the proxy keeps the way open, not we");
    let flow_to = lab.engine.flow(&binding.key()).expect("bound");
    let notify = Notify { event: "check-sync".into(), body: None };
    let (outcome, got) = tokio::join!(lab.engine.notify(&flow_to, &notify, &[]), async {
        let got = edge.recv().await;
        edge.send(ok(&got)).await;
        got
    });
    assert!(matches!(outcome, NotifyOutcome::Answered { code: 200, .. }));
    assert_eq!(got.all("Route"), ["<sip:p1.test;lr>", "<sip:token@p2.test;lr;ob>"]);
    assert!(got.0.starts_with("NOTIFY sip:1001@10.7.7.7 SIP/2.0"));

    let silent = edge.register(&through(Register::new().extra(path))).await;
    assert_eq!((silent.code(), silent.all("Path").len()), (200, 0), "a phone that does not know paths is told none");
    assert!(lab.engine.bindings(device(USER)).iter().all(|b| b.path.len() == 2));
    for (path, code) in [("Path: <sip:p1.test;lr;ob>, <sip:p2.test;lr>", 439), ("X: y", 439), ("Path: <sip:p2.test;lr;ob>", 200)] {
        assert_eq!(edge.register(&through(flow("sip:1001@10.7.7.7", 1).extra(path))).await.code(), code, "{path}");
    }
    assert_eq!(edge.ask(Register::new().extra("Path: not an address").text()).await.code(), 400);
}
