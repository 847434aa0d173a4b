//! `cargo xtask run`: build everything in release and become the server.

use crate::{
    cmd::{Done, Failed, cargo, run as run_command},
    paths, site,
};
use std::{path::PathBuf, process::Command};

pub fn run(args: &[String]) -> Done {
    let server = release_server()?;
    let mut command = Command::new(server);
    command.args(args.iter().filter(|arg| *arg != "--"));
    become_it(&mut command)
}

/// The release binary with the browser's files inside.
pub fn release_server() -> Done<PathBuf> {
    let site = site::build()?;
    run_command(cargo().args(["build", "--release", "--package", "seatline-server"]).env("SEATLINE_SITE", &site.dir))?;
    Ok(paths::target().join("release").join(format!("seatline{}", std::env::consts::EXE_SUFFIX)))
}

/// Signals and the exit code are the server's own: it takes our place.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Done {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Failed::new(format!("{}: {error}", command.get_program().to_string_lossy())))
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Done {
    let status = command.status().map_err(|e| Failed::new(e.to_string()))?;
    std::process::exit(status.code().unwrap_or(1))
}
