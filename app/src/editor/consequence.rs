//! What saving does to the phone, in a sentence.

use domain::Field;

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [init @ .., last] => [&init.join(", "), " and ", last].concat(),
    }
}

/// What follows for the phones at `phones` when the device's `fields` are saved; `enabled`: the device is enabled after the save.
pub fn sentence(fields: &[Field], enabled: bool, phones: &[String]) -> Option<String> {
    if fields.is_empty() {
        return None;
    }
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    let drops = match phones.as_slice() {
        [] => None,
        [one] => Some(["The phone at ", one, " drops its registration"].concat()),
        more => Some(["The phones at ", &list(more), " drop their registrations"].concat()),
    };
    let it = if phones.len() > 1 { "they" } else { "it" };
    if !enabled {
        let rest = "can't register until the device is enabled again.";
        return Some(drops.map_or_else(|| ["The phone ", rest].concat(), |drops| [&drops, " and ", rest].concat()));
    }
    if fields.contains(&Field::Ip) || fields.contains(&Field::Method) && !fields.contains(&Field::Username) {
        let by_ip = fields.contains(&Field::Ip);
        let rest = if by_ip { "can register only from the new addresses." } else { "needs the username and password set in the phone." };
        return Some(drops.map_or_else(
            || ["The phone ", rest].concat(),
            |drops| [&drops, ": ", it, " ", &if it == "they" { rest.replacen("needs", "need", 1) } else { rest.to_owned() }].concat(),
        ));
    }
    let what: Vec<&str> = fields
        .iter()
        .filter_map(|field| match field {
            Field::Realm => Some("realm"),
            Field::Username => Some("username"),
            Field::Password => Some("password"),
            _ => None,
        })
        .collect();
    if what.is_empty() {
        return drops.map(|drops| drops + ".");
    }
    let set = ["et the new ", &list(&what), " in the phone too."].concat();
    Some(drops.map_or_else(|| ["S", &set].concat(), |drops| [&drops, ": s", &set].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_phone_and_what_to_set_in_it() {
        let at = ["203.0.113.7".to_owned()];
        let of = |fields: &[Field]| sentence(fields, true, &at).unwrap_or_default();
        assert_eq!(of(&[Field::Username]), "The phone at 203.0.113.7 drops its registration: set the new username in the phone too.");
        assert_eq!(
            of(&[Field::Realm, Field::Username, Field::Password]),
            "The phone at 203.0.113.7 drops its registration: set the new realm, username and password in the phone too."
        );
        assert_eq!(
            of(&[Field::Method, Field::Ip]),
            "The phone at 203.0.113.7 drops its registration: it can register only from the new addresses."
        );
        assert_eq!(
            of(&[Field::Method]),
            "The phone at 203.0.113.7 drops its registration: it needs the username and password set in the phone."
        );
        assert_eq!(
            sentence(&[Field::Enabled], false, &at).unwrap(),
            "The phone at 203.0.113.7 drops its registration and can't register until the device is enabled again."
        );
        assert_eq!(sentence(&[], true, &at), None);
    }

    #[test]
    fn several_phones_and_none() {
        let at = ["203.0.113.7".to_owned(), "203.0.113.9".to_owned()];
        assert_eq!(
            sentence(&[Field::Password], true, &at).unwrap(),
            "The phones at 203.0.113.7 and 203.0.113.9 drop their registrations: set the new password in the phone too."
        );
        assert_eq!(sentence(&[Field::Password], true, &[]).unwrap(), "Set the new password in the phone too.");
    }
}
