//! What is malformed, unknown or not ours: the table at the top of the crate, line by line; and a REGISTER works after all of it.

use crate::lab::Lab;
use crate::phone::{Register, Udp};

/// A request of any method.
fn request(method: &str, change: impl Fn(String) -> String) -> String {
    let text = Register::new().text().replace("REGISTER sip", &format!("{method} sip")).replace("1 REGISTER", &format!("1 {method}"));
    change(text)
}

/// The baseline with one text exchanged for another, which must be there.
fn with(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |text| {
        assert!(text.contains(from), "{from:?} in {text}");
        text.replacen(from, to, 1)
    }
}

fn without(header: &'static str) -> impl Fn(String) -> String {
    move |text| text.split_inclusive("\r\n").filter(|l| !l.starts_with(header)).collect()
}

#[tokio::test]
async fn every_line_of_the_table() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let r = |change: &dyn Fn(String) -> String| request("REGISTER", change);
    let cases: Vec<(&str, String, Option<u16>)> = vec![
        ("baseline", r(&|t| t), Some(401)),
        ("Via garbage", r(&with("Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch", "Via: ;;;garbage")), None),
        ("Via of another protocol", r(&with("Via: SIP/2.0", "Via: HTTP/1.1")), None),
        ("no Via", r(&without("Via")), None),
        ("ACK", request("ACK", |t| t), None),
        ("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n".into(), None),
        ("a response to nothing", r(&with("REGISTER sip:sip.test SIP/2.0", "SIP/2.0 200 OK")), None),
        ("no From tag", r(&with(";tag=f1", "")), Some(401)),
        (
            "compact forms",
            r(&|t| {
                t.replace("Via:", "v:")
                    .replace("From:", "f:")
                    .replace("To:", "t:")
                    .replace("Call-ID:", "i:")
                    .replace("Contact:", "m:")
                    .replace("Content-Length:", "l:")
            }),
            Some(401),
        ),
        ("names in odd case, space before colon", r(&|t| t.replace("Via:", "vIA :").replace("CSeq:", "CSEQ\t:")), Some(401)),
        ("folded", r(&with("Contact: <", "Contact:\r\n\t <")), Some(401)),
        ("LF only", r(&|t| t.replace("\r\n", "\n")), Some(401)),
        ("method in lower case", request("register", |t| t), Some(501)),
        ("unknown method", request("FOO", |t| t), Some(501)),
        ("unknown method, CSeq of another", request("FOO", with("CSeq: 1 FOO", "CSeq: 1 INVITE")), Some(501)),
        ("unknown method, CSeq no number", request("FOO", with("CSeq: 1 FOO", "CSeq: x FOO")), Some(400)),
        ("header without colon", r(&with("Max-Forwards", "garbage line\r\nMax-Forwards")), Some(400)),
        ("control character", r(&with("tag=f1", "tag=f\u{1}")), Some(400)),
        ("no empty line at the end", r(&|t| t.trim_end().to_owned()), Some(400)),
        ("no To", r(&without("To")), Some(400)),
        ("no From", r(&without("From")), Some(400)),
        ("no Call-ID", r(&without("Call-ID")), Some(400)),
        ("no CSeq", r(&without("CSeq")), Some(400)),
        ("two To", r(&with("To:", "To: <sip:x@sip.test>\r\nTo:")), Some(400)),
        ("open quote in To", r(&with("To: <", "To: \"open <")), Some(400)),
        ("CSeq too large", r(&with("CSeq: 1 ", "CSeq: 99999999999 ")), Some(400)),
        ("CSeq of another method", r(&with("CSeq: 1 REGISTER", "CSeq: 1 INVITE")), Some(400)),
        ("body shorter than said", r(&with("Content-Length: 0", "Content-Length: 99999")), Some(400)),
        ("length beyond a word", r(&with("Content-Length: 0", "Content-Length: 18446744073709551615")), Some(400)),
        ("length negative", r(&with("Content-Length: 0", "Content-Length: -1")), Some(400)),
        ("two lengths", r(&with("Content-Length: 0", "Content-Length: 0\r\nContent-Length: 1")), Some(400)),
        ("Max-Forwards no number", r(&with("Max-Forwards: 70", "Max-Forwards: many")), Some(400)),
        ("REGISTER at its last hop", r(&with("Max-Forwards: 70", "Max-Forwards: 0")), Some(401)),
        ("OPTIONS at its last hop", request("OPTIONS", with("Max-Forwards: 70", "Max-Forwards: 0")), Some(200)),
        ("version 7", r(&with("sip.test SIP/2.0", "sip.test SIP/7.0")), Some(505)),
        ("tel: Request-URI", r(&with("REGISTER sip:sip.test", "REGISTER tel:123")), Some(416)),
        ("Request-URI in brackets", r(&with("REGISTER sip:sip.test", "REGISTER <sip:sip.test>")), Some(400)),
        ("space in Request-URI", r(&with("REGISTER sip:sip.test", "REGISTER sip:sip.test; lr")), Some(400)),
        (
            "bare contact with headers",
            r(&with("Contact: <sip:1001@192.168.77.7:5062;transport=udp>", "Contact: sip:1001@h?Route=%3Csip:x%3E")),
            Some(400),
        ),
        ("contact with headers in brackets", r(&with("transport=udp>", "transport=udp?Route=%3Csip:x%3E>")), Some(401)),
        ("star without Expires", r(&with("Contact: <sip:1001@192.168.77.7:5062;transport=udp>", "Contact: *")), Some(400)),
        ("contact with a space", r(&with("transport=udp>", "transport=udp b>")), Some(400)),
        ("contact of tel", r(&with("Contact: <sip:1001@192.168.77.7:5062;transport=udp>", "Contact: <tel:1001>")), Some(400)),
        ("unreadable credentials", r(&with("Max-Forwards", "Authorization: Digest nonsense\r\nMax-Forwards")), Some(400)),
        ("Require unknown", r(&with("Max-Forwards", "Require: nothingSupportsThis\r\nMax-Forwards")), Some(420)),
        ("Require path", r(&with("Max-Forwards", "Require: path\r\nMax-Forwards")), Some(401)),
        ("OPTIONS", request("OPTIONS", |t| t), Some(200)),
        ("INVITE", request("INVITE", |t| t), Some(401)),
        ("INVITE at its last hop", request("INVITE", with("Max-Forwards: 70", "Max-Forwards: 0")), Some(483)),
        ("INVITE in a dialog", request("INVITE", with("To: <sip:1001@sip.test>", "To: <sip:1001@sip.test>;tag=x")), Some(481)),
        ("SUBSCRIBE", request("SUBSCRIBE", |t| t), Some(405)),
        ("NOTIFY in a dialog", request("NOTIFY", with("To: <sip:1001@sip.test>", "To: <sip:1001@sip.test>;tag=x")), Some(481)),
        ("BYE", request("BYE", |t| t), Some(481)),
        ("CANCEL", request("CANCEL", |t| t), Some(481)),
        ("headers beyond 16 KiB", r(&|t| t.replace("Max-Forwards", &format!("X-Long: {}\r\nMax-Forwards", "a".repeat(50_000)))), Some(513)),
        ("realm of nobody", r(&|t| t.replace("1001@sip.test", "1001@nobody.test")), Some(401)),
        ("To without a user", r(&with("To: <sip:1001@", "To: <sip:")), Some(404)),
    ];
    for (name, text, code) in cases {
        let got = if code.is_some() { Some(phone.ask(&text).await.code()) } else { phone.code_of(&text).await };
        assert_eq!(got, code, "{name}:\n{}", &text[..text.len().min(600)]);
    }
    for (name, bytes) in [
        ("random", (0..4096_u32).map(|i| ((i * 37) % 256) as u8).collect::<Vec<_>>()),
        ("a NUL", vec![0]),
        ("empty", vec![]),
        ("line ends", b"\r\n".to_vec()),
        ("the largest datagram", vec![b'A'; 65_507]),
    ] {
        assert_eq!(phone.code_of(&bytes).await, None, "{name}");
    }
    let latin: Vec<u8> =
        Register::new().text().replace("From: <", "From: \"#ric\" <").bytes().map(|b| if b == b'#' { 0xe9 } else { b }).collect();
    let got = phone.ask(&latin).await;
    assert_eq!(got.code(), 401, "a display name in Latin-1");
    assert_eq!(phone.register(&Register::new()).await.code(), 200);
}

#[tokio::test]
async fn refusals_say_what_would_be_right() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    for method in ["SUBSCRIBE", "FOO", "OPTIONS"] {
        assert_eq!(phone.ask(request(method, |t| t)).await.header("Allow"), "INVITE, ACK, CANCEL, OPTIONS, REGISTER", "{method}");
    }
    assert_eq!(
        phone
            .ask(request("OPTIONS", with("Max-Forwards", "Require: Path, a, nobodyKnowsThis\r\nRequire: c\r\nMax-Forwards")))
            .await
            .header("Unsupported"),
        "a, nobodyKnowsThis, c",
        "as written"
    );
    let tag = |got: &crate::phone::Got| got.header("To").split_once(";tag=").expect("a To tag").1.to_owned();
    let (text, other) = (request("OPTIONS", |t| t), request("OPTIONS", |t| t));
    let (first, second) = (phone.ask(&text).await, phone.ask(&text).await);
    assert_eq!(tag(&first), tag(&second), "a retransmission gets the same tag");
    assert_ne!(tag(&first), tag(&phone.ask(&other).await));
}

#[tokio::test]
async fn answers_find_their_way_back() {
    let lab = Lab::start().await;
    let phone = Udp::new(lab.address()).await;
    let port = phone.socket.local_addr().expect("bound").port();
    let ok = phone.ask(request("OPTIONS", |t| t)).await;
    assert_eq!(ok.header("Via").split(";branch").next(), Some(&*format!("SIP/2.0/UDP 127.0.0.1:9;rport={port}")));
    assert!(ok.header("Via").ends_with(";received=127.0.0.1"));
    // No rport: to the port of sent-by, when that host is where it came from.
    let listener = Udp::new(lab.address()).await;
    let other = listener.socket.local_addr().expect("bound").port();
    let sent_by = format!("Via: SIP/2.0/UDP 127.0.0.1:{other};branch");
    phone.send(request("OPTIONS", |t| t.replace("Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch", &sent_by))).await;
    assert_eq!(listener.recv().await.code(), 200);
    // From behind a NAT: to where it came from.
    assert_eq!(phone.ask(request("OPTIONS", with("127.0.0.1:9;rport;branch", "10.1.2.3:5060;branch"))).await.code(), 200);
    assert_eq!(phone.ask(request("OPTIONS", with("127.0.0.1:9;rport;branch", "[::1]:9;branch"))).await.code(), 200);
}

#[tokio::test]
async fn a_source_beyond_its_share_is_not_heard_and_others_are() {
    let lab = Lab::with(|c| (c.limits.messages_per_second, c.limits.burst) = (1, 5), Vec::new()).await;
    let (loud, calm) = (Udp::at("127.0.0.2", lab.address()).await, Udp::new(lab.address()).await);
    let begun = std::time::Instant::now();
    for _ in 0..40 {
        loud.send(request("OPTIONS", |t| t)).await;
    }
    let mut answers = 0;
    while loud.recv_within(std::time::Duration::from_millis(300)).await.is_some() {
        answers += 1;
    }
    assert!((5..=6 + begun.elapsed().as_secs()).contains(&answers), "{answers} of 40");
    assert_eq!(calm.register(&Register::new()).await.code(), 200);
}
