//! Programs that are measured: a folder of their own, their processor time, and an end when they are dropped.

use crate::cmd::{At, Done, Failed, create_dir};
use std::{
    fs,
    net::UdpSocket,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A folder under cargo's target that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Done<Self> {
        let path = crate::paths::target().join(format!("bench-{name}-{}", std::process::id()));
        create_dir(&path)?;
        Ok(Self(path.canonicalize().at(&path)?))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program and what it started; told to end when it is dropped.
pub struct Program(Child);

impl Program {
    /// Its output goes to `log`.
    pub fn start(command: &mut Command, log: &Path) -> Done<Self> {
        let file = fs::File::create(log).at(log)?;
        let second = file.try_clone().at(log)?;
        let child = command.stdin(Stdio::null()).stdout(file).stderr(second).spawn().map_err(|e| Failed::new(e.to_string()))?;
        Ok(Self(child))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Processor seconds, of its children too.
    pub fn cpu(&self) -> f64 {
        let own = self.id();
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let ticks: u64 = ids.filter_map(stat).filter(|(id, parent, _)| *id == own || *parent == own).map(|(.., ticks)| ticks).sum();
        ticks as f64 / 100.0
    }
}

/// A process, its parent, and its ticks (of 1/100 s) so far.
fn stat(id: u32) -> Option<(u32, u32, u64)> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before may hold anything.
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    Some((id, fields.get(1)?.parse().ok()?, fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?))
}

impl Drop for Program {
    fn drop(&mut self) {
        // Kamailio's children end with it only when it is asked.
        let _ = Command::new("kill").arg(self.id().to_string()).status();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(8) {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port of loopback that is free for UDP.
pub fn free_port() -> Done<u16> {
    let socket = UdpSocket::bind("127.0.0.1:0").map_err(|e| Failed::new(e.to_string()))?;
    Ok(socket.local_addr().map_err(|e| Failed::new(e.to_string()))?.port())
}

/// What a datagram is answered with, if it is.
pub fn ask(port: u16, bytes: &[u8], wait: Duration) -> Option<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").ok()?;
    socket.set_read_timeout(Some(wait)).ok()?;
    socket.send_to(bytes, ("127.0.0.1", port)).ok()?;
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(&mut buffer).ok()?;
    buffer.truncate(length);
    Some(buffer)
}

/// Waits until a registrar answers OPTIONS, for half a minute.
pub fn until_it_answers(port: u16, log: &Path) -> Done {
    let options = b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKup\r\nFrom: <sip:a@b.test>;tag=1\r\nTo: <sip:a@b.test>\r\nCall-ID: up\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    for _ in 0..100 {
        if ask(port, options, Duration::from_millis(300)).is_some() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(Failed::new(format!("it does not start: {}", fs::read_to_string(log).unwrap_or_default())))
}
