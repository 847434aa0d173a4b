//! `bench torture`: the messages of RFC 4475, ours beside Kamailio, into `docs/TORTURE.md`. Fails where ours is not as the RFC says and Kamailio's is.
//!
//! What is expected stands in `crates/sip/tests/torture/expected.txt`. Where the RFC's own message lies in `../shared/lab/rfc4475` it is sent,
//! else ours, made after its section.

use super::{
    Engine,
    kamailio::{self, Kamailio},
    ours::{self, Ours},
    process,
};
use crate::{
    bench::beside,
    cmd::{At, Done, Failed, read, write},
    paths,
};
use std::{
    fmt::Write as _,
    net::UdpSocket,
    time::{Duration, Instant},
};

/// Where the messages come from, as their Via says.
const FROM: &str = "127.0.0.1:6060";
/// What they are addressed to.
const REALM: &str = "example.com";
/// An answer from loopback comes at once or not at all.
const WAIT: Duration = Duration::from_millis(700);

struct Message {
    name: String,
    section: String,
    answers: Vec<String>,
    odd: String,
    bytes: Vec<u8>,
    /// The RFC's own.
    original: bool,
}

impl Message {
    /// Whether the RFC allows an answer; none is silence.
    fn allows(&self, code: Option<u16>) -> bool {
        self.answers.iter().any(|answer| match (answer.as_str(), code) {
            ("silent", code) => code.is_none(),
            ("accept", code) => code.is_some_and(|code| code >= 200 && ![400, 500, 501, 505].contains(&code)),
            (wanted, code) => wanted.parse().ok() == code,
        })
    }
}

pub fn bench() -> Done {
    if !Kamailio::present() {
        return Err(Failed::new("the table wants Kamailio: apt-get install kamailio kamailio-sqlite-modules sqlite3"));
    }
    ours::build()?;
    let messages = messages()?;
    let folder = process::Folder::new("torture")?;
    ours::fill(folder.path(), REALM, 10)?;
    kamailio::fill(folder.path(), 10)?;
    let socket = UdpSocket::bind(FROM).map_err(|e| Failed::new(format!("{FROM}: {e}")))?;
    let own = answers(&Ours::start(folder.path())?, &socket, &messages)?;
    let peer = answers(&Kamailio::start(folder.path())?, &socket, &messages)?;
    let (mut table, mut worse) = (String::new(), Vec::new());
    for (message, (own, peer)) in messages.iter().zip(own.into_iter().zip(peer)) {
        let said = |code: Option<u16>| {
            let code_or_silence = code.map_or("–".into(), |code| code.to_string());
            if message.allows(code) { code_or_silence } else { format!("**{code_or_silence}**") }
        };
        let star = if message.original { "" } else { "\\*" };
        let expected = message.answers.join(" or ").replace("silent", "–");
        let (name, section, odd) = (&message.name, &message.section, &message.odd);
        let _ = writeln!(table, "| {name}{star} | {section} | {odd} | {expected} | {} | {} |", said(own), said(peer));
        if !message.allows(own) && message.allows(peer) {
            worse.push(message.name.clone());
        }
    }
    let file = paths::root().join("docs/TORTURE.md");
    write(&file, format!("{HEAD}{table}"))?;
    println!("{table}\nxtask: {}", file.display());
    if worse.is_empty() {
        Ok(())
    } else {
        Err(Failed::new(format!("Kamailio answers as the RFC says, and we do not: {}", worse.join(", "))))
    }
}

const HEAD: &str = "\
# The torture messages of RFC 4475

Made by `cargo xtask bench torture` in one run: over UDP to Seatline and to Kamailio 5.6.3 as Debian ships it, with its sanity checks on (`xtask/bench/sip/kamailio.cfg`),
both a registrar and redirect server of `example.com`. “accept”: well formed, so anything but 400, 500, 501 or 505 (mostly 200 or a challenge); – is silence; bold is not what the RFC asks for. Messages with
a star are ours, made after their section; the others are the RFC's own.

| Message | Section | What is odd | RFC 4475 | Seatline | Kamailio |
|---|---|---|---|---|---|
";

fn messages() -> Done<Vec<Message>> {
    let folder = paths::root().join("crates/sip/tests/torture");
    let (text, lab) = (read(&folder.join("expected.txt"))?, beside("shared/lab/rfc4475"));
    let mut messages = Vec::new();
    for line in String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with('#')) {
        let [name, section, answers, odd] = line.split(" | ").collect::<Vec<_>>()[..] else {
            return Err(Failed::new(format!("expected.txt: {line}")));
        };
        let original = lab.as_ref().and_then(|lab| std::fs::read(lab.join(format!("{name}.dat"))).ok());
        let own = folder.join(format!("{name}.sip"));
        let (original, bytes) = match original {
            Some(bytes) => (true, bytes),
            None if own.is_file() => (false, std::fs::read_to_string(&own).at(&own)?.replace('\n', "\r\n").into_bytes()),
            None => {
                println!("left out: {name}, which does not lie in ../shared/lab/rfc4475");
                continue;
            }
        };
        let answers = answers.split(", ").map(str::to_owned).collect();
        messages.push(Message { name: name.into(), section: section.into(), answers, odd: odd.into(), bytes, original });
    }
    Ok(messages)
}

/// The code that answers each message; none is silence.
fn answers(engine: &impl Engine, socket: &UdpSocket, messages: &[Message]) -> Done<Vec<Option<u16>>> {
    let failed = |e: std::io::Error| Failed::new(e.to_string());
    let mut codes = Vec::new();
    for message in messages {
        socket.send_to(&message.bytes, ("127.0.0.1", engine.port())).map_err(failed)?;
        codes.push(answer(socket)?);
        // Whatever came, it goes on.
        process::until_it_answers(engine.port(), std::path::Path::new("/dev/null"))
            .map_err(|_| Failed::new(format!("{} is gone after {}", engine.name(), message.name)))?;
    }
    Ok(codes)
}

fn answer(socket: &UdpSocket) -> Done<Option<u16>> {
    let (begun, mut buffer) = (Instant::now(), vec![0; 65_536]);
    let mut code = None;
    while begun.elapsed() < WAIT {
        socket.set_read_timeout(Some(Duration::from_millis(100))).map_err(|e| Failed::new(e.to_string()))?;
        let Ok(length) = socket.recv(&mut buffer) else { continue };
        let text = String::from_utf8_lossy(&buffer[..length]);
        let said = text.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3)?.parse::<u16>().ok());
        code = code.or(said.filter(|code| *code >= 200));
    }
    Ok(code)
}
