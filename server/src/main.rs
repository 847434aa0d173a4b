//! Seatline: the seats of an office telephone system, their phones, and the registrar that they talk to.

// The type of a whole page nests deeper than rustc looks by itself.
#![recursion_limit = "256"]

mod certificates;
mod cli;
mod commands;
mod config;
mod failure;
mod http;
mod wiring;

use clap::{Parser, error::ErrorKind};
use cli::Cli;
use config::Config;
use failure::Failure;
use std::{process::ExitCode, time::Duration};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse_options(&error),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("seatline: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let config = Config::new(cli.options)?;
    config::logging(config.log);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Failure::about("the runtime does not start", e))?;
    let done = runtime.block_on(commands::run(&config, cli.command.unwrap_or(cli::Command::Serve)));
    // Whatever still runs has had its time: nothing that hangs keeps the process.
    runtime.shutdown_timeout(Duration::from_secs(2));
    done
}

/// Help and version as clap prints them; a wrong option in one line.
fn refuse_options(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Whoever closed the pipe has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    let what = text.split("\n\nUsage:").next().unwrap_or(&text);
    let what = what.split("\n\nFor more information").next().unwrap_or(what).trim_start_matches("error: ").trim();
    eprintln!("seatline: {} (seatline --help tells the options)", Failure::new(what));
    ExitCode::from(2)
}
