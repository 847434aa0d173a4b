//! The torture messages of RFC 4475 and a script of malformed datagrams, where they lie beside the repository; after each a REGISTER works.

use crate::caller::Invite;
use crate::lab::{Lab, PASSWORD, USER};
use crate::phone::{Got, Register, Tcp, Udp, authorization};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Inputs that are no part of the repository.
pub fn lab_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lab")
}

/// Where the table and the messages of ours lie.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture")
}

/// Codes by which a request is refused before anybody asks what it wants.
const NOT_UNDERSTOOD: [u16; 9] = [400, 413, 414, 416, 420, 500, 501, 505, 513];

/// All values of a header in a message, unfolded, blanks taken together.
fn values(message: &[u8], names: &[&str]) -> Vec<String> {
    let text = String::from_utf8_lossy(message).replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = text.lines().skip(1).take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let named = lines.filter(|(name, _)| names.iter().any(|n| name.trim().eq_ignore_ascii_case(n)));
    named.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// One message of RFC 4475 and what may answer it; the table at `tests/torture/expected.txt`.
struct Torture {
    name: String,
    answers: Vec<String>,
    bytes: Vec<u8>,
}

impl Torture {
    /// A message of ours.
    fn own(name: &str) -> Option<Vec<u8>> {
        let file = std::fs::read(folder().join(format!("{name}.sip"))).ok()?;
        Some(file.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]))
    }

    /// Every section's message: the RFC's own where it lies beside the repository, else ours made after it.
    fn all() -> Vec<Self> {
        let table = std::fs::read_to_string(folder().join("expected.txt")).expect("the table");
        let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(" | ").collect::<Vec<_>>());
        rows.filter_map(|row| {
            let original = std::fs::read(lab_folder().join("rfc4475").join(format!("{}.dat", row[0]))).ok();
            let bytes = original.or_else(|| Self::own(row[0]))?;
            Some(Self { name: row[0].into(), answers: row[2].split(", ").map(str::to_owned).collect(), bytes })
        })
        .collect()
    }

    /// Whether an answer is one to this: Call-ID and `CSeq` come back as they were sent, but for blanks.
    fn is_answered_by(&self, answer: &[u8]) -> bool {
        [&["call-id", "i"][..], &["cseq"]].into_iter().all(|names| {
            let sent = values(&self.bytes, names);
            sent.is_empty() || values(answer, names).first().is_some_and(|echo| sent.contains(echo))
        })
    }

    /// Whether this is what the RFC asks for.
    fn allows(&self, code: Option<u16>) -> bool {
        self.answers.iter().any(|answer| match (answer.as_str(), code) {
            ("silent", code) => code.is_none(),
            ("accept", code) => code.is_some_and(|code| code >= 200 && !NOT_UNDERSTOOD.contains(&code)),
            ("4xx-6xx", code) => code.is_some_and(|code| code >= 400),
            (wanted, code) => wanted.parse().ok() == code,
        })
    }
}

#[tokio::test]
async fn the_torture_messages_of_rfc_4475_are_survived_and_answered() {
    let messages = Torture::all();
    assert!(messages.len() >= 26, "{}", messages.len());
    if messages.len() < 50 {
        eprintln!("left out: {} messages of RFC 4475, which do not lie beside the repository", 50 - messages.len());
    }
    let lab = Lab::start().await;
    let mut wrong = Vec::new();
    for message in &messages {
        let mut bytes = message.bytes.clone();
        // Their Via asks for answers at port 6060; from behind a NAT they come back here.
        while let Some(at) = bytes.windows(14).position(|w| w == b"127.0.0.1:6060") {
            bytes[at..at + 9].copy_from_slice(b"127.9.9.9");
        }
        let phone = Udp::new(lab.address()).await;
        phone.send(&bytes).await;
        let wait = Duration::from_millis(if message.allows(None) { 200 } else { 10_000 });
        let code = phone.recv_within(wait).await.map(|got| {
            assert!(message.is_answered_by(got.0.as_bytes()), "{}: {}", message.name, got.0);
            got.code()
        });
        if !message.allows(code) {
            wrong.push(format!("{}: {code:?}, not {:?}", message.name, message.answers));
        }
        assert_eq!(phone.register(&Register::new()).await.code(), 200, "after {}", message.name);
        let mut stream = Tcp::new(lab.address()).await;
        stream.send(&bytes).await;
        stream.raw(1, Duration::from_millis(30)).await;
        assert_eq!(Tcp::new(lab.address()).await.register(&Register::new().tcp()).await.code(), 200, "after {} on TCP", message.name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rows that are to succeed: what their section asks of the answer to the proof, and of what is bound then.
#[tokio::test]
async fn contacts_of_the_torture_messages_are_bound_as_they_were_meant() {
    for (name, user, bound) in [
        ("cparam01", "desk", &["sip:+12145550123@127.0.0.1:6060"][..]),
        ("cparam02", "desk", &["sip:+12145550123@127.0.0.1:6060;unknownparam"]),
        ("regescrt", "desk", &["sip:desk@example.com?Route=%3Csip:sip.example.com%3E"]),
        ("escnull", "null-\0-desk", &["sip:%00@127.0.0.1:6060", "sip:%00%00@127.0.0.1:6060"]),
    ] {
        let lab = Lab::start().await;
        // No digest can carry a username with a zero byte: its address proves it.
        lab.phones.add_source(user, &["127.0.0.1"]);
        lab.phones.change(user, |r| r.realm = "example.com".into());
        if user == "desk" {
            lab.phones.move_to(user, "example.com", PASSWORD);
        }
        let phone = Udp::new(lab.address()).await;
        let text = String::from_utf8(Torture::own(name).expect("a message of ours")).expect("text");
        // Its answer comes back here, as from behind a NAT.
        let text = text.replace("UDP 127.0.0.1:6060", "UDP 127.9.9.9:6060");
        let first = phone.ask(&text).await;
        assert_eq!(first.code(), if user == "desk" { 401 } else { 200 }, "{name}");
        let cseq = values(text.as_bytes(), &["cseq"])[0].clone();
        let number: u32 = cseq.strip_suffix(" REGISTER").expect("a REGISTER").parse().expect("a number");
        let again = |text: &str, nc: u32| {
            let proof = first
                .all("WWW-Authenticate")
                .into_iter()
                .map(|challenge| authorization(challenge, "REGISTER", "sip:example.com", (user, PASSWORD), &format!("{nc:08}")) + "\r\n");
            let headers = format!("{}CSeq: {} REGISTER", proof.collect::<String>(), number + nc);
            text.replace(&format!("CSeq: {cseq}"), &headers).replace("branch=z9hG4bK", &format!("branch=z9hG4bK{nc}"))
        };
        let uris = |got: &Got| -> Vec<String> {
            let mut all = got.all("Contact");
            all.sort_by_key(|contact| contact.len());
            all.iter().map(|c| c.strip_prefix('<').and_then(|c| c.split_once(">;expires=")).expect("bound").0.to_owned()).collect()
        };
        let answer = phone.ask(again(&text, 1)).await;
        assert_eq!((answer.code(), uris(&answer)), (200, bound.iter().map(|b| (*b).to_owned()).collect()), "{name}: {answer:?}");
        assert!(!answer.0.contains("unknownparam") || name == "cparam02", "{answer:?}");
        let fetch: String = text.split_inclusive("\r\n").filter(|l| !l.starts_with("Contact:") && !l.starts_with("M:")).collect();
        let fetched = phone.ask(again(&fetch, 2)).await;
        assert_eq!((fetched.code(), uris(&fetched)), (200, uris(&answer)), "{name}: {fetched:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_of_malformed_datagrams_is_survived() {
    let script = lab_folder().join("poke.py");
    if !script.is_file() {
        eprintln!("left out: poke.py, which does not lie beside the repository");
        return;
    }
    let lab = Lab::start().await;
    let mut poke = Command::new("python3");
    poke.arg(&script).arg(lab.address().port().to_string());
    let Ok(output) = tokio::task::spawn_blocking(move || poke.output()).await.expect("joined") else {
        eprintln!("left out: poke.py, for want of python3");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.lines().count() >= 30, "{text}{}", String::from_utf8_lossy(&output.stderr));
    for line in text.lines().filter(|l| l.starts_with("baseline")) {
        assert!(line.ends_with("SIP/2.0 401 Unauthorized"), "{line}");
    }
    let silent: Vec<&str> = text.lines().filter(|l| l.ends_with("(no answer)")).map(|l| l.split("  ").next().unwrap_or(l)).collect();
    assert_eq!(silent, ["Via garbage", "no Via", "4 KiB random"], "{text}");
    assert_eq!(Udp::new(lab.address()).await.register(&Register::new()).await.code(), 200);
}

#[tokio::test]
async fn a_storm_of_broken_messages_changes_nothing() {
    let lab = Lab::start().await;
    // A gateway needs no password: its calls get as far as can be.
    lab.phones.add_source("gateway", &["127.0.0.1"]);
    lab.phones.carrier("North", "sip:north.test", 10, &[]);
    lab.phones.seat("200", &[USER]);
    let phone = Udp::new(lab.address()).await;
    let calls = ["200", "gateway", "+12234567890"].map(|called| Invite::to(called).by("gateway").text());
    let messages = [vec![Register::new().text()], calls.to_vec()].concat();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for round in 0..2_000 {
        let mut bytes = messages[round % messages.len()].clone().into_bytes();
        for _ in 0..=random(6) {
            match random(4) {
                0 => {
                    let at = random(bytes.len());
                    bytes[at] = random(256) as u8;
                }
                1 => bytes.truncate(1 + random(bytes.len())),
                2 => bytes.insert(random(bytes.len()), [b'\r', b'\n', b'"', b'<', b'>', b',', b';', b':', 0, 0xff][random(10)]),
                _ => {
                    let from = random(bytes.len());
                    let piece = bytes[from..].to_vec();
                    bytes.extend(piece);
                }
            }
            bytes.truncate(8_000);
        }
        phone.send(&bytes).await;
        if round % 20 == 0 {
            while phone.recv_within(Duration::from_millis(2)).await.is_some() {}
        }
    }
    while phone.recv_within(Duration::from_millis(100)).await.is_some() {}
    let later = Udp::at("127.0.0.9", lab.address()).await;
    assert_eq!(later.register(&Register::new()).await.code(), 200);
    assert_eq!(lab.engine.all_bindings().len(), 1);
}
