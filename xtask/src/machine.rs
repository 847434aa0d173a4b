//! What the machine must have, and how to get it: the wasm target, Debian packages.

use crate::cmd::{Done, Failed, output, run, succeeds};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target by rustup when it is missing.
pub fn wasm_target() -> Done {
    let Some(sysroot) = output(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).args(["--print", "sysroot"])) else {
        return Err(Failed::new("rustc does not answer"));
    };
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    println!("xtask: adding the target {WASM} by rustup");
    run(Command::new("rustup").args(["target", "add", WASM]))
        .map_err(|e| Failed::new(format!("the target {WASM} is missing and could not be added ({e}): rustup target add {WASM}")))
}

/// A program of the test set-up and the Debian package that holds it.
struct Need {
    package: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 9] = [
    Need { package: "nodejs", present: || which("node").is_some() },
    Need { package: "npm", present: || which("npm").is_some() },
    Need { package: "chromium", present: || chromium().is_some() },
    Need { package: "sip-tester", present: || which("sipp").is_some() },
    Need { package: "sipsak", present: || which("sipsak").is_some() },
    Need { package: "baresip-core", present: || which("baresip").is_some() },
    Need { package: "kamailio", present: || which("kamailio").is_some() || Path::new("/usr/sbin/kamailio").is_file() },
    Need { package: "sipvicious", present: || which("svwar").is_some() },
    Need { package: "postgresql", present: || which("initdb").is_some() || debian_postgres() },
];

/// Installs what the tests use where it may (Debian, as root or with sudo that asks nothing); else says what is missing.
pub fn test_programs() {
    let missing = || NEEDS.iter().filter(|need| !(need.present)()).map(|need| need.package).collect::<Vec<_>>();
    let before = missing();
    if before.is_empty() {
        return;
    }
    if let Some(apt) = apt() {
        println!("xtask: installing {}", before.join(" "));
        let apt_get = |args: &[&str]| {
            let (program, first) = apt.split_first().expect("never empty");
            run(Command::new(program).args(first).args(args).env("DEBIAN_FRONTEND", "noninteractive"))
        };
        let installed =
            apt_get(&["update", "-q"]).and_then(|()| apt_get(&[&["install", "-y", "-q", "--no-install-recommends"][..], &before].concat()));
        if let Err(e) = installed {
            println!("xtask: {e}");
        }
    }
    let after = missing();
    if !after.is_empty() {
        println!("xtask: tests that need these leave things out, and say so: apt-get install {}", after.join(" "));
    }
}

/// The command that runs apt-get with the rights it needs.
fn apt() -> Option<Vec<&'static str>> {
    which("apt-get")?;
    if output(Command::new("id").arg("-u"))? == "0" {
        return Some(vec!["apt-get"]);
    }
    succeeds(Command::new("sudo").args(["-n", "true"])).then(|| vec!["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
}

/// The browser of the tests; `SEATLINE_CHROMIUM` names another.
pub fn chromium() -> Option<PathBuf> {
    env::var_os("SEATLINE_CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(which))
}

pub fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(program)).find(|path| path.is_file())
}

/// Debian keeps the server's programs out of the PATH.
fn debian_postgres() -> bool {
    fs::read_dir("/usr/lib/postgresql").is_ok_and(|dirs| dirs.flatten().any(|dir| dir.path().join("bin/initdb").is_file()))
}
