//! `bench dot [ROUNDS]`: a phone registers, and its device's page shows the green dot. A part of `bench sip`.

use super::{figure, line, script};
use crate::{
    cmd::{Done, Failed},
    machine, paths,
    run::release_server,
    test::browser,
};

pub fn bench(args: &[String]) -> Done {
    let rounds: u32 = args.first().map_or(Ok(200), |n| n.parse()).map_err(|_| Failed::new("bench dot takes a number of rounds"))?;
    if machine::chromium().is_none() {
        return Err(Failed::new("the measure wants chromium: apt-get install chromium"));
    }
    release_server()?;
    println!("ms, p50 / p95 / worst");
    for (what, figures) in measure(rounds)? {
        println!("{figures}\t{what}");
    }
    Ok(())
}

/// With a server that is built: what, and the milliseconds.
pub fn measure(rounds: u32) -> Done<Vec<(String, String)>> {
    let chromium = machine::chromium().ok_or_else(|| Failed::new("no chromium"))?;
    // The script finds playwright-core beside the browser tests.
    browser::modules()?;
    let server = paths::target().join("release/seatline");
    let measured = line(script("dot.mjs")?.arg(server).arg(chromium).arg(rounds.to_string()).current_dir(paths::root().join("end2end")))?;
    let row = |(name, what): (&str, &str)| {
        let row = &measured[name];
        (what.to_owned(), format!("{:.0} / {:.0} / {:.0} ms", figure(row, "p50"), figure(row, "p95"), figure(row, "worst")))
    };
    let names = [
        ("asked", "first REGISTER sent, to the green dot"),
        ("proved", "REGISTER with its proof sent, to the green dot"),
        ("answered", "its 200 received, to the green dot"),
        ("off", "200 of a leave received, to the grey dot"),
    ];
    Ok(names.into_iter().map(row).collect())
}
