//! What is dialled, and where a call to it leaves: the preview's [`choose`] put to work.

use super::{Carrier, Flag, FlagValues, choose, explain, resolve, sentence};
use crate::invite::{e164, with_user};

/// Longest number that is taken, without separators.
const LONGEST: usize = 32;

/// The number in the user part of a dialled URI (unescaped): digits, `*` and `#` with an optional leading `+`. Visual separators (RFC 3966
/// §5.1.1) and parameters behind a `;` are left out. None for what is a name.
pub fn number(user: &str) -> Option<String> {
    let user = user.split(';').next().unwrap_or_default();
    let number: String = user.chars().filter(|c| !"-.()".contains(*c)).collect();
    let rest = number.strip_prefix('+').unwrap_or(&number);
    let shaped = (1..=LONGEST).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit() || b"*#".contains(&b));
    shaped.then_some(number)
}

/// The one form of a number, however it is written: a device's Number is looked up by it. `2234567890` and `+12234567890` are the same.
pub fn number_key(number: &str) -> String {
    e164(number).into_owned()
}

impl FlagValues {
    /// What the dynamic flags of a call from `realm` stand for. Channel variables are a media server's: a call that is redirected has none.
    pub fn of_call(zone: &str, realm: &str) -> Self {
        Self { zone: Some(zone.into()), from_realm: Some(realm.into()), ..Self::default() }
    }
}

/// The URI by which a call to `number` leaves; else, in words, why no carrier is left, naming the flags that took them away.
pub fn way_out(carriers: &[Carrier], flags: &[Flag], values: &FlagValues, number: &str) -> Result<String, String> {
    let choice = choose(carriers, &resolve(flags, values));
    match choice.used.and_then(|used| carriers.get(used)) {
        Some(carrier) => Ok(with_user(&carrier.uri, number)),
        None => Err(sentence(&explain(&choice, carriers))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_names() {
        for (user, is) in [
            ("+1-223-456.7890", Some("+12234567890")),
            ("(223)4567890;npdi", Some("2234567890")),
            ("*97", Some("*97")),
            ("+", None),
            ("", None),
            ("1+2", None),
            ("bob", None),
            ("1001a", None),
            ("--", None),
            ("١٢٣", None),
            ("123456789012345678901234567890123", None),
        ] {
            assert_eq!(number(user).as_deref(), is, "{user}");
        }
    }

    #[test]
    fn however_it_is_written_it_is_the_same_number() {
        for same in ["2234567890", "12234567890", "+12234567890"] {
            assert_eq!(number_key(same), "+12234567890");
        }
        assert_eq!(number_key("1001"), "1001");
    }

    #[test]
    fn a_call_leaves_by_the_carrier_that_the_preview_names() {
        let carrier = |name: &str, weight, flags: &[&str]| Carrier {
            id: None,
            name: name.into(),
            uri: format!("sip:x@{name}.test:5070;transport=tcp"),
            flags: flags.iter().map(|f| (*f).into()).collect(),
            require_flags: false,
            ignore_flags: false,
            weight,
            enabled: true,
        };
        let carriers = [carrier("north", 10, &[]), carrier("east", 50, &["premium", "local", "sip.test"])];
        let flags = |names: &[&str]| names.iter().map(|n| Flag::fixed(*n)).collect::<Vec<_>>();
        let values = FlagValues::of_call("local", "sip.test");
        assert_eq!(way_out(&carriers, &[], &values, "112").as_deref(), Ok("sip:112@north.test:5070;transport=tcp"));
        let dynamic = [Flag::dynamic("zone"), Flag::dynamic("from_realm"), Flag::dynamic("custom_channel_vars.x")];
        assert_eq!(way_out(&carriers, &dynamic, &values, "*9#").as_deref(), Ok("sip:*9%23@east.test:5070;transport=tcp"));
        let said = way_out(&carriers, &flags(&["premium", "typo"]), &values, "112").expect_err("none");
        assert_eq!(said, "No carrier is left: typo is on none of them.");
    }
}
