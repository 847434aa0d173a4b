//! `bench reboots [COUNT]`: so many simulated phones, all rebooted at a pace that holds none of them back, each followed to its end.

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

pub fn bench(args: &[String]) -> Done {
    let count: u32 = args
        .first()
        .map_or(Ok(1_000), |n| n.parse())
        .ok()
        .filter(|n| (1..=1_000).contains(n))
        .ok_or_else(|| Failed::new("bench reboots takes a number up to 1000: so many a minute is the fastest pace"))?;
    ours::build(Build::Release)?;
    run(cargo().args(["build", "--quiet", "--release", "--package", "seatline-phone-sim", "--example", "many_phones"]))?;
    let (folder, release) = (Folder::new("reboots")?, paths::target().join("release"));
    ours::fill(Build::Release, folder.path(), REALM, count)?;
    let (server, data) = (release.join("seatline"), folder.path().join("data"));
    add_operator(&server, &data)?;
    let mut measure = script("reboots.mjs")?;
    measure.arg(server).arg(data).arg(release.join("examples/many_phones")).args([REALM, PHONE_PASSWORD, &count.to_string(), AWAY]);
    let measured = line(&mut measure)?;
    report(count, &measured);
    Ok(())
}

fn add_operator(server: &Path, data: &Path) -> Done {
    let mut command = Command::new(server);
    command.args(["operator", "add", "bench", "--data"]).arg(data).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|e| Failed::new(e.to_string()))?;
    let typed = child.stdin.take().map(|mut input| writeln!(input, "{PASSWORD}"));
    let status = child.wait().map_err(|e| Failed::new(e.to_string()))?;
    if status.success() && matches!(typed, Some(Ok(()))) { Ok(()) } else { Err(Failed::new(format!("operator add: {status}"))) }
}

fn report(count: u32, measured: &serde_json::Value) {
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
