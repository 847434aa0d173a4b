//! `bench sip [ROUNDS | --small]`: all that is measured of phones, in one run and one table. The registrar under `SIPp`, beside Kamailio, in
//! turns: REGISTER → 401 → REGISTER → 200 over UDP on loopback, 10,000 users: registrations a second with few and with many under way,
//! processor seconds for 10,000 of them, and bytes of a binding at 100,000.
//!
//! Ours is the server as it is shipped, on `SQLite`, with everything on. Kamailio keeps bindings in memory and has its HA1 from `SQLite`.
//! Then many reboots without a pace ([`reboots`]), and the time from a REGISTER to the green dot on a page ([`dot`]).

mod kamailio;
mod messages;
pub mod ours;
pub mod process;
mod sipp;
mod table;
pub mod torture;

use super::{Build, dot, reboots};
use crate::{
    cmd::{Done, Failed},
    machine,
    run::release_server,
};
use kamailio::Kamailio;
use ours::Ours;
use sipp::{AT_ONCE, Run, Scenario, Sipp};
use std::{path::Path, time::Duration};

pub const USERS: u32 = 10_000;
pub const REALM: &str = "bench.test";
pub const PASSWORD: &str = "benchmark1";
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
    /// Failed or sent again.
    troubles: u64,
}

/// How much of it.
struct Size {
    rounds: usize,
    /// Registrations of each round.
    calls: u32,
    /// Users that fill the table.
    users: u32,
    reboots: u32,
    dots: u32,
}

pub fn bench(args: &[String]) -> Done {
    let whole = Size { rounds: 3, calls: 50_000, users: USERS, reboots: 1_000, dots: 200 };
    let size = match args {
        [] => whole,
        // To see that it runs: its figures mean nothing.
        [small] if small == "--small" => Size { rounds: 1, calls: 1_000, users: 100, reboots: 20, dots: 3 },
        [rounds] => Size { rounds: rounds.parse().map_err(|_| Failed::new(format!("`{rounds}` is no number of rounds")))?, ..whole },
        _ => return Err(Failed::new("bench sip takes a number of rounds, or --small")),
    };
    if machine::which("sipp").is_none() {
        return Err(Failed::new("the measure wants sipp: apt-get install sip-tester"));
    }
    let (beside, browser) = (Kamailio::present(), machine::chromium().is_some());
    if !beside {
        println!("left out: Kamailio (apt-get install kamailio kamailio-sqlite-modules sqlite3)");
    }
    if !browser {
        println!("left out: the green dot (apt-get install chromium)");
    }
    // All of it first: nothing builds beside what is measured.
    release_server()?;
    reboots::build_phones()?;
    let folder = process::Folder::new("sip")?;
    let sipp = Sipp::new(folder.path())?;
    ours::fill(Build::Release, folder.path(), REALM, USERS)?;
    if beside {
        kamailio::fill(folder.path(), USERS)?;
    }
    let mut rows = Vec::new();
    for at_once in AT_ONCE {
        let (mut own, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..size.rounds {
            own.push(round(&Ours::start(Build::Release, folder.path())?, &sipp, size.calls, at_once)?);
            if beside {
                peer.push(round(&Kamailio::start(folder.path())?, &sipp, size.calls, at_once)?);
            }
        }
        rows.extend(table::registrations(at_once, size.calls, &own, &peer));
    }
    for scenario in [Scenario::Ten, Scenario::TenFast] {
        let own = full(&Ours::start(Build::Release, folder.path())?, &sipp, scenario, size.users)?;
        let peer = beside.then(|| full(&Kamailio::start(folder.path())?, &sipp, scenario, size.users)).transpose()?;
        rows.push(table::bytes(scenario, size.users * CONTACTS, own, peer));
    }
    let alone = |(what, figures)| [what, figures, String::new(), String::new()];
    println!("{} reboots", size.reboots);
    rows.extend(reboots::measure(size.reboots)?.rows().into_iter().map(alone));
    if browser {
        println!("{} times REGISTER to the green dot", size.dots);
        rows.extend(dot::measure(size.dots)?.into_iter().map(alone));
    }
    table::print(&rows);
    Ok(())
}

fn round(engine: &impl Engine, sipp: &Sipp, calls: u32, at_once: u32) -> Done<Round> {
    let before = engine.cpu();
    let Run { rate, failed, repeated } = sipp.run(Scenario::One { at_once }, engine.port(), calls)?;
    let cpu = (engine.cpu() - before) * 10_000.0 / f64::from(calls);
    let name = engine.name();
    println!(
        "{name:<9} {at_once:>3} at once {rate:>7.0} registrations/s {cpu:>6.2} CPU s/10,000 {failed:>5} failed {repeated:>6} repeated"
    );
    Ok(Round { rate, cpu, troubles: failed + repeated })
}

/// Bytes of a binding when there are ten for each user.
fn full(engine: &impl Engine, sipp: &Sipp, scenario: Scenario, users: u32) -> Done<f64> {
    let before = engine.memory()?;
    let run = sipp.run(scenario, engine.port(), users)?;
    // What is written behind is written.
    std::thread::sleep(Duration::from_secs(4));
    let each = engine.memory()?.saturating_sub(before) as f64 / f64::from(users * CONTACTS);
    println!("{:<9} {each:>7.0} bytes a binding at {} ({} failed)", engine.name(), users * CONTACTS, run.failed);
    Ok(each)
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
