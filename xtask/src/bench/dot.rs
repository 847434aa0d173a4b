//! `bench dot [ROUNDS]`: a phone registers, and its device's page shows the green dot.

use super::{figure, line, script};
use crate::{
    cmd::{Done, Failed},
    machine, paths,
    run::release_server,
    test::browser,
};

pub fn bench(args: &[String]) -> Done {
    let rounds = args.first().map_or("200", String::as_str);
    let chromium = machine::chromium().ok_or_else(|| Failed::new("the measure wants chromium: apt-get install chromium"))?;
    let server = release_server()?;
    // The script finds playwright-core beside the browser tests.
    browser::modules()?;
    let measured = line(script("dot.mjs")?.arg(server).arg(chromium).arg(rounds).current_dir(paths::root().join("end2end")))?;
    println!("ms\tp50\tp95\tworst");
    for (name, words) in [
        ("asked", "first REGISTER sent, to green"),
        ("proved", "REGISTER with its proof sent, to green"),
        ("answered", "200 received, to green"),
        ("off", "200 of a leave received, to grey"),
    ] {
        let row = &measured[name];
        println!("{:.0}\t{:.0}\t{:.0}\t{words}", figure(row, "p50"), figure(row, "p95"), figure(row, "worst"));
    }
    Ok(())
}
