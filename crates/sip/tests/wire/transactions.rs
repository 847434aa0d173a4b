//! INVITE, ACK and CANCEL as transactions, and INVITEs that are malformed.

use crate::caller::Invite;
use crate::lab::{Lab, PASSWORD};
use crate::phone::{Got, Tcp, Udp};
use std::time::{Duration, Instant};

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A registrar with short timers, a caller, an INVITE with its proof, when it was sent, and the answer to it; not acknowledged. An INVITE is
/// forgotten `t4` after its ACK.
async fn answered(t4: Duration) -> (Lab, Udp, Invite, Instant, Got) {
    let change = |c: &mut sip::Config| (c.timers.t1, c.timers.t2, c.timers.t4) = (ms(40), ms(160), t4);
    let lab = Lab::with(change, Vec::new()).await;
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let phone = Udp::new(lab.address()).await;
    let invite = Invite::to("112");
    let challenge = phone.ask(invite.text()).await;
    assert!(phone.recv_within(ms(200)).await.is_none(), "a challenge is not repeated: its source is not proved");
    let invite = invite.authorized(&challenge, PASSWORD);
    let begun = Instant::now();
    let answer = phone.ask(invite.text()).await;
    assert_eq!(answer.code(), 302);
    (lab, phone, invite, begun, answer)
}

#[tokio::test]
async fn an_answer_is_repeated_until_its_ack() {
    let (_lab, phone, invite, begun, answer) = answered(ms(20_000)).await;
    for n in 1..=3 {
        assert_eq!(phone.recv().await.0, answer.0, "{n}");
    }
    assert!(begun.elapsed() >= ms(230), "after 40, 80 and 160 ms: {:?}", begun.elapsed());
    assert_eq!(phone.ask(invite.text()).await.0, answer.0, "a repeated INVITE");
    phone.send(invite.ack(&answer)).await;
    // What was under way.
    while phone.recv_within(ms(300)).await.is_some() {}
    phone.send(invite.ack(&answer)).await;
    phone.send(invite.text()).await;
    assert!(phone.recv_within(ms(220)).await.is_none(), "acknowledged: silence, also to a late INVITE");
}

#[tokio::test]
async fn an_answer_that_nobody_acknowledges_is_given_up() {
    let (_lab, phone, invite, _, answer) = answered(ms(300)).await;
    let mut count = 0;
    while let Some(got) = phone.recv_within(ms(3_000)).await {
        assert_eq!(got.0, answer.0);
        count += 1;
    }
    // 64 times 40 ms: at 40, 120, 280, then each 160 ms up to 2560 ms.
    assert!((10..=17).contains(&count), "{count}");
    assert_eq!(phone.ask(invite.text()).await.code(), 401, "the nonce's count was used: it is another transaction now");
}

#[tokio::test]
async fn a_cancel_finds_its_invite_or_nothing() {
    let (lab, phone, invite, _, answer) = answered(ms(300)).await;
    let cancel = async |from: &Udp, invite: &Invite| {
        from.send(invite.as_method("CANCEL", "", "")).await;
        loop {
            let got = from.recv().await;
            if got.header("CSeq").ends_with("CANCEL") {
                return got;
            }
        }
    };
    let ok = cancel(&phone, &invite).await;
    assert_eq!((ok.code(), ok.header("To")), (200, answer.header("To")));
    assert_eq!(cancel(&phone, &invite).await.code(), 200, "again");
    let elsewhere = Udp::at("127.0.0.2", lab.address()).await;
    assert_eq!(cancel(&elsewhere, &invite).await.code(), 481, "from another address");
    assert_eq!(cancel(&phone, &Invite::to("112")).await.code(), 481);
    phone.send(invite.ack(&answer)).await;
    let forgotten = Instant::now();
    while cancel(&phone, &invite).await.code() == 200 {
        assert!(forgotten.elapsed() < ms(20_000), "it is never forgotten");
        tokio::time::sleep(ms(50)).await;
    }
    // An ACK from elsewhere stops nothing.
    let (lab, phone, invite, _, answer) = answered(ms(300)).await;
    Udp::at("127.0.0.2", lab.address()).await.send(invite.ack(&answer)).await;
    assert_eq!(phone.recv().await.0, answer.0);
}

/// RFC 4475 §3.2.1: a branch that is the magic cookie alone names nothing.
#[tokio::test]
async fn a_branch_of_the_cookie_alone_tells_no_calls_apart() {
    let lab = Lab::start().await;
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let phone = Udp::new(lab.address()).await;
    let bare = |invite: Invite| Invite { branch: "z9hG4bK".into(), ..invite };
    let one = Invite::to("112");
    let one = bare(one.authorized(&phone.ask(one.text()).await, PASSWORD));
    let answer = phone.ask(one.text()).await;
    assert_eq!(answer.code(), 302);
    // Of the same place, to the same number, with the same CSeq; nobody proved it.
    let other = bare(Invite { from: "<sip:1001@sip.test>;tag=f2".into(), cseq: one.cseq, ..Invite::to("112") });
    let challenge = phone.ask(other.text()).await;
    assert_eq!((challenge.code(), challenge.header("Call-ID")), (401, &*other.call_id));
    // Its ACK is none for the other call; by what RFC 2543 compared each still finds its own.
    phone.send(other.ack(&challenge)).await;
    assert_eq!(phone.ask(one.text()).await.0, answer.0);
    phone.send(one.ack(&answer)).await;
    tokio::time::sleep(ms(30)).await;
    assert_eq!(phone.code_of(one.text()).await, None, "acknowledged: silence");
}

#[tokio::test]
async fn on_a_stream_an_answer_is_sent_once() {
    let lab = Lab::with(|c| (c.timers.t1, c.timers.t2) = (ms(40), ms(160)), Vec::new()).await;
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let mut phone = Tcp::new(lab.address()).await;
    let invite = Invite { via: "SIP/2.0/TCP 127.0.0.1:9;rport".into(), ..Invite::to("112") };
    let challenge = phone.ask(invite.text()).await;
    phone.send(invite.ack(&challenge)).await;
    let invite = invite.authorized(&challenge, PASSWORD);
    assert_eq!(phone.ask(invite.text()).await.code(), 302);
    assert!(phone.raw(1, ms(300)).await.is_empty());
    let cancelled = phone.ask(invite.as_method("CANCEL", "", "")).await;
    assert_eq!(cancelled.code(), 200);
}

#[tokio::test]
async fn malformed_invites_are_refused_and_calls_go_on() {
    let lab = Lab::start().await;
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    let phone = Udp::new(lab.address()).await;
    let text = Invite::to("112").text();
    for (name, from, to, code) in [
        ("a tel URI", "INVITE sip:112@sip.test", "INVITE tel:112", Some(416)),
        ("an unknown scheme", "INVITE sip:112@sip.test", "INVITE news:112", Some(416)),
        ("no host", "INVITE sip:112@sip.test", "INVITE sip:112@", Some(400)),
        ("a port beyond", "INVITE sip:112@sip.test", "INVITE sip:112@sip.test:70000", Some(400)),
        ("a space", "INVITE sip:112@sip.test", "INVITE sip:1 12@sip.test", Some(400)),
        ("the CSeq of another method", "1 INVITE", "1 REGISTER", Some(400)),
        ("no CSeq", "CSeq: 1 INVITE\r\n", "", Some(400)),
        ("no To", "To: <sip:112@sip.test>\r\n", "", Some(400)),
        ("two From", "From: ", "From: <sip:x@sip.test>;tag=1\r\nFrom: ", Some(400)),
        ("an open quote", "From: <", "From: \"open <", Some(400)),
        ("credentials that can't be read", "Max-Forwards", "Authorization: Digest x\r\nMax-Forwards", Some(400)),
        ("a body shorter than said", "Content-Length: 5", "Content-Length: 500", Some(400)),
        ("no Via", "Via: ", "X: ", None),
        ("a From that is a tel URI", "From: <sip:1001@sip.test>", "From: <tel:+1>", Some(401)),
        ("a requirement that nobody knows", "Max-Forwards", "Require: nothing\r\nProxy-Require: x\r\nMax-Forwards", Some(401)),
        ("a very long user", "INVITE sip:112@", &format!("INVITE sip:{}@", "9".repeat(9_000)), Some(401)),
    ] {
        assert!(text.contains(from), "{name}");
        let malformed = text.replacen(from, to, 1);
        let got = if code.is_some() { Some(phone.ask(malformed).await.code()) } else { phone.code_of(malformed).await };
        assert_eq!(got, code, "{name}");
    }
    // The torturous user parts of a caller that proved itself.
    for user in ["%00", "%zz", "%", ";;;", "1%0d%0aX:%20y", "%C3%28", "+++", "-", "%22%3E", &"1".repeat(4_000)] {
        let (answer, _) = phone.call(&Invite::to(user)).await;
        assert_eq!(answer.code(), 404, "{user}");
        assert!(answer.all("X").is_empty());
    }
    assert_eq!(phone.call(&Invite::to("112")).await.0.code(), 302);
}
