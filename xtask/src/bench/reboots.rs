//! `bench reboots [COUNT]`: so many simulated phones, all rebooted without a pace, each followed to its end. A part of `bench sip`.

use super::{Build, figure, line, script};
use crate::{
    bench::sip::{ours, process::Folder},
    cmd::{Done, Failed, cargo, run},
    paths,
};
use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

const REALM: &str = "bench.test";
const PHONE_PASSWORD: &str = "benchmark1";
const PASSWORD: &str = "a long enough password";
/// Seconds of a phone's restart.
const AWAY: &str = "5";
/// How the script names the outcome that is the truth here.
const CONFIRMED: &str = r#"{"ended":"confirmed_back"}"#;

pub fn bench(args: &[String]) -> Done {
    let count: Option<u32> = args.first().map_or(Ok(1_000), |n| n.parse()).ok().filter(|n| (1..=20_000).contains(n));
    let count = count.ok_or_else(|| Failed::new("bench reboots takes a number up to 20000"))?;
    ours::build(Build::Release)?;
    build_phones()?;
    report(&measure(count)?);
    Ok(())
}

pub fn build_phones() -> Done {
    run(cargo().args(["build", "--quiet", "--release", "--package", "seatline-phone-sim", "--example", "many_phones"]))
}

/// What came of them.
pub struct Measured {
    count: u32,
    all: serde_json::Value,
}

/// With programs that are built.
pub fn measure(count: u32) -> Done<Measured> {
    let (folder, release) = (Folder::new("reboots")?, paths::target().join("release"));
    ours::fill(Build::Release, folder.path(), REALM, count)?;
    let (server, data) = (release.join("seatline"), folder.path().join("data"));
    add_operator(&server, &data)?;
    let mut measure = script("reboots.mjs")?;
    measure.arg(server).arg(data).arg(release.join("examples/many_phones")).args([REALM, PHONE_PASSWORD, &count.to_string(), AWAY]);
    Ok(Measured { count, all: line(&mut measure)? })
}

impl Measured {
    /// As rows of a table: what, and the figures.
    pub fn rows(&self) -> Vec<(String, String)> {
        let Self { count, all } = self;
        let time = |name: &str, part: &str| figure(&all["times"][name], part);
        let confirmed = all["outcomes"].as_array().into_iter().flatten().filter(|outcome| outcome[0] == CONFIRMED);
        let confirmed: u64 = confirmed.filter_map(|outcome| outcome[1].as_u64()).sum();
        vec![
            (
                format!("{count} reboots without a pace: all asked, all ended"),
                format!("{:.1} s, {:.1} s ({AWAY} s of it the phones')", time("asked", "worst") / 1e3, figure(all, "seconds")),
            ),
            (
                "ended \"restarted and back\"; restarts that the phones count".into(),
                format!("{confirmed} of {count}; {}", all["phones"]["left"]["restarted_once"]),
            ),
            (
                "NOTIFY to its 200, p50 / p95 / worst".into(),
                format!("{:.0} / {:.0} / {:.0} ms", time("answered", "p50"), time("answered", "p95"), time("answered", "worst")),
            ),
            (
                "processor seconds; resident before, at most".into(),
                format!("{:.1}; {:.0} MB, {:.0} MB", figure(all, "cpu"), figure(all, "registered") / 1e6, figure(all, "most") / 1e6),
            ),
        ]
    }
}

fn add_operator(server: &Path, data: &Path) -> Done {
    let mut command = Command::new(server);
    command.args(["operator", "add", "bench", "--data"]).arg(data).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|e| Failed::new(e.to_string()))?;
    let typed = child.stdin.take().map(|mut input| writeln!(input, "{PASSWORD}"));
    let status = child.wait().map_err(|e| Failed::new(e.to_string()))?;
    if status.success() && matches!(typed, Some(Ok(()))) { Ok(()) } else { Err(Failed::new(format!("operator add: {status}"))) }
}

fn report(Measured { count, all: measured }: &Measured) {
    let megabytes = |name| figure(measured, name) / 1e6;
    println!("{count} reboots, each phone away for {AWAY} s: all ended after {:.1} s", figure(measured, "seconds"));
    for outcome in measured["outcomes"].as_array().into_iter().flatten() {
        println!("  {} {}", outcome[1], outcome[0].as_str().unwrap_or_default());
    }
    let phones = &measured["phones"]["left"];
    println!("  by the phones: {} restarted once, {} registered at the end", phones["restarted_once"], phones["registered"]);
    println!(
        "server: {:.2} CPU s, {:.0} MB resident before, {:.0} MB at most",
        figure(measured, "cpu"),
        megabytes("registered"),
        megabytes("most")
    );
    println!("ms\tp50\tp95\tworst\tof");
    for (name, words) in [
        ("asked", "asked for all, until asked for this one"),
        ("answered", "NOTIFY sent, until its 200"),
        ("away", "NOTIFY sent, until seen to go away"),
        ("back", "away, until registered again"),
        ("end", "asked for all, until this one's end"),
    ] {
        let row = &measured["times"][name];
        println!("{:.0}\t{:.0}\t{:.0}\t{}\t{words}", figure(row, "p50"), figure(row, "p95"), figure(row, "worst"), row["n"]);
    }
}
