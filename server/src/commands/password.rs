//! Passwords from the terminal, unseen and twice, or from the first line of standard input. Never from the command line: others read it.

use crate::failure::Failure;
use secrecy::SecretString;
use std::io::{IsTerminal, stdin};

/// The password for operator `name`.
pub fn read(name: &str) -> Result<SecretString, Failure> {
    let wrong = |e| Failure::about("the password can't be read", e);
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(wrong)?;
        let password = line.trim_end_matches(['\r', '\n']);
        return if password.is_empty() { Err(Failure::new("no password on standard input")) } else { Ok(password.into()) };
    }
    let first = rpassword::prompt_password(format!("Password for {name}: ")).map_err(wrong)?;
    let second = rpassword::prompt_password("Once more: ").map_err(wrong)?;
    if first == second { Ok(first.into()) } else { Err(Failure::new("the two passwords differ")) }
}
