//! `cargo xtask bench`: the measures of the product, one module each. Figures are ratios of one run; `docs/MEASURES.md` quotes them.

mod dot;
mod list;
mod page;
mod reboots;
mod save;
mod sip;

use crate::{
    cmd::{Done, Failed, cargo},
    machine, paths,
};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

const NAMES: &str = "page, save, list, sip, reboots, dot or torture";

pub fn bench(args: &[String]) -> Done {
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("page") => page::bench(rest),
        Some("save") => save::bench(rest),
        Some("list") => list::bench(rest),
        Some("sip") => sip::bench(rest),
        Some("reboots") => reboots::bench(rest),
        Some("dot") => dot::bench(rest),
        Some("torture") => sip::torture::bench(),
        Some(other) => Err(Failed::new(format!("there is no measure `{other}`: {NAMES}"))),
        None => Err(Failed::new(format!("which measure? {NAMES}"))),
    }
}

/// Node, with a script of `xtask/bench`.
fn script(name: &str) -> Done<Command> {
    let node = machine::which("node").ok_or_else(|| Failed::new("the measures want node: apt-get install nodejs npm"))?;
    let mut command = Command::new(node);
    command.arg(paths::root().join("xtask/bench").join(name));
    Ok(command)
}

/// How our own programs are built.
#[derive(Clone, Copy)]
enum Build {
    /// As it is shipped: what is timed.
    Release,
    /// Where what it says counts, not how fast.
    Debug,
}

impl Build {
    const fn args(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["--quiet", "--release"],
            Self::Debug => &["--quiet"],
        }
    }

    /// The folder of cargo's target.
    const fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// An example of one of our packages, in release.
fn example(package: &str, name: &str) -> Command {
    example_in(Build::Release, package, name)
}

fn example_in(build: Build, package: &str, name: &str) -> Command {
    let mut command = cargo();
    command.arg("run").args(build.args()).args(["--package", package, "--example", name, "--"]);
    command
}

/// The one JSON line that a measure prints.
fn line(command: &mut Command) -> Done<serde_json::Value> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|e| Failed::new(e.to_string()))?;
    if !output.status.success() {
        return Err(Failed::new(format!("a measure ended with {}", output.status)));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| Failed::new(format!("a measure printed something else: {e}")))
}

/// A number of such a line.
fn figure(row: &serde_json::Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or(f64::NAN)
}

fn beside(path: &str) -> Option<PathBuf> {
    let path = paths::root().join("..").join(path);
    path.exists().then_some(path)
}
