//! NOTIFY and OPTIONS over the flow of a binding, and keep-alives.

use crate::lab::{Lab, PASSWORD, USER, device, until};
use crate::phone::{Got, Register, Tcp, Udp, param};
use domain::Dropped;
use secrecy::SecretString;
use sip::{Flow, Notify, NotifyCredential, NotifyOutcome, OptionsOutcome};
use std::time::{Duration, Instant};

const CONTACT: &str = "sip:1001@192.168.77.7:5062;transport=UDP;line=%20x";

fn credential(password: &str) -> NotifyCredential {
    NotifyCredential { username: USER.into(), password: SecretString::from(password.to_owned()) }
}

fn check_sync() -> Notify {
    Notify { event: "check-sync;reboot=true".into(), body: None }
}

/// Sends a check-sync with these credentials.
async fn check(lab: &Lab, flow: &Flow, credentials: Vec<NotifyCredential>) -> NotifyOutcome {
    lab.engine.notify(flow, &check_sync(), &credentials).await
}

/// A phone's answer to a request of ours.
fn answer(request: &Got, status: &str, extra: &str) -> String {
    let h = |name| request.header(name);
    let (via, from, to, call_id, cseq) = (h("Via"), h("From"), h("To"), h("Call-ID"), h("CSeq"));
    format!(
        "SIP/2.0 {status}\r\nVia: {via}\r\nFrom: {from}\r\nTo: {to};tag=ph\r\nCall-ID: {call_id}\r\nCSeq: {cseq}\r\n{extra}Content-Length: 0\r\n\r\n"
    )
}

/// A registered phone with short timers, and its flow.
async fn ready() -> (Lab, Udp, Flow) {
    let lab = Lab::with(|c| (c.timers.t1, c.timers.t2, c.timers.options) = (ms(25), ms(100), ms(300)), Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().contact(&format!("<{CONTACT}?X=y>"))).await;
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    (lab, phone, flow)
}

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[tokio::test]
async fn a_notify_goes_to_where_the_register_came_from_with_the_contact_as_written() {
    let (lab, phone, flow) = ready().await;
    let (outcome, got) = tokio::join!(check(&lab, &flow, vec![credential(PASSWORD)]), async {
        let got = phone.recv().await;
        phone.send(answer(&got, "200 OK", "")).await;
        got
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: false });
    let address = lab.address();
    assert_eq!(got.0.lines().next(), Some(&*format!("NOTIFY {CONTACT} SIP/2.0")));
    assert!(got.header("Via").starts_with(&format!("SIP/2.0/UDP {address};branch=z9hG4bK")));
    assert!(got.header("From").starts_with("<sip:1001@sip.test>;tag="));
    assert_eq!(got.header("To"), "<sip:1001@sip.test>");
    assert_eq!((got.header("Max-Forwards"), got.header("CSeq")), ("70", "1 NOTIFY"));
    assert_eq!((got.header("Event"), got.header("Subscription-State")), ("check-sync;reboot=true", "terminated;reason=noresource"));
    assert_eq!((got.header("Contact"), got.header("Content-Length")), (&*format!("<sip:seatline@{address}>"), "0"));
    assert!(got.all("Authorization").is_empty());
}

#[tokio::test]
async fn bodies_paths_and_the_advertised_name_are_sent() {
    let lab = Lab::with(|c| c.advertise = Some("sip.example".into()), Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new().extra("Supported: path").extra("Path: <sip:edge.test;lr>")).await;
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    let request = Notify { event: "service-control\r\nX: y".into(), body: Some(("text/plain".into(), "action=restart\r\n".into())) };
    let (outcome, got) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        let got = phone.recv().await;
        phone.send(answer(&got, "489 Bad Event", "")).await;
        got
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 489, reason: "Bad Event".into(), challenged: false });
    assert_eq!(
        (got.header("Event"), got.header("Route")),
        ("service-controlX: y", "<sip:edge.test;lr>"),
        "no line of its own can be slipped in"
    );
    assert_eq!((got.header("Content-Type"), got.header("Content-Length")), ("text/plain", "16"));
    assert!(got.0.ends_with("\r\n\r\naction=restart\r\n"));
    let own = format!("sip.example:{}", lab.address().port());
    assert!(got.header("Via").contains(&own) && got.header("Contact").contains(&own));
}

#[tokio::test]
async fn an_unanswered_notify_is_repeated_until_timer_f() {
    let (lab, phone, flow) = ready().await;
    let begun = Instant::now();
    let request = check_sync();
    let silent = async {
        let mut seen: Vec<(Duration, String)> = Vec::new();
        while let Some(got) = phone.recv_within(ms(4_000)).await {
            seen.push((begun.elapsed(), got.0));
        }
        seen
    };
    let (outcome, seen) = tokio::join!(lab.engine.notify(&flow, &request, &[]), silent);
    assert_eq!(outcome, NotifyOutcome::NoAnswer);
    assert!(seen.iter().all(|(_, text)| *text == seen[0].1), "the same bytes each time");
    // T1 = 25 ms: at 0, 25, 75, 175, then each 100 ms up to 1600 ms.
    let at: Vec<u128> = seen.iter().map(|s| s.0.as_millis()).collect();
    assert!((5..=19).contains(&at.len()), "{at:?}");
    assert!(at[1] >= 24 && at[2] >= 70 && at[3] >= 165 && at[4] >= 260, "{at:?}");
}

#[tokio::test]
async fn provisional_answers_are_waited_out_and_lost_ones_made_good() {
    let (lab, phone, flow) = ready().await;
    let request = check_sync();
    let (outcome, ()) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        let first = phone.recv().await;
        phone.send(answer(&first, "100 Trying", "")).await;
        let again = phone.recv().await;
        assert_eq!(first.0, again.0, "repeated although a provisional answer came");
        phone.send(answer(&again, "202 Accepted", "")).await;
        phone.send(answer(&again, "202 Accepted", "")).await;
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 202, reason: "Accepted".into(), challenged: false });
}

#[tokio::test]
async fn a_408_of_the_phone_is_an_answer() {
    let (lab, phone, flow) = ready().await;
    let request = check_sync();
    let (outcome, ()) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        let got = phone.recv().await;
        phone.send(answer(&got, "408 Request Timeout", "")).await;
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 408, reason: "Request Timeout".into(), challenged: false });
}

const ASKS: [(&str, &str, &str, &str); 3] = [
    ("401 Unauthorized", "WWW-Authenticate", "MD5", "Authorization"),
    ("407 Proxy Authentication Required", "Proxy-Authenticate", "MD5", "Proxy-Authorization"),
    ("401 Unauthorized", "WWW-Authenticate", "SHA-256", "Authorization"),
];

#[tokio::test]
async fn a_challenge_is_answered_against_the_phones_own_realm() {
    for (status, asks, algorithm, answers) in ASKS {
        let (lab, phone, flow) = ready().await;
        let challenge = format!("Digest realm=\"its own\", nonce=\"n0\", qop=\"auth\", algorithm={algorithm}");
        let (outcome, (first, second)) = tokio::join!(check(&lab, &flow, vec![credential(PASSWORD)]), async {
            let first = phone.recv().await;
            phone.send(answer(&first, status, &format!("{asks}: {challenge}\r\n"))).await;
            let second = loop {
                let got = phone.recv().await;
                if got.header("CSeq") == "2 NOTIFY" {
                    break got;
                }
            };
            phone.send(answer(&second, "200 OK", "")).await;
            (first, second)
        });
        assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: true });
        for same in ["Call-ID", "From", "To", "Event"] {
            assert_eq!(first.header(same), second.header(same));
        }
        assert_ne!(first.header("Via"), second.header("Via"), "a transaction of its own");
        let given = second.header(answers);
        let cnonce = param(given, "cnonce").expect("cnonce");
        assert_eq!(cnonce.len(), 16);
        assert_eq!(param(given, "response").map(str::to_owned), Some(response_of(given, algorithm)));
        assert_eq!((param(given, "realm"), param(given, "nonce"), param(given, "uri")), (Some("its own"), Some("n0"), Some(CONTACT)));
    }
}

/// The right response for what an Authorization names, worked out apart from the crate.
fn response_of(given: &str, algorithm: &str) -> String {
    use md5::{Digest, Md5};
    let hash = |t: String| if algorithm == "MD5" { hex::encode(Md5::digest(t)) } else { hex::encode(sha2::Sha256::digest(t)) };
    let p = |name| param(given, name).expect("there");
    let (ha1, ha2) = (hash(format!("{USER}:its own:{PASSWORD}")), hash(format!("NOTIFY:{CONTACT}")));
    hash(format!("{ha1}:{}:{}:{}:auth:{ha2}", p("nonce"), p("nc"), p("cnonce")))
}

/// Challenges every NOTIFY and counts them.
async fn challenger(phone: &Udp) -> usize {
    let mut seen = std::collections::HashSet::new();
    while let Some(got) = phone.recv_within(ms(400)).await {
        seen.insert(got.header("CSeq").to_owned());
        phone.send(answer(&got, "401 Unauthorized", "WWW-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\"\r\n")).await;
    }
    seen.len()
}

#[tokio::test]
async fn each_password_is_tried_once_and_none_where_none_is_allowed() {
    let request = check_sync();
    for (credentials, outcome, tries) in [
        (vec![], NotifyOutcome::DemandsPassword { code: 401 }, 1),
        (vec![credential("a")], NotifyOutcome::RefusedPassword, 2),
        (vec![credential("a"), credential("b")], NotifyOutcome::RefusedPassword, 3),
    ] {
        let (lab, phone, flow) = ready().await;
        let (got, asked) = tokio::join!(lab.engine.notify(&flow, &request, &credentials), challenger(&phone));
        assert_eq!((got, asked), (outcome, tries));
    }
    let lab = Lab::start().await;
    lab.phones.add_source("2001", &["127.0.0.1"]);
    let phone = Udp::new(lab.address()).await;
    assert_eq!(phone.ask(Register::of("2001").text()).await.code(), 200);
    let flow = lab.engine.flow(&lab.binding("2001").key()).expect("bound");
    let (got, asked) = tokio::join!(check(&lab, &flow, vec![credential(PASSWORD)]), challenger(&phone));
    assert_eq!((got, asked), (NotifyOutcome::DemandsPassword { code: 401 }, 1), "no digest for whoever sits at an allowed address");
}

#[tokio::test]
async fn a_challenge_that_no_password_answers_is_passed_on_as_it_came() {
    for challenge in
        ["", "WWW-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth-int\"\r\n", "WWW-Authenticate: Bearer realm=\"p\"\r\n"]
    {
        let (lab, phone, flow) = ready().await;
        let (outcome, ()) = tokio::join!(check(&lab, &flow, vec![credential(PASSWORD)]), async {
            let got = phone.recv().await;
            phone.send(answer(&got, "401 Unauthorized", challenge)).await;
        });
        assert_eq!(outcome, NotifyOutcome::Answered { code: 401, reason: "Unauthorized".into(), challenged: false });
    }
}

#[tokio::test]
async fn an_answer_from_another_address_or_to_another_request_is_not_taken() {
    let (lab, phone, flow) = ready().await;
    let stranger = Udp::at("127.0.0.2", lab.address()).await;
    let (outcome, ()) = tokio::join!(check(&lab, &flow, vec![credential(PASSWORD)]), async {
        let got = phone.recv().await;
        stranger.send(answer(&got, "401 Unauthorized", "WWW-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\"\r\n")).await;
        phone.send(answer(&got, "200 OK", "").replace("CSeq: 1", "CSeq: 2")).await;
        phone.send(answer(&got, "200 OK", "").replace("branch=z9hG4bK", "branch=z9hG4bK0")).await;
        let again = phone.recv().await;
        assert_eq!(again.header("CSeq"), "1 NOTIFY");
        phone.send(answer(&again, "481 No", "")).await;
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 481, reason: "No".into(), challenged: false });
}

#[tokio::test]
async fn a_flow_outlives_its_binding() {
    let (lab, phone, flow) = ready().await;
    lab.engine.end_device(device(USER), Dropped::Changed);
    assert!(lab.engine.flow(&flow.binding().key()).is_none());
    let (outcome, ()) = tokio::join!(lab.engine.options(&flow), async {
        let got = phone.recv().await;
        phone.send(answer(&got, "486 Busy Here", "")).await;
    });
    assert_eq!(outcome, OptionsOutcome::Answered(486));
}

#[tokio::test]
async fn options_has_a_short_timer_of_its_own() {
    let (lab, _phone, flow) = ready().await;
    let begun = Instant::now();
    assert_eq!(lab.engine.options(&flow).await, OptionsOutcome::NoAnswer);
    assert!(begun.elapsed() >= ms(290), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn on_tcp_a_notify_takes_the_same_connection_once_and_says_when_it_is_gone() {
    let lab = Lab::with(|c| c.timers.t1 = ms(50), Vec::new()).await;
    let mut phone = Tcp::new(lab.address()).await;
    phone.register(&Register::new().tcp()).await;
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    let request = check_sync();
    let (outcome, phone) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        let got = phone.recv().await;
        assert!(got.header("Via").starts_with("SIP/2.0/TCP") && got.header("Contact").ends_with(";transport=tcp>"));
        assert!(phone.raw(1, ms(200)).await.is_empty(), "a stream is reliable: nothing is repeated");
        phone.send(answer(&got, "200 OK", "")).await;
        phone
    });
    assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: false });

    let (outcome, ()) = tokio::join!(lab.engine.notify(&flow, &request, &[]), async {
        tokio::time::sleep(ms(50)).await;
        drop(phone);
    });
    assert_eq!(outcome, NotifyOutcome::FlowGone, "not only at Timer F, which is no answer");
    assert_eq!(lab.engine.notify(&flow, &request, &[]).await, NotifyOutcome::FlowGone);

    let mut mute = Tcp::new(lab.address()).await;
    mute.register(&Register::new().tcp()).await;
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    assert_eq!(lab.engine.notify(&flow, &request, &[]).await, NotifyOutcome::NoAnswer, "Timer F holds on streams too");
}

#[tokio::test]
async fn whoever_gives_up_leaves_nothing_behind_and_a_shutdown_ends_the_waiting() {
    let lab = Lab::with(|c| c.limits.client_requests = 1, Vec::new()).await;
    let phone = Udp::new(lab.address()).await;
    phone.register(&Register::new()).await;
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    for _ in 0..3 {
        assert!(tokio::time::timeout(ms(20), lab.engine.options(&flow)).await.is_err(), "waits: there is room for one");
    }
    let request = check_sync();
    let (outcome, second, ()) = tokio::join!(lab.engine.notify(&flow, &request, &[]), lab.engine.options(&flow), async {
        tokio::time::sleep(ms(50)).await;
        lab.engine.shutdown().await;
    });
    assert_eq!((outcome, second), (NotifyOutcome::FlowGone, OptionsOutcome::NoAnswer), "the second found no room");
}

#[tokio::test]
async fn ipv4_phones_reach_an_ipv6_socket_under_their_own_address() {
    if tokio::net::UdpSocket::bind("[::1]:0").await.is_err() {
        eprintln!("left out: this machine has no IPv6");
        return;
    }
    let lab = Lab::with(|c| c.listen = ([0_u16; 8], 0).into(), Vec::new()).await;
    let port = lab.address().port();
    let phone = Udp::new(([127, 0, 0, 1], port).into()).await;
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
    let binding = lab.binding(USER);
    assert_eq!(binding.source, phone.socket.local_addr().expect("bound"));
    let flow = lab.engine.flow(&binding.key()).expect("bound");
    let (outcome, got) = tokio::join!(lab.engine.options(&flow), async {
        let got = phone.recv().await;
        phone.send(answer(&got, "200 OK", "")).await;
        got
    });
    assert_eq!(outcome, OptionsOutcome::Answered(200));
    assert!(got.header("Via").starts_with(&format!("SIP/2.0/UDP 127.0.0.1:{port};")), "the address that the phone can reach: {got:?}");
}

#[tokio::test]
async fn many_at_once_each_get_their_own_answer() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for n in 0..20 {
        lab.phones.add(&format!("30{n:02}"), PASSWORD);
        phone.register(&Register::of(&format!("30{n:02}"))).await;
    }
    let flows: Vec<Flow> = (0..20).map(|n| lab.engine.flow(&lab.binding(&format!("30{n:02}")).key()).expect("bound")).collect();
    let request = check_sync();
    let asked = futures::future::join_all(flows.iter().map(|flow| lab.engine.notify(flow, &request, &[])));
    let answering = async {
        while let Some(got) = phone.recv_within(ms(500)).await {
            let n = got.0.split("sip:30").nth(1).and_then(|rest| rest.get(..2)).expect("a number").to_owned();
            phone.send(answer(&got, &format!("2{n} Yes"), "")).await;
        }
    };
    let (outcomes, ()) = tokio::join!(asked, answering);
    for (n, outcome) in (200..).zip(outcomes) {
        assert_eq!(outcome, NotifyOutcome::Answered { code: n, reason: "Yes".into(), challenged: false });
    }
}

#[tokio::test]
async fn natted_flows_are_kept_open_and_others_left_alone() {
    let lab = Lab::with(|c| c.timers.keepalive = ms(150), Vec::new()).await;
    lab.phones.add("1002", PASSWORD);
    let (natted, open) = (Udp::new(lab.address()).await, Udp::new(lab.address()).await);
    natted.register(&Register::new()).await;
    let own = open.socket.local_addr().expect("bound");
    open.register(&Register::of("1002").contact(&format!("<sip:1002@{own}>"))).await;
    assert!(lab.binding(USER).natted && !lab.binding("1002").natted);
    for _ in 0..2 {
        let ping = natted.recv().await;
        assert!(ping.0.starts_with("OPTIONS sip:1001@192.168.77.7:5062;transport=udp SIP/2.0\r\n"));
        natted.send(answer(&ping, "200 OK", "")).await;
    }
    assert!(open.recv_within(ms(400)).await.is_none());

    let mut stream = Tcp::new(lab.address()).await;
    stream.register(&Register::new().tcp()).await;
    assert_eq!(stream.raw(4, Duration::from_secs(30)).await, b"\r\n\r\n");
    lab.engine.end_device(device(USER), Dropped::Removed);
    until("ended", || lab.engine.bindings(device(USER)).is_empty()).await;
    while natted.recv_within(ms(50)).await.is_some() {}
    assert!(natted.recv_within(ms(400)).await.is_none(), "no keep-alive without a binding");
}
