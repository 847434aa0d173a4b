//! `bench torture`: the messages of RFC 4475, ours beside Kamailio, into `docs/TORTURE.md`. Fails where ours is not as the RFC says and Kamailio's is.
//!
//! What is expected stands in `crates/sip/tests/torture/expected.txt`. Where the RFC's own message lies in `../shared/lab/rfc4475` it is sent,
//! else ours, made after its section.

use super::{
    Engine,
    kamailio::{self, Kamailio},
    messages::{self, Message},
    ours::{self, Ours},
    process,
};
use crate::{
    bench::Build,
    cmd::{Done, Failed, write},
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

pub fn bench() -> Done {
    if !Kamailio::present() {
        return Err(Failed::new("the table wants Kamailio: apt-get install kamailio kamailio-sqlite-modules sqlite3"));
    }
    ours::build(Build::Debug)?;
    let messages = messages::all()?;
    let folder = process::Folder::new("torture")?;
    ours::fill(Build::Debug, folder.path(), REALM, 10)?;
    kamailio::fill(folder.path(), 10)?;
    let socket = UdpSocket::bind(FROM).map_err(|e| Failed::new(format!("{FROM}: {e}")))?;
    let own = answers(&Ours::start(Build::Debug, folder.path())?, &socket, &messages)?;
    let peer = answers(&Kamailio::start(folder.path())?, &socket, &messages)?;
    let (mut table, mut worse) = (String::new(), Vec::new());
    for (message, (own, peer)) in messages.iter().zip(own.into_iter().zip(peer)) {
        let said = |code: Option<u16>| {
            let code_or_silence = code.map_or("–".into(), |code| code.to_string());
            if message.allows(code) { code_or_silence } else { format!("**{code_or_silence}**") }
        };
        let star = if message.original { "" } else { "\\*" };
        let expected = message.answers.join(" or ").replace("silent", "–").replace("4xx-6xx", "4xx–6xx");
        let (name, section, odd) = (&message.name, &message.section, &message.odd);
        let _ = writeln!(table, "| {name}{star} | {section} | {odd} | {expected} | {} | {} |", said(own), said(peer));
        if !message.allows(own) && message.allows(peer) {
            worse.push(message.name.clone());
        }
    }
    let file = paths::root().join("docs/TORTURE.md");
    write(&file, head(&messages) + &table)?;
    println!("{table}\nxtask: {}", file.display());
    if worse.is_empty() {
        Ok(())
    } else {
        Err(Failed::new(format!("Kamailio answers as the RFC says, and we do not: {}", worse.join(", "))))
    }
}

/// What stands above the table.
fn head(messages: &[Message]) -> String {
    let original = messages.iter().filter(|message| message.original).count();
    format!(
        "\
# The torture messages of RFC 4475

Made by `cargo xtask bench torture` in one run: {} messages over UDP to Seatline and to Kamailio 5.6.3 as Debian ships it, with its sanity checks on (`xtask/bench/sip/kamailio.cfg`),
both a registrar and redirect server of `example.com`. An answer counts when it has the message's Call-ID and CSeq. “accept”: the request is understood, so any final answer but
400, 413, 414, 416, 420, 500, 501, 505 or 513 (mostly 200 or a challenge); – is silence; bold is not what the RFC asks for. The {} messages with a star are ours, made after their section; the
other {original} are the RFC's own. What comes after the challenge, where a section asks for more, is tested in `crates/sip/tests/wire/torture.rs`.

| Message | Section | What is odd | RFC 4475 | Seatline | Kamailio |
|---|---|---|---|---|---|
",
        messages.len(),
        messages.len() - original,
    )
}

/// The code that answers each message; none is silence.
fn answers(engine: &impl Engine, socket: &UdpSocket, messages: &[Message]) -> Done<Vec<Option<u16>>> {
    let failed = |e: std::io::Error| Failed::new(e.to_string());
    let mut codes = Vec::new();
    for message in messages {
        socket.send_to(&message.bytes, ("127.0.0.1", engine.port())).map_err(failed)?;
        codes.push(answer(socket, message)?);
        // Whatever came, it goes on.
        process::until_it_answers(engine.port(), std::path::Path::new("/dev/null"))
            .map_err(|_| Failed::new(format!("{} is gone after {}", engine.name(), message.name)))?;
    }
    Ok(codes)
}

/// The first final answer to the message; what comes late to another is none.
fn answer(socket: &UdpSocket, message: &Message) -> Done<Option<u16>> {
    let (begun, mut buffer) = (Instant::now(), vec![0; 65_536]);
    let mut code = None;
    while begun.elapsed() < WAIT {
        socket.set_read_timeout(Some(Duration::from_millis(100))).map_err(|e| Failed::new(e.to_string()))?;
        let Ok(length) = socket.recv(&mut buffer) else { continue };
        let text = String::from_utf8_lossy(&buffer[..length]);
        let said = text.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3)?.parse::<u16>().ok());
        code = code.or(said.filter(|code| *code >= 200 && message.is_answered_by(&buffer[..length])));
    }
    Ok(code)
}
