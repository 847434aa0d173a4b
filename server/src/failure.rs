//! Why a command did not do its work: one line for the person at the terminal.

use std::fmt;

/// One line, without details that only a log may have.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// From a line that needs no full stop.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// Says what a cause is about: `about: cause`.
    pub fn about(about: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self(format!("{about}: {cause}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Causes of libraries may span lines; a person at the terminal gets one.
        for (n, line) in self.0.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            f.write_str(line)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_whatever_the_cause() {
        assert_eq!(Failure::about("data", "first\n\n  second").to_string(), "data: first second");
    }
}
