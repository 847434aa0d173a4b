//! The server, as it is shipped where it is timed.

use super::{Engine, PASSWORD, process};
use crate::{
    bench::{Build, example_in},
    cmd::{Done, Failed, cargo, run},
    paths,
};
use std::{fs, path::Path, process::Command};

pub struct Ours {
    program: process::Program,
    port: u16,
}

/// Makes the data folder with so many devices in a realm.
pub fn fill(build: Build, folder: &Path, realm: &str, users: u32) -> Done {
    run(example_in(build, "seatline-store", "fill_phones").arg(folder.join("data")).args([realm, &users.to_string(), PASSWORD]))
}

/// The server alone: the pages are not measured.
pub fn build(build: Build) -> Done {
    run(cargo().arg("build").args(build.args()).args(["--package", "seatline-server"]))
}

impl Ours {
    /// With no registration yet.
    pub fn start(build: Build, folder: &Path) -> Done<Self> {
        for name in ["bindings.db", "bindings.db-wal", "bindings.db-shm"] {
            let _ = fs::remove_file(folder.join("data").join(name));
        }
        let (port, log) = (process::free_port()?, folder.join("ours.log"));
        let mut command = Command::new(paths::target().join(build.folder()).join("seatline"));
        command.arg("--data").arg(folder.join("data")).args(["--listen", "127.0.0.1:0", "--log", "warn"]);
        command.arg("--sip-listen").arg(format!("127.0.0.1:{port}"));
        let program = process::Program::start(&mut command, &log)?;
        process::until_it_answers(port, &log)?;
        Ok(Self { program, port })
    }
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "Seatline"
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn cpu(&self) -> f64 {
        self.program.cpu()
    }

    /// Its resident memory.
    fn memory(&self) -> Done<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap_or_default();
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.map(|kilobytes| kilobytes * 1_024).ok_or_else(|| Failed::new("the server ended"))
    }
}
