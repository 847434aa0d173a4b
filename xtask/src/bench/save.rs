//! `bench save`: a save through HTTP as a ratio to the same statements through sqlx in process.

use super::{example, figure, line, script};
use crate::{cmd::Done, run::release_server};

pub fn bench(args: &[String]) -> Done {
    let saves = args.first().map_or("500", String::as_str);
    let server = release_server()?;
    let inside = line(example("seatline-store", "save_bench").arg(saves))?;
    let http = line(script("save.mjs")?.arg(server).arg(saves))?;
    println!("ms\tp50\tp95\tworst");
    for (name, row) in [("HTTP", &http), ("sqlx", &inside)] {
        println!("{name}\t{:.2}\t{:.2}\t{:.2}", figure(row, "p50"), figure(row, "p95"), figure(row, "worst"));
    }
    println!("ratio\t{:.2}\t{:.2}", figure(&http, "p50") / figure(&inside, "p50"), figure(&http, "p95") / figure(&inside, "p95"));
    Ok(())
}
