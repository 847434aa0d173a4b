//! `cargo xtask run` as a newcomer types it: it builds, serves pages with the browser's files inside, and ends when it is told to. Then the
//! binary alone, as it is carried to another machine.

use crate::{
    cmd::{Done, Failed, cargo},
    paths,
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub fn check() -> Done {
    let data = paths::target().join("tmp").join(format!("run-{}", std::process::id()));
    let mut command = cargo();
    command.args(["xtask", "run", "--demo", "--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--data"]).arg(&data);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|e| Failed::new(e.to_string()))?;
    let looked = watched(&mut child, look);
    let _ = std::fs::remove_dir_all(&data);
    looked?;
    let folder = std::env::temp_dir().join(format!("seatline-alone-{}", std::process::id()));
    let served = alone(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    served
}

/// The binary in a folder where nothing else is: what it serves is inside it.
fn alone(folder: &Path) -> Done {
    let lost = |e: std::io::Error| Failed::new(format!("{}: {e}", folder.display()));
    let name = format!("seatline{}", std::env::consts::EXE_SUFFIX);
    std::fs::create_dir(folder).map_err(lost)?;
    std::fs::copy(paths::target().join("release").join(&name), folder.join(&name)).map_err(lost)?;
    let mut command = Command::new(folder.join(&name));
    command.args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--data", "data"]).current_dir(folder);
    command.env_remove("SEATLINE_SITE").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(lost)?;
    watched(&mut child, |child| {
        let pages = address(child)?;
        let page = get(pages, "/setup", "identity")?;
        for end in [".css", ".wasm"] {
            let file = page.split('"').find(|part| part.starts_with("/pkg/") && part.ends_with(end));
            packed(pages, file.ok_or_else(|| Failed::new(format!("its page names no file {end}")))?)?;
        }
        Ok(())
    })
}

/// Looks at what it serves, and ends it.
fn watched(child: &mut Child, look: impl FnOnce(&mut Child) -> Done) -> Done {
    let looked = look(child);
    let ended = end(child);
    looked.and(ended)
}

/// Where its pages are, as it says.
fn address(child: &mut Child) -> Done<SocketAddr> {
    let out = BufReader::new(child.stdout.take().ok_or_else(|| Failed::new("it has no output"))?);
    let pages = out.lines().map_while(Result::ok).find_map(|line| line.trim().strip_prefix("pages   http://").map(str::to_owned));
    pages.and_then(|pages| pages.parse().ok()).ok_or_else(|| Failed::new("it ended without an address"))
}

fn look(child: &mut Child) -> Done {
    let pages = address(child)?;
    let sign_in = get(pages, "/sign-in", "identity")?;
    let file = sign_in.split('"').find(|part| part.starts_with("/pkg/")).ok_or_else(|| Failed::new("its page names no file"))?;
    packed(pages, file)
}

/// The file is there, packed by brotli, and more than nothing.
fn packed(server: SocketAddr, path: &str) -> Done {
    let answer = get(server, path, "br")?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.starts_with("HTTP/1.1 200") && head.lines().any(|line| line == "content-encoding: br") && !body.is_empty() {
        Ok(())
    } else {
        Err(Failed::new(format!("{path}: {head}")))
    }
}

fn get(server: SocketAddr, path: &str, coding: &str) -> Done<String> {
    let lost = |e: std::io::Error| Failed::new(format!("{path}: {e}"));
    let mut stream = TcpStream::connect(server).map_err(lost)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(lost)?;
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nhost: {server}\r\naccept-encoding: {coding}\r\nconnection: close\r\n\r\n").as_bytes())
        .map_err(lost)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(lost)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Ends it by its id: it took the place of what was started.
fn end(child: &mut Child) -> Done {
    let told = Command::new("kill").arg(child.id().to_string()).status();
    let start = Instant::now();
    while told.is_ok() && start.elapsed() < Duration::from_secs(15) {
        if let Ok(Some(status)) = child.try_wait() {
            return if status.success() { Ok(()) } else { Err(Failed::new(format!("it ended with {status}"))) };
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = child.kill();
    Err(Failed::new("it did not end when it was told to"))
}
