//! `SIPp`, registering all users in turn.

use super::{PASSWORD, REALM, USERS, process, source};
use crate::cmd::{Done, Failed, read, write};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Registrations under way at a time. With few each side waits for the other; with too many some are repeated.
pub const AT_ONCE: [u32; 4] = [50, 100, 200, 400];
/// Bytes of its own buffers: with those that it takes by itself it loses answers where more than sixty registrations are under way.
const BUFFER: &str = "4000000";
/// Where the rate is not what is measured.
const FEW: u32 = AT_ONCE[0];

pub struct Sipp {
    folder: PathBuf,
}

#[derive(Clone, Copy)]
pub enum Scenario {
    /// One contact.
    One { at_once: u32 },
    /// Ten, at a rate that a disk can follow: else what waits to be written is measured with it.
    Ten,
    /// Ten, as fast as it goes.
    TenFast,
}

pub struct Run {
    pub rate: f64,
    pub failed: u64,
    /// Requests that it sent again.
    pub repeated: u64,
}

impl Sipp {
    pub fn new(folder: &Path) -> Done<Self> {
        let mut users = "SEQUENTIAL\n".to_owned();
        for n in 0..USERS {
            let _ = writeln!(users, "u{n:06};{REALM};[authentication username=u{n:06} password={PASSWORD}]");
        }
        write(&folder.join("users.csv"), users)?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub fn run(&self, scenario: Scenario, port: u16, calls: u32) -> Done<Run> {
        let (file, rate, at_once) = match scenario {
            Scenario::One { at_once } => ("register.xml", "100000", at_once),
            Scenario::Ten => ("register10.xml", "300", FEW),
            Scenario::TenFast => ("register10.xml", "100000", FEW),
        };
        let (own, statistics) = (process::free_port()?, self.folder.join("statistics.csv"));
        let mut command = Command::new("sipp");
        command.arg("-sf").arg(source().join(file)).args(["-inf", "users.csv", "-i", "127.0.0.1", "-p"]).arg(own.to_string());
        command.args(["-t", "u1", "-nostdin", "-buff_size", BUFFER, "-r", rate, "-l", &at_once.to_string(), "-m"]).arg(calls.to_string());
        command.args(["-trace_stat", "-fd", "1", "-stf"]).arg(&statistics).arg(format!("127.0.0.1:{port}"));
        // It ends with 1 when a call failed: the statistics tell.
        let status = command.current_dir(&self.folder).env("TERM", "dumb").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = status.status().map_err(|e| Failed::new(format!("sipp: {e}")))?;
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(Failed::new(format!("sipp: {status}")));
        }
        let text = String::from_utf8_lossy(&read(&statistics)?).into_owned();
        let row = |line: Option<&str>| line.unwrap_or_default().split(';').map(str::to_owned).collect::<Vec<_>>();
        let (names, last) = (row(text.lines().next()), row(text.lines().last()));
        let figure = |name: &str| {
            let at = names.iter().position(|n| n == name);
            at.and_then(|at| last.get(at)?.parse::<f64>().ok()).ok_or_else(|| Failed::new(format!("sipp says no {name}")))
        };
        Ok(Run { rate: figure("CallRate(C)")?, failed: figure("FailedCall(C)")? as u64, repeated: figure("Retransmissions(C)")? as u64 })
    }
}
