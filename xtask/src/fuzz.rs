//! `cargo xtask fuzz`: the model tests with more cases than the CI has time for. A case that fails is kept beside the crate, and runs first from then on.

use crate::cmd::{Done, Failed, cargo, run};
use std::time::{Duration, Instant};

/// What can be fuzzed: its name, its crate, its tests.
const MODELS: &[(&str, &str, &str)] = &[("drafts", "seatline-domain", "offline::tests")];

/// The cases of the first round; each round has twice as many, up to the most.
const FIRST: u32 = 20_000;
const MOST: u32 = 640_000;

pub fn fuzz(args: &[String]) -> Done {
    let names = || MODELS.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
    let (name, minutes) = match args {
        [name] => (name, 10),
        [name, flag, minutes] if flag == "--minutes" => {
            (name, minutes.parse().map_err(|_| Failed::new(format!("`{minutes}` is no number of minutes")))?)
        }
        _ => return Err(Failed::new(format!("fuzz wants what ({}), and takes `--minutes N`", names()))),
    };
    let Some((_, package, tests)) = MODELS.iter().find(|(known, ..)| known == name) else {
        return Err(Failed::new(format!("`{name}` can't be fuzzed: {}", names())));
    };
    let start = Instant::now();
    let mut cases = FIRST;
    let mut all = 0u64;
    loop {
        let mut round = cargo();
        round.args(["test", "--quiet", "--release", "--package", package, "--lib", "--", tests]);
        // Proptest seeds each run anew.
        run(round.env("SEATLINE_FUZZ_CASES", cases.to_string()))?;
        all += u64::from(cases);
        println!("{all} cases of {name} in {:.0} s", start.elapsed().as_secs_f64());
        if start.elapsed() >= Duration::from_secs(60 * minutes) {
            return Ok(());
        }
        cases = (cases * 2).min(MOST);
    }
}
