//! Rules of the people who sign in.

use crate::Fault;

/// Most characters of an operator's name.
pub const NAME_MOST: usize = 64;
/// Characters of an operator's password.
pub const PASSWORD_LEAST: usize = 12;
pub const PASSWORD_MOST: usize = 256;

/// A password of an operator: 12–256 characters, any of them.
pub fn password(text: &str) -> Result<(), Fault> {
    match text.chars().count() {
        0 => Err(Fault::Required),
        n if (PASSWORD_LEAST..=PASSWORD_MOST).contains(&n) => Ok(()),
        _ => Err(Fault::Length { least: PASSWORD_LEAST, most: PASSWORD_MOST }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_in_characters() {
        assert_eq!(password(""), Err(Fault::Required));
        assert!(password("elevenchars").is_err() && password("twelve chars").is_ok());
        assert!(password(&"ü".repeat(256)).is_ok() && password(&"ü".repeat(257)).is_err());
    }
}
