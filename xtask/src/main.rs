//! Everything that a developer or the CI runs: `cargo xtask run | test | dist | bench | fuzz`.

mod bench;
mod cmd;
mod dist;
mod fuzz;
mod machine;
mod paths;
mod run;
mod site;
mod test;

use cmd::Failed;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [--demo] [server options]   build pages and server in release, then start it
cargo xtask test [--all] [FILTER]           format, lints, tests, wasm budget, browser tests; --all adds the long ones
cargo xtask dist                            one self-contained binary in target/dist
cargo xtask bench page|save|list|sip|reboots|dot|torture
                                            the measures; `bench page --peer DIR` beside another editor
                                            `bench sip` measures phones in one run, reboots and dot with it
cargo xtask fuzz drafts|sip [--minutes N]   drafts, queue and merge in any interleaving; what comes over SIP: longer than the tests do
cargo xtask site                            only the browser's files, into target/site";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = args.split_first().map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    let done = match task {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "dist" => dist::dist().map(drop),
        "bench" => bench::bench(rest),
        "fuzz" => fuzz::fuzz(rest),
        "site" => site::build().map(drop),
        "" | "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failed::new(format!("there is no task `{other}`: run, test, dist, bench, fuzz or site"))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("xtask: {failed}");
            ExitCode::FAILURE
        }
    }
}
