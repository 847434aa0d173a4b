//! The browser tests in `end2end/`: a real browser against the server as cargo's tests built it.

use crate::{
    cmd::{Done, Failed, cargo, run},
    machine, paths,
    site::Site,
};
use std::process::Command;

pub fn test(site: &Site, all: bool, filter: Option<&str>) -> Done {
    let end2end = paths::root().join("end2end");
    if !end2end.join("package.json").is_file() {
        println!("left out: end2end/ holds no tests");
        return Ok(());
    }
    let (Some(npx), Some(chromium)) = (machine::which("npx"), machine::chromium()) else {
        return Err(Failed::new("the browser tests want node, npm and chromium: apt-get install nodejs npm chromium"));
    };
    run(cargo().args(["build", "--quiet", "--bin", "seatline"]))?;
    let mut tests = Command::new(npx);
    tests.args(["--no-install", "playwright", "test"]).current_dir(&end2end);
    if let Some(filter) = filter {
        tests.args(["-g", filter, "--pass-with-no-tests"]);
    }
    if all {
        tests.env("SEATLINE_TEST_ALL", "1");
    }
    tests
        .env("SEATLINE_BIN", paths::target().join("debug").join(format!("seatline{}", std::env::consts::EXE_SUFFIX)))
        .env("SEATLINE_SITE", &site.dir)
        .env("SEATLINE_CHROMIUM", chromium);
    run(&mut tests)
}

/// Installs what they are made with, as it is pinned.
pub fn modules() -> Done {
    if !paths::root().join("end2end/package.json").is_file() {
        return Ok(());
    }
    let npm = machine::which("npm").ok_or_else(|| Failed::new("a browser is steered with npm's help: apt-get install nodejs npm"))?;
    run(Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(paths::root().join("end2end")))
}
