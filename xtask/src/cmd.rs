//! Running other programs, and the one kind of error of xtask: a line that says what failed.

use std::{
    fmt, fs, io,
    path::Path,
    process::{Command, Stdio},
};

/// What went wrong, in one line for a person.
#[derive(Debug)]
pub struct Failed(String);

impl Failed {
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub type Done<T = ()> = Result<T, Failed>;

/// Says which path an I/O error is about.
pub trait At<T> {
    fn at(self, path: &Path) -> Done<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Done<T> {
        self.map_err(|e| Failed::new(format!("{}: {e}", path.display())))
    }
}

pub fn read(path: &Path) -> Done<Vec<u8>> {
    fs::read(path).at(path)
}

pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Done {
    fs::write(path, bytes).at(path)
}

pub fn create_dir(path: &Path) -> Done {
    fs::create_dir_all(path).at(path)
}

/// The cargo that started us, without what it said about our own package: build scripts look at that (ring's does), and half the workspace would be
/// built anew whenever cargo is called by hand and through us in turns.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_our_package) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_our_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"].iter().any(|start| name.starts_with(start))
}

/// Runs it to its end, output to ours; a non-zero exit is a failure that names the command.
pub fn run(command: &mut Command) -> Done {
    let name = describe(command);
    let status = command.status().map_err(|e| Failed::new(format!("{name}: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failed::new(format!("{name}: {status}"))) }
}

/// The same for what says more than anybody wants to read: its output is shown when it fails.
pub fn run_quietly(command: &mut Command) -> Done {
    let name = describe(command);
    let output = command.stdin(Stdio::null()).output().map_err(|e| Failed::new(format!("{name}: {e}")))?;
    if output.status.success() {
        return Ok(());
    }
    eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(Failed::new(format!("{name}: {}", output.status)))
}

/// Whether it starts and ends well; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What it prints, without the line end; `None` when it cannot be had.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    command.get_args().fold(program, |line, arg| format!("{line} {}", arg.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cargo_that_is_started_is_told_nothing_of_our_package() {
        // `cargo test` says them as `cargo run` does.
        let command = cargo();
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).filter_map(|(name, _)| name.to_str()).collect();
        assert!(removed.contains(&"CARGO_MANIFEST_DIR") && removed.contains(&"CARGO_PKG_NAME"), "{removed:?}");
        assert!(!removed.contains(&"CARGO_HOME") && !removed.contains(&"CARGO_TARGET_DIR"));
    }

    #[test]
    fn a_failing_command_is_named_with_its_arguments() {
        assert_eq!(run(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err().to_string(), "sh -c exit 3: exit status: 3");
    }
}
