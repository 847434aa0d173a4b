//! `bench sip [ROUNDS]`: the registrar under `SIPp`, beside Kamailio, in turns. REGISTER → 401 → REGISTER → 200 over UDP on loopback, 10,000
//! users: registrations a second without a failure, processor seconds for 10,000 of them, and bytes of a binding at 100,000.
//!
//! Ours is the server as it is shipped, on `SQLite`, with everything on. Kamailio keeps bindings in memory and has its HA1 from `SQLite`.

mod kamailio;
mod messages;
pub mod ours;
pub mod process;
mod sipp;
pub mod torture;

use super::Build;
use crate::{
    cmd::{Done, Failed},
    machine,
};
use kamailio::Kamailio;
use ours::Ours;
use sipp::{Run, Scenario, Sipp};
use std::{path::Path, time::Duration};

pub const USERS: u32 = 10_000;
pub const REALM: &str = "bench.test";
pub const PASSWORD: &str = "benchmark1";
/// Registrations of each round.
const CALLS: u32 = 50_000;
/// Contacts of each user when the table is full.
const CONTACTS: u32 = 10;

/// A registrar that runs.
trait Engine {
    fn name(&self) -> &'static str;
    fn port(&self) -> u16;
    /// Processor seconds so far, of all its processes.
    fn cpu(&self) -> f64;
    /// Bytes that it holds now.
    fn memory(&self) -> Done<u64>;
}

/// What one round showed.
struct Round {
    rate: f64,
    cpu: f64,
    failed: u64,
    repeated: u64,
}

pub fn bench(args: &[String]) -> Done {
    let rounds = match args {
        [] => 3,
        [rounds] => rounds.parse().map_err(|_| Failed::new(format!("`{rounds}` is no number of rounds")))?,
        _ => return Err(Failed::new("bench sip takes a number of rounds")),
    };
    if machine::which("sipp").is_none() {
        return Err(Failed::new("the measure wants sipp: apt-get install sip-tester"));
    }
    let beside = Kamailio::present();
    if !beside {
        println!("left out: Kamailio (apt-get install kamailio kamailio-sqlite-modules sqlite3)");
    }
    ours::build(Build::Release)?;
    let folder = process::Folder::new("sip")?;
    let sipp = Sipp::new(folder.path())?;
    ours::fill(Build::Release, folder.path(), REALM, USERS)?;
    if beside {
        kamailio::fill(folder.path(), USERS)?;
    }
    let (mut own, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        own.push(round(&Ours::start(Build::Release, folder.path())?, &sipp)?);
        if beside {
            peer.push(round(&Kamailio::start(folder.path())?, &sipp)?);
        }
    }
    let memory = (
        full(&Ours::start(Build::Release, folder.path())?, &sipp)?,
        beside.then(|| full(&Kamailio::start(folder.path())?, &sipp)).transpose()?,
    );
    report(&own, &peer, memory);
    Ok(())
}

fn round(engine: &impl Engine, sipp: &Sipp) -> Done<Round> {
    let before = engine.cpu();
    let Run { rate, failed, repeated } = sipp.run(Scenario::One, engine.port(), CALLS)?;
    let cpu = (engine.cpu() - before) * 10_000.0 / f64::from(CALLS);
    println!("{:<9} {rate:>7.0} registrations/s {cpu:>6.2} CPU s/10,000 {failed:>5} failed {repeated:>6} repeated", engine.name());
    Ok(Round { rate, cpu, failed, repeated })
}

/// Bytes of a binding when there are ten for each user.
fn full(engine: &impl Engine, sipp: &Sipp) -> Done<f64> {
    let before = engine.memory()?;
    let run = sipp.run(Scenario::Ten, engine.port(), USERS)?;
    // What is written behind is written.
    std::thread::sleep(Duration::from_secs(4));
    let each = engine.memory()?.saturating_sub(before) as f64 / f64::from(USERS * CONTACTS);
    println!("{:<9} {each:>7.0} bytes a binding at {} ({} failed)", engine.name(), USERS * CONTACTS, run.failed);
    Ok(each)
}

/// The median of the rounds, as ratios to the peer's.
fn report(own: &[Round], peer: &[Round], (own_bytes, peer_bytes): (f64, Option<f64>)) {
    let median = |rounds: &[Round], figure: fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let line = |what: &str, own: f64, peer: f64| println!("{what:<28} {own:>10.2} {peer:>10.2} {:>7.2}", own / peer);
    println!("\n{:<28} {:>10} {:>10} {:>7}", "", "Seatline", "Kamailio", "ratio");
    line("registrations/s", median(own, |r| r.rate), median(peer, |r| r.rate));
    line("CPU s for 10,000", median(own, |r| r.cpu), median(peer, |r| r.cpu));
    line("failed", median(own, |r| r.failed as f64), median(peer, |r| r.failed as f64));
    line("repeated", median(own, |r| r.repeated as f64), median(peer, |r| r.repeated as f64));
    line("bytes a binding at 100,000", own_bytes, peer_bytes.unwrap_or(f64::NAN));
}

/// Where the scenarios and Kamailio's files lie.
fn source() -> std::path::PathBuf {
    crate::paths::root().join("xtask/bench/sip")
}

/// A file of ours, with words exchanged.
fn template(name: &str, words: &[(&str, &str)], to: &Path) -> Done {
    let text = String::from_utf8_lossy(&crate::cmd::read(&source().join(name))?).into_owned();
    crate::cmd::write(to, words.iter().fold(text, |text, (from, to)| text.replace(from, to)))
}
