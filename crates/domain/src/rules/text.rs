//! Rules of short texts: names, numbers, realms, MAC addresses.

use crate::Fault;

fn length(text: &str, least: usize, most: usize) -> Result<(), Fault> {
    let n = text.chars().count();
    if n == 0 && least > 0 {
        return Err(Fault::Required);
    }
    if (least..=most).contains(&n) { Ok(()) } else { Err(Fault::Length { least, most }) }
}

fn only(text: &str, words: &str, allowed: impl Fn(char) -> bool) -> Result<(), Fault> {
    if text.chars().all(allowed) { Ok(()) } else { Err(Fault::Characters(words.into())) }
}

/// A name of 1 to `most` characters, trimmed, without control characters.
pub fn name(text: &str, most: usize) -> Result<String, Fault> {
    let text = text.trim();
    length(text, 1, most)?;
    only(text, "printable characters", |c| !c.is_control())?;
    Ok(text.into())
}

/// An extension: 1–32 of `0-9 * # +`.
pub fn extension(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    length(text, 1, 32)?;
    only(text, "the digits and * # +", |c| c.is_ascii_digit() || "*#+".contains(c))?;
    Ok(text.into())
}

/// A realm: 4–253 of `A-Z a-z 0-9 . _ -`, lower case.
pub fn realm(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    length(text, 4, 253)?;
    only(text, "letters, digits and . _ -", |c| c.is_ascii_alphanumeric() || "._-".contains(c))?;
    Ok(text.to_ascii_lowercase())
}

/// A MAC address with any separators (whatever is no letter and no digit); 12 hexadecimal digits, lower case. Empty is none.
pub fn mac(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()).collect();
    let separators = text.chars().all(|c| c.is_ascii_hexdigit() || !c.is_alphanumeric());
    match digits.len() {
        0 if text.is_empty() => Ok(String::new()),
        12 if separators => Ok(digits),
        _ => Err(Fault::Mac),
    }
}

/// A MAC address in pairs, as phones print it: `80:5e:c0:12:34:56`. Anything else as it is.
pub fn shown_mac(mac: &str) -> String {
    if mac.len() != 12 || !mac.is_ascii() {
        return mac.into();
    }
    (0..6).map(|i| &mac[2 * i..2 * i + 2]).collect::<Vec<_>>().join(":")
}

/// A whole number in decimal.
pub fn number(text: &str, least: u32, most: u32) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let fault = Fault::Number { least, most };
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(fault);
    }
    match text.parse::<u32>() {
        Ok(n) if (least..=most).contains(&n) => Ok(n.to_string()),
        _ => Err(fault),
    }
}

/// A telephone number: up to 32 digits with an optional leading `+`. Empty is none: the dialled number.
pub fn telephone(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let digits = text.strip_prefix('+').unwrap_or(text);
    only(if digits.is_empty() { text } else { digits }, "digits, with a + in front if there is one", |c| c.is_ascii_digit())?;
    length(digits, 1, 32)?;
    Ok(text.into())
}

/// A SIP username: 2–32 characters of RFC 3261's `user` that need no escape (§25.1: unreserved, user-unreserved).
pub fn username(text: &str) -> Result<String, Fault> {
    length(text, 2, 32)?;
    only(text, "letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? /", |c| c.is_ascii_alphanumeric() || "-_.!~*'()&=+$,;?/".contains(c))?;
    Ok(text.into())
}

/// A flag: 1–64 characters, no comma, no control character; case counts.
pub fn flag(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    length(text, 1, 64)?;
    only(text, "characters other than the comma", |c| c != ',' && !c.is_control())?;
    Ok(text.into())
}

/// What stands in the Event header of a NOTIFY; empty: none of one's own. Trimmed.
pub fn event(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() || crate::vendor::is_event(text) { Ok(text.into()) } else { Err(Fault::SipEvent) }
}

/// For search and for uniqueness without regard to case: lower case by Unicode, since `SQLite` folds ASCII only.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_takes_any_separator_and_keeps_twelve_digits() {
        for typed in
            ["80:5E:C0:12:34:56", "805ec0-123456", "80-5e-c0-12-34-56", "805e.c012.3456", "805ec0123456", "80|5E|C0/12 34\u{2013}56"]
        {
            assert_eq!(mac(typed).unwrap(), "805ec0123456");
        }
        assert_eq!(mac("").unwrap(), "");
        for typed in ["80:5e:c0:12:34", "80:5e:c0:12:34:56:78", "80:5e:c0:12:34:5g", "hello", "80:5e:c0:12:34:5\u{666}", ":::"] {
            assert_eq!(mac(typed), Err(Fault::Mac), "{typed}");
        }
        assert_eq!(shown_mac("805ec0123456"), "80:5e:c0:12:34:56");
    }

    #[test]
    fn an_event_is_one_or_none() {
        assert_eq!(event(" check-sync;reboot=true ").unwrap(), "check-sync;reboot=true");
        assert_eq!(event("  ").unwrap(), "");
        for typed in ["check sync", "x\r\nVia: evil", "a;b=", "é"] {
            assert_eq!(event(typed), Err(Fault::SipEvent), "{typed}");
        }
    }

    #[test]
    fn expire_seconds_has_its_bounds() {
        assert_eq!(number("60", 60, 86_400).unwrap(), "60");
        assert_eq!(number(" 0360 ", 60, 86_400).unwrap(), "360");
        for typed in ["59", "86401", "-1", "1e3", "3.5", "9999999999999"] {
            assert!(number(typed, 60, 86_400).is_err(), "{typed}");
        }
    }

    #[test]
    fn realm_is_lower_case_and_bounded() {
        assert_eq!(realm("4A6863.Sip.Example.NET").unwrap(), "4a6863.sip.example.net");
        assert!(realm("abc").is_err());
        assert!(realm("sip example").is_err());
        assert!(realm(&"a".repeat(254)).is_err());
    }

    #[test]
    fn username_allows_what_rfc_3261_leaves_unescaped() {
        assert!(username("a.b-c_d!~*'()&=+$,;?/").is_ok());
        for typed in ["a", "", "a b", "a@b", "a%41", "ü1", &"x".repeat(33)] {
            assert!(username(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn telephone_has_one_plus_in_front() {
        assert!(telephone("+12234567890").is_ok());
        assert!(telephone("").is_ok());
        for typed in ["+", "1+2", "12-34", &"1".repeat(33)] {
            assert!(telephone(typed).is_err(), "{typed}");
        }
    }
}
