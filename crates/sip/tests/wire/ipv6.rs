//! IPv6: every address in its place and in its brackets.

use crate::caller::Invite;
use crate::lab::{Lab, USER};
use crate::phone::{Register, Tcp, Udp};
use domain::Transport;
use sip::{Notify, NotifyOutcome};
use std::net::{Ipv6Addr, SocketAddr};

async fn lab() -> Lab {
    let any = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    Lab::with(|c| (c.listen, c.ws) = (any, Some(any)), Vec::new()).await
}

fn notify() -> Notify {
    Notify { event: "check-sync".into(), body: None }
}

#[tokio::test]
async fn a_phone_registers_over_udp_and_is_reached() {
    let lab = lab().await;
    let phone = Udp::at("::1", lab.address()).await;
    let own = phone.socket.local_addr().expect("bound");
    let mut register = Register::new().contact(&format!("<sip:1001@{own}>"));
    register.via = format!("SIP/2.0/UDP {own};rport");
    let answer = phone.register(&register).await;
    assert_eq!(answer.code(), 200);
    // RFC 3261 §25.1 has no brackets in `received`; RFC 5118 §4.5 shows it.
    let via = answer.header("Via");
    assert!(via.starts_with(&format!("SIP/2.0/UDP {own};rport={};branch=", own.port())) && via.ends_with(";received=::1"), "{via}");
    let binding = lab.binding(USER);
    assert_eq!((binding.source, binding.natted, binding.transport), (own, false, Transport::Udp));
    let flow = lab.engine.flow(&binding.key()).expect("bound");
    let request = notify();
    let (outcome, got) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        let got = phone.recv().await;
        let lines: String = ["Via", "From", "To", "Call-ID", "CSeq"].map(|name| format!("{name}: {}\r\n", got.header(name))).concat();
        phone.send(format!("SIP/2.0 200 OK\r\n{lines}Content-Length: 0\r\n\r\n")).await;
        got
    });
    assert!(matches!(outcome, NotifyOutcome::Answered { code: 200, .. }), "{outcome:?}");
    let port = lab.address().port();
    assert!(got.header("Via").starts_with(&format!("SIP/2.0/UDP [::1]:{port};branch=")));
    assert_eq!(got.header("Contact"), format!("<sip:seatline@[::1]:{port}>"));
    // Without rport, to the port of sent-by; with another host than it came from, back to where it came from.
    let mut behind = Register::new();
    for via in [format!("SIP/2.0/UDP {own}"), "SIP/2.0/UDP [2001:db8::7]:9".to_owned()] {
        behind.via = via;
        assert_eq!(phone.ask(behind.text()).await.code(), 401);
    }
}

#[tokio::test]
async fn a_phone_registers_over_tcp_and_is_called() {
    let lab = lab().await;
    let mut phone = Tcp::new(lab.address()).await;
    let contact = format!("sip:1001@{};transport=tcp", phone.local());
    assert_eq!(phone.register(&Register::new().tcp().contact(&format!("<{contact}>"))).await.code(), 200);
    let caller = Udp::at("::1", lab.address()).await;
    lab.phones.seat("200", &[USER]);
    let call = Invite { uri: format!("sip:200@{}", lab.address()), ..Invite::to("") };
    let (answer, _) = caller.call(&call).await;
    assert_eq!((answer.code(), answer.header("Contact")), (302, &*format!("<{contact}>")));
}

#[tokio::test]
async fn a_gateway_is_known_by_its_ipv6_address() {
    let lab = lab().await;
    lab.phones.add_source("gateway", &["::1"]);
    let phone = Udp::at("::1", lab.address()).await;
    assert_eq!(phone.ask(Register::of("gateway").text()).await.code(), 200);
}

#[tokio::test]
async fn an_ipv6_socket_takes_ipv4_too() {
    let any = SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0));
    let lab = Lab::with(|c| c.listen = any, Vec::new()).await;
    let port = lab.address().port();
    lab.phones.add_source("gateway", &["127.0.0.1"]);
    let four = Udp::new(SocketAddr::from(([127, 0, 0, 1], port))).await;
    assert_eq!(four.ask(Register::of("gateway").text()).await.code(), 200, "its address is no mapped one");
    assert_eq!(lab.binding("gateway").source, four.socket.local_addr().expect("bound"));
    let six = Udp::at("::1", SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await;
    assert_eq!(six.register(&Register::new()).await.code(), 200);
    let mut stream = Tcp::new(SocketAddr::from(([127, 0, 0, 1], port))).await;
    assert_eq!(stream.register(&Register::new().tcp()).await.code(), 200);
}
