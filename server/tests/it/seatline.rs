//! A running server of its own: own data folder, own ports, ended with its test.

use crate::client::{Answer, ask};
use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The binary with a clean environment: no option of the developer's shell reaches it.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatline"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SEATLINE_")) {
        command.env_remove(name);
    }
    command.env("SEATLINE_DATA", data).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end, which must come within ten seconds.
pub fn output(command: &mut Command) -> Output {
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            panic!("it did not end: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

pub struct Seatline {
    child: Child,
    pub pages: SocketAddr,
    /// What it printed before it served.
    pub said: String,
    pub data: TempDir,
}

impl Seatline {
    pub fn start(options: &[&str]) -> Self {
        Self::start_with(options, &[])
    }

    pub fn start_with(options: &[&str], environment: &[(&str, &Path)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut command = command(data.path());
        command.args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--log", "warn"]).args(options);
        command.envs(environment.iter().copied()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("\n  data ") {
            assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended early: {said}");
        }
        // The pipe stays read, so that the server never waits for us.
        std::thread::spawn(move || out.read_to_string(&mut String::new()));
        let pages = said.lines().find_map(|line| line.trim().strip_prefix("pages ")).expect("says where the pages are");
        let pages = pages.trim().split("//").nth(1).unwrap().parse().unwrap();
        Self { child, pages, said, data }
    }

    /// One request on a connection of its own.
    pub fn ask(&self, request: &str) -> Answer {
        ask(self.pages, request)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.pages))
    }

    /// What it has in memory, in kB.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Tells it to end.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Its exit code, once it ended by itself.
    pub fn wait(&mut self, most: Duration) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < most {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Seatline {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
