//! `cargo xtask fuzz`: the model tests and the fuzz targets with more time than the CI has. A case that fails is kept beside the crate, and runs
//! first from then on.

use crate::cmd::{Done, Failed, cargo, run};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// What can be fuzzed.
struct Model {
    name: &'static str,
    package: &'static str,
    /// The names of its tests begin so.
    tests: &'static str,
    bound: Bound,
}

/// How it is told how long to run.
enum Bound {
    /// `SEATLINE_FUZZ_CASES`, in rounds.
    Cases,
    /// `SEATLINE_FUZZ_SECONDS`, for each of so many targets.
    Seconds { targets: u64 },
}

const MODELS: [Model; 2] = [
    Model { name: "drafts", package: "seatline-domain", tests: "offline::tests", bound: Bound::Cases },
    Model { name: "sip", package: "seatline-sip", tests: "fuzz::", bound: Bound::Seconds { targets: 8 } },
];

/// Seconds of each target in the CI.
pub const CI_SECONDS: u64 = 30;

/// The cases of the first round; each round has twice as many, up to the most.
const FIRST: u32 = 20_000;
const MOST: u32 = 640_000;

pub fn fuzz(args: &[String]) -> Done {
    let names = || MODELS.map(|model| model.name).join(", ");
    let (name, minutes) = match args {
        [name] => (name, 10),
        [name, flag, minutes] if flag == "--minutes" => {
            (name, minutes.parse().map_err(|_| Failed::new(format!("`{minutes}` is no number of minutes")))?)
        }
        _ => return Err(Failed::new(format!("fuzz wants what ({}), and takes `--minutes N`", names()))),
    };
    let Some(model) = MODELS.iter().find(|model| model.name == name) else {
        return Err(Failed::new(format!("`{name}` can't be fuzzed: {}", names())));
    };
    match model.bound {
        Bound::Cases => rounds(model, minutes),
        Bound::Seconds { targets } => {
            // They run beside each other, one on each processor.
            let processors = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
            let seconds = (60 * minutes * processors.min(targets) / targets).max(1);
            run(tests(model).arg("--nocapture").env("SEATLINE_FUZZ_SECONDS", seconds.to_string()))
        }
    }
}

fn tests(model: &Model) -> Command {
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--release", "--package", model.package, "--lib", "--", model.tests]);
    tests
}

fn rounds(model: &Model, minutes: u64) -> Done {
    let start = Instant::now();
    let mut cases = FIRST;
    let mut all = 0u64;
    loop {
        // Proptest seeds each run anew.
        run(tests(model).env("SEATLINE_FUZZ_CASES", cases.to_string()))?;
        all += u64::from(cases);
        println!("{all} cases of {} in {:.0} s", model.name, start.elapsed().as_secs_f64());
        if start.elapsed() >= Duration::from_secs(60 * minutes) {
            return Ok(());
        }
        cases = (cases * 2).min(MOST);
    }
}
