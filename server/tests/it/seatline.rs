//! A running server of its own: own data folder, own ports, ended with its test.

use crate::client::{Answer, ask};
use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What does not start or end within this hangs.
const LONGEST: Duration = Duration::from_mins(1);

/// The binary with a clean environment: no option of the developer's shell reaches it.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatline"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SEATLINE_")) {
        command.env_remove(name);
    }
    command.env("SEATLINE_DATA", data).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end, which must come within a minute.
pub fn output(command: &mut Command) -> Output {
    finished(command.spawn().unwrap())
}

/// The same of one that runs; what it says must fit into a pipe.
pub fn finished(mut child: Child) -> Output {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > LONGEST {
            child.kill().unwrap();
            panic!("it did not end: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

/// Held by the flood, which wants all of the machine, and by those who look at a second.
pub static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Held by whoever changes this process's own limit of open files, which a server begins with.
#[cfg(target_os = "linux")]
pub static OPEN_FILES: std::sync::Mutex<()> = std::sync::Mutex::new(());

pub struct Seatline {
    child: Child,
    pub pages: SocketAddr,
    /// What it printed before it served.
    pub said: String,
    /// What it prints afterwards, by lines.
    pub more: std::sync::mpsc::Receiver<String>,
    pub data: TempDir,
}

impl Seatline {
    pub fn start(options: &[&str]) -> Self {
        Self::start_with(options, &[])
    }

    pub fn start_with(options: &[&str], environment: &[(&str, &Path)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options, environment)
    }

    /// One that says everything it has to say, into the file `log`.
    pub fn start_talking(log: &Path) -> Self {
        let mut command = command(log.parent().unwrap());
        command.args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--log", "trace"]);
        command.stderr(std::fs::File::create(log).unwrap());
        Self::up(command, tempfile::tempdir().unwrap())
    }

    /// Ends it, and starts it anew on the same data.
    pub fn restarted(mut self, options: &[&str]) -> Self {
        self.terminate();
        assert_eq!(self.wait(LONGEST), Some(0));
        self.anew(options)
    }

    /// Kills it, so that it can write nothing any more, and starts it anew on the same data.
    pub fn killed(mut self, options: &[&str]) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.anew(options)
    }

    fn anew(&mut self, options: &[&str]) -> Self {
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        Self::start_in(data, options, &[])
    }

    fn start_in(data: TempDir, options: &[&str], environment: &[(&str, &Path)]) -> Self {
        let mut command = command(data.path());
        command.args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--log", "warn"]).args(options);
        command.envs(environment.iter().copied()).stderr(Stdio::inherit());
        Self::up(command, data)
    }

    fn up(mut command: Command, data: TempDir) -> Self {
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        // The pipe stays read, so that the server never waits for us.
        let (later, more) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = later.send(line);
            }
        });
        let (start, mut said) = (Instant::now(), String::new());
        while !said.contains("\n  data ") {
            match more.recv_timeout(LONGEST.saturating_sub(start.elapsed())) {
                Ok(line) => said.extend([&line, "\n"]),
                Err(why) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    panic!("it does not start ({why}): {said}");
                }
            }
        }
        let pages = said.lines().find_map(|line| line.trim().strip_prefix("pages ")).expect("says where the pages are");
        let pages = pages.trim().split("//").nth(1).unwrap().parse().unwrap();
        Self { child, pages, said, more, data }
    }

    /// One request on a connection of its own.
    pub fn ask(&self, request: &str) -> Answer {
        ask(self.pages, request)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.pages))
    }

    /// Makes an account and its admin by the commands, and signs in: the account's id and the cookie.
    pub fn signed_in(&self) -> (String, String) {
        for arguments in [&["account", "add", "First", "first.test"][..], &["operator", "add", "ada"]] {
            let mut child = command(self.data.path()).args(arguments).stdin(Stdio::piped()).spawn().unwrap();
            let _ = child.stdin.take().unwrap().write_all(b"a long enough password\n");
            assert!(finished(child).status.success());
        }
        self.sign_in("ada", "a long enough password")
    }

    /// Signs in: the first account's id and the cookie.
    pub fn sign_in(&self, name: &str, password: &str) -> (String, String) {
        let entered = self.post("/api/sign_in", &serde_json::json!({ "name": name, "password": password }).to_string());
        assert_eq!(entered.status, 200, "{}", entered.text());
        let me: serde_json::Value = serde_json::from_slice(&entered.body).unwrap();
        let cookie = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        (me["accounts"][0]["id"].as_str().unwrap().to_owned(), cookie)
    }

    /// A call of a server function, as a page of this server sends it.
    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.post_with(path, body, "")
    }

    /// The same with more header lines, each with its end.
    pub fn post_with(&self, path: &str, body: &str, headers: &str) -> Answer {
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n\
             accept: application/json\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            self.pages,
            body.len()
        ))
    }

    /// How many files it may have open, and may at most allow itself.
    #[cfg(target_os = "linux")]
    pub fn open_files(&self) -> (u64, u64) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
        let mut both = line.split_whitespace().map(|n| n.parse().unwrap_or(u64::MAX));
        (both.next().unwrap(), both.next().unwrap())
    }

    /// Its resident memory in kB.
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
