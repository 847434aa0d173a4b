//! `cargo xtask test`: what the CI runs, step by step, each timed; the first failure ends it.

pub mod browser;
mod budget;
mod start;

use crate::{
    cmd::{Done, Failed, cargo, run},
    fuzz,
    machine::{self, WASM},
    site,
};
use std::time::{Duration, Instant};

pub fn test(args: &[String]) -> Done {
    let all = args.iter().any(|arg| arg == "--all");
    let filter = args.iter().find(|arg| !arg.starts_with("--")).map(String::as_str);
    if let Some(strange) = args.iter().find(|arg| arg.starts_with("--") && *arg != "--all") {
        return Err(Failed::new(format!("test knows `--all` and a filter, not `{strange}`")));
    }
    let mut steps = Steps::default();
    steps.step("machine", || {
        machine::test_programs();
        machine::wasm_target()
    })?;
    if filter.is_none() {
        steps.step("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
        steps.step("lints", || run(cargo().args(["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"])))?;
        steps.step("lints of the wasm", || {
            run(cargo().args(["clippy", "--quiet", "--package", "seatline-frontend", "--target", WASM, "--", "-D", "warnings"]))
        })?;
    }
    // Before the tests of the crates: one of them has a browser phone from there.
    steps.step("npm", browser::modules)?;
    steps.step("tests", || {
        let mut tests = cargo();
        tests.args(["test", "--quiet"]).args(filter);
        tests.env("SEATLINE_FUZZ_SECONDS", fuzz::CI_SECONDS.to_string());
        if all {
            tests.env("SEATLINE_TEST_ALL", "1");
        } else {
            // Property tests see the same cases each time: what fails is what was changed. New ones are drawn by `--all` and `cargo xtask fuzz drafts`.
            tests.env("PROPTEST_RNG_SEED", "1");
        }
        run(&mut tests)
    })?;
    let built = steps.step("pages", site::build)?;
    steps.step("wasm budget", || budget::check(&built))?;
    steps.step("browser", || browser::test(&built, all, filter))?;
    if all && filter.is_none() {
        steps.step("xtask run", start::check)?;
    }
    steps.print();
    Ok(())
}

#[derive(Default)]
struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Done<T>) -> Done<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let done = work();
        self.0.push((name, start.elapsed()));
        done.map_err(|e| {
            self.print();
            Failed::new(format!("{name} failed: {e}"))
        })
    }

    fn print(&self) {
        println!();
        for (name, time) in &self.0 {
            println!("{:>7.1} s  {name}", time.as_secs_f64());
        }
        println!("{:>7.1} s  in all", self.0.iter().map(|(_, time)| time.as_secs_f64()).sum::<f64>());
    }
}
