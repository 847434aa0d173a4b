//! SIP passwords and usernames: their rules, how strong one is, and new ones from the system's random bytes.

use crate::Fault;

/// Longest and shortest password that is kept; what is typed anew has at least `TYPED_LEAST` characters.
pub const LEAST: usize = 5;
pub const MOST: usize = 32;
pub const TYPED_LEAST: usize = 8;

const USERNAME: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
const PASSWORD: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
/// Characters that some phones mangle in their configuration files.
const MANGLED: &str = "$\"<>&'%";

fn password(text: &str, least: usize) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Required);
    }
    if !text.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err(Fault::Characters("letters, digits, spaces and signs of ASCII".into()));
    }
    if (least..=MOST).contains(&text.len()) { Ok(()) } else { Err(Fault::Length { least, most: MOST }) }
}

/// A password typed now: 8–32 printable ASCII characters.
pub fn typed(text: &str) -> Result<(), Fault> {
    password(text, TYPED_LEAST)
}

/// A password that came with an import: 5–32.
pub fn kept(text: &str) -> Result<(), Fault> {
    password(text, LEAST)
}

/// The characters of a password that some phones mangle, each once.
pub fn mangled(text: &str) -> Vec<char> {
    MANGLED.chars().filter(|c| text.contains(*c)).collect()
}

/// How hard to guess, in steps of the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Weak,
    Fair,
    Strong,
}

/// A cautious estimate of the bits: the alphabets in use, less what repeats or runs on.
pub fn strength(text: &str) -> Strength {
    let bytes = text.as_bytes();
    let has = |f: fn(&u8) -> bool| bytes.iter().any(f);
    let mut alphabet = 0u32;
    for (there, size) in [
        (has(u8::is_ascii_lowercase), 26),
        (has(u8::is_ascii_uppercase), 26),
        (has(u8::is_ascii_digit), 10),
        (has(u8::is_ascii_punctuation), 32),
    ] {
        alphabet += if there { size } else { 0 };
    }
    let fresh = bytes.iter().enumerate().filter(|(i, b)| *i == 0 || b.abs_diff(bytes[i - 1]) > 1).count();
    let distinct = (0..=u8::MAX).filter(|byte| bytes.contains(byte)).count();
    let bits = f64::from(alphabet.max(1)).log2() * fresh.min(distinct * 2) as f64;
    match bits {
        b if b < 45.0 => Strength::Weak,
        b if b < 70.0 => Strength::Fair,
        _ => Strength::Strong,
    }
}

/// `n` letters of `alphabet`, each as likely as the other; `random` fills a buffer from the system's CSPRNG.
fn letters(alphabet: &[u8], n: usize, random: &mut dyn FnMut(&mut [u8])) -> String {
    let fair = 256 - 256 % alphabet.len();
    let mut out = String::with_capacity(n);
    let mut buffer = [0u8; 64];
    while out.len() < n {
        random(&mut buffer);
        for byte in buffer {
            if usize::from(byte) < fair && out.len() < n {
                out.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    out
}

/// `user_` and 8 letters without look-alikes.
pub fn new_username(random: &mut dyn FnMut(&mut [u8])) -> String {
    format!("user_{}", letters(USERNAME, 8, random))
}

/// 16 letters and digits without look-alikes: 92 bits.
pub fn new_password(random: &mut dyn FnMut(&mut [u8])) -> String {
    letters(PASSWORD, 16, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ones_keep_their_own_rules() {
        let mut state = 7u8;
        let mut random = |buffer: &mut [u8]| {
            for b in buffer {
                state = state.wrapping_mul(73).wrapping_add(41);
                *b = state;
            }
        };
        let (name, password) = (new_username(&mut random), new_password(&mut random));
        assert!(name.starts_with("user_") && name.len() == 13);
        assert!(crate::rules::text::username(&name).is_ok());
        assert_eq!(password.len(), 16);
        assert!(typed(&password).is_ok() && mangled(&password).is_empty());
        assert!((PASSWORD.len() as f64).log2() * 16.0 >= 90.0);
        assert!(!PASSWORD.iter().any(|b| b"01OIlo".contains(b)));
    }

    #[test]
    fn typed_is_stricter_than_kept() {
        assert!(kept("abcde").is_ok());
        assert!(typed("abcdefg").is_err());
        assert!(typed("abcdefgh").is_ok());
        assert!(typed("pässword1").is_err());
        assert!(kept(&"a".repeat(33)).is_err());
    }

    #[test]
    fn meter_sees_runs_and_repeats() {
        assert_eq!(strength("aaaaaaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(strength("12345678"), Strength::Weak);
        assert_eq!(strength("Xk7pQ2vR9mT4wZ8n"), Strength::Strong);
        assert_eq!(mangled("a$b<c"), ['$', '<']);
    }
}
