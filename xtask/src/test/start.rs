//! `cargo xtask run` as a newcomer types it: it builds, serves pages with the browser's files inside, and ends when it is told to.

use crate::{
    cmd::{Done, Failed, cargo},
    paths,
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub fn check() -> Done {
    let data = paths::target().join("tmp").join(format!("run-{}", std::process::id()));
    let mut command = cargo();
    command.args(["xtask", "run", "--demo", "--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--data"]).arg(&data);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|e| Failed::new(e.to_string()))?;
    let looked = look(&mut child);
    let ended = end(&mut child);
    let _ = std::fs::remove_dir_all(&data);
    looked.and(ended)
}

fn look(child: &mut Child) -> Done {
    let out = BufReader::new(child.stdout.take().ok_or_else(|| Failed::new("it has no output"))?);
    let pages = out.lines().map_while(Result::ok).find_map(|line| line.trim().strip_prefix("pages   http://").map(str::to_owned));
    let pages: SocketAddr = pages.and_then(|pages| pages.parse().ok()).ok_or_else(|| Failed::new("it ended without an address"))?;
    let sign_in = get(pages, "/sign-in")?;
    let file = sign_in.split('"').find(|part| part.starts_with("/pkg/")).ok_or_else(|| Failed::new("its page names no file"))?;
    let answer = get(pages, file)?;
    if answer.starts_with("HTTP/1.1 200") {
        Ok(())
    } else {
        Err(Failed::new(format!("{file}: {}", answer.lines().next().unwrap_or_default())))
    }
}

fn get(server: SocketAddr, path: &str) -> Done<String> {
    let lost = |e: std::io::Error| Failed::new(format!("{path}: {e}"));
    let mut stream = TcpStream::connect(server).map_err(lost)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(lost)?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n").as_bytes()).map_err(lost)?;
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
