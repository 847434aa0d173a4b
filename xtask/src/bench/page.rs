//! `bench page [--peer DIR]`: the editor's page in a browser, beside a peer's editor built from DIR. The measuring script lies beside the
//! project, in `../shared/bench`; without it nothing is measured, and it is said.

use super::{beside, script};
use crate::{
    cmd::{At, Done, Failed, create_dir, run},
    machine, paths,
    run::release_server,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

const PEER_PORT: &str = "4100";

pub fn bench(args: &[String]) -> Done {
    let Some(measure) = beside("shared/bench/page.mjs") else {
        println!("left out: ../shared/bench/page.mjs is not beside the project");
        return Ok(());
    };
    let (peer, options) = match args {
        [flag, dir, rest @ ..] if flag == "--peer" => (Some(PathBuf::from(dir)), rest),
        rest => (None, rest),
    };
    let server = release_server()?;
    let peer = peer.map(|dir| Peer::start(&dir)).transpose()?;
    let mut command = script("page.mjs")?;
    command.arg(server).arg(&measure).args(peer.as_ref().map(|_| format!("http://127.0.0.1:{PEER_PORT}/devices/1")));
    // The script finds playwright-core beside the browser tests.
    command.arg("--").args(options).current_dir(paths::root().join("end2end"));
    run(&mut command)
}

/// The peer's server; ended with the measure.
struct Peer(Child);

impl Peer {
    /// Builds a copy, so that nothing is written beside the original.
    fn start(dir: &Path) -> Done<Self> {
        let copy = paths::target().join("bench-peer");
        copy_folder(dir, &copy)?;
        let tool =
            |name: &str| machine::which(name).ok_or_else(|| Failed::new(format!("the peer wants {name}: apt-get install nodejs npm")));
        run(Command::new(tool("npm")?).args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&copy))?;
        run(Command::new(tool("npx")?).args(["--no-install", "vite", "build"]).current_dir(&copy))?;
        let child = Command::new(tool("node")?)
            .args(["serve.mjs", PEER_PORT])
            .current_dir(&copy)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| Failed::new(e.to_string()))?;
        std::thread::sleep(Duration::from_secs(1));
        Ok(Self(child))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn copy_folder(from: &Path, to: &Path) -> Done {
    create_dir(to)?;
    for entry in fs::read_dir(from).at(from)?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            if entry.file_name() != "node_modules" {
                copy_folder(&source, &target)?;
            }
        } else {
            fs::write(&target, fs::read(&source).at(&source)?).at(&target)?;
        }
    }
    Ok(())
}
