//! What saving does to the phone, in a sentence.

use domain::Field;

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [init @ .., last] => [&init.join(", "), " and ", last].concat(),
    }
}

/// How the device proves itself after the save.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Password,
    /// By addresses that are there, if any.
    Ip {
        any: bool,
    },
}

/// What the phone knows by heart, in words.
const KNOWN: [(Field, &str); 3] = [(Field::Realm, "realm"), (Field::Username, "username"), (Field::Password, "password")];

/// What follows for the phones at `phones` when the device's `fields` are saved; `enabled` and `by`: so it is after the save.
pub fn sentence(fields: &[Field], enabled: bool, by: By, phones: &[String]) -> Option<String> {
    if fields.is_empty() {
        return None;
    }
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    let they = phones.len() > 1;
    let drops = match phones.as_slice() {
        [] => None,
        [one] => Some(["The phone at ", one, " drops its registration"].concat()),
        more => Some(["The phones at ", &list(more), " drop their registrations"].concat()),
    };
    let has = |field| fields.contains(&field);
    // What is new; `all`: also what the phone has not proved itself with so far.
    let known = |all: bool| {
        let words = KNOWN.iter().filter(|(field, _)| has(*field) || all && *field != Field::Realm).map(|(_, word)| *word);
        list(&words.collect::<Vec<_>>())
    };
    let new = known(false);
    let the_phone = if they { "the phones" } else { "the phone" };
    let it = if they { ": they " } else { ": it " };
    // How the rest follows what drops, how it begins where nothing drops, and the rest.
    let (joint, alone, rest) = if !enabled {
        (" and ", "The phone ", "can't register until the device is enabled again.".to_owned())
    } else if let By::Ip { any } = by
        && (has(Field::Ip) || has(Field::Method))
    {
        let from = match any {
            false => "addresses that are still to be given",
            true if has(Field::Ip) => "the new addresses",
            true => "the stored addresses",
        };
        let more = if new.is_empty() { ".".to_owned() } else { ["; set the new ", &new, " in ", the_phone, " too."].concat() };
        (it, "The phone ", ["can register only from ", from, &more].concat())
    } else if has(Field::Method) {
        (it, "The phone ", [if they { "need the " } else { "needs the " }, &known(true), " set in ", the_phone, "."].concat())
    } else if new.is_empty() {
        return drops.map(|drops| drops + ".");
    } else {
        (": s", "S", ["et the new ", &new, " in ", the_phone, " too."].concat())
    };
    Some(match drops {
        Some(drops) => [&drops, joint, &rest].concat(),
        None => [alone, &rest].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IP: By = By::Ip { any: true };

    #[test]
    fn names_the_phone_and_what_to_set_in_it() {
        let at = ["203.0.113.7".to_owned()];
        let of = |fields: &[Field]| sentence(fields, true, By::Password, &at).unwrap_or_default();
        assert_eq!(of(&[Field::Username]), "The phone at 203.0.113.7 drops its registration: set the new username in the phone too.");
        assert_eq!(
            of(&[Field::Realm, Field::Username, Field::Password]),
            "The phone at 203.0.113.7 drops its registration: set the new realm, username and password in the phone too."
        );
        assert_eq!(
            of(&[Field::Method]),
            "The phone at 203.0.113.7 drops its registration: it needs the username and password set in the phone."
        );
        assert_eq!(
            sentence(&[Field::Enabled], false, By::Password, &at).unwrap(),
            "The phone at 203.0.113.7 drops its registration and can't register until the device is enabled again."
        );
        assert_eq!(sentence(&[], true, By::Password, &at), None);
    }

    /// What is modified does not tell the method: a device that proved itself by address once has stored addresses.
    #[test]
    fn the_method_after_the_save_decides_what_the_phone_must_do() {
        let at = ["203.0.113.7".to_owned()];
        let of =
            |fields: &[Field], by_ip| sentence(fields, true, if by_ip { IP } else { By::Password }, &at).unwrap_or_default().split_off(49);
        assert_eq!(of(&[Field::Method, Field::Ip], true), "it can register only from the new addresses.");
        assert_eq!(of(&[Field::Ip], true), "it can register only from the new addresses.");
        assert_eq!(of(&[Field::Method], true), "it can register only from the stored addresses.");
        let moved = "it can register only from the new addresses; set the new realm in the phone too.";
        assert_eq!(of(&[Field::Realm, Field::Ip], true), moved);
        assert_eq!(of(&[Field::Method, Field::Realm, Field::Ip], true), moved);
        assert_eq!(of(&[Field::Realm], true), "set the new realm in the phone too.");
        assert_eq!(of(&[Field::Method, Field::Realm], false), "it needs the realm, username and password set in the phone.");
        assert_eq!(of(&[Field::Method, Field::Username], false), "it needs the username and password set in the phone.");
    }

    #[test]
    fn several_phones_and_none() {
        let at = ["203.0.113.7".to_owned(), "203.0.113.9".to_owned()];
        assert_eq!(
            sentence(&[Field::Password], true, By::Password, &at).unwrap(),
            "The phones at 203.0.113.7 and 203.0.113.9 drop their registrations: set the new password in the phones too."
        );
        assert_eq!(
            sentence(&[Field::Method], true, By::Password, &at).unwrap(),
            "The phones at 203.0.113.7 and 203.0.113.9 drop their registrations: they need the username and password set in the phones."
        );
        assert_eq!(sentence(&[Field::Method], true, IP, &[]).unwrap(), "The phone can register only from the stored addresses.");
        let none = By::Ip { any: false };
        assert_eq!(
            sentence(&[Field::Method], true, none, &[]).unwrap(),
            "The phone can register only from addresses that are still to be given."
        );
        assert_eq!(sentence(&[Field::Password], true, By::Password, &[]).unwrap(), "Set the new password in the phone too.");
    }
}
