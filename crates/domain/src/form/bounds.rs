//! Lengths and numbers: what is inside its bounds is taken, what is one outside is refused, for every field that has bounds.

use super::Field;
use crate::rules::operator;
use crate::{Fault, Value, routing::Flag};
use proptest::prelude::*;

/// Fields of text with the characters that they take, and how many at least and at most. Empty ones may be left empty.
const LENGTHS: [(Field, &str, usize, usize); 9] = [
    (Field::Name, "[a-zA-Zé ]", 1, 128),
    (Field::SeatName, "[a-zA-Zé ]", 1, 128),
    (Field::CarrierName, "[a-zA-Zé ]", 1, 128),
    (Field::Extension, "[0-9*#+]", 1, 32),
    (Field::Number, "[0-9]", 0, 32),
    (Field::Username, "[a-z0-9._-]", 2, 32),
    (Field::Realm, "[a-z0-9._-]", 4, 253),
    (Field::Password, "[!-~]", 8, 32),
    (Field::OutboundFlags, "[a-zA-Z0-9 ]", 1, 64),
];

fn value(field: Field, text: &str) -> Value {
    match field {
        Field::Password => Value::secret(text),
        Field::Realm => Value::Realm(Some(text.into())),
        Field::OutboundFlags => Value::Flags(vec![Flag::fixed(text)]),
        _ => Value::text(text),
    }
}

fn text() -> impl Strategy<Value = (Field, String, usize, usize)> {
    proptest::sample::select(&LENGTHS[..]).prop_flat_map(|(field, allowed, least, most)| {
        // Spaces at the ends are none of the text.
        let ends = if allowed.contains(' ') { "[a-z]".to_owned() } else { allowed.to_owned() };
        let lengths = [0, 1, least.saturating_sub(1), least, least + 1, most - 1, most, most + 1, most + 40];
        proptest::sample::select(lengths.to_vec()).prop_flat_map(move |n| {
            let pattern = match n {
                0 => String::new(),
                1 => ends.clone(),
                n => format!("{ends}{allowed}{{{}}}{ends}", n - 2),
            };
            (Just(field), proptest::string::string_regex(&pattern).expect("a pattern"), Just(least), Just(most))
        })
    })
}

proptest! {
    #[test]
    fn a_text_is_taken_exactly_within_its_length((field, text, least, most) in text()) {
        let n = text.chars().count();
        let taken = field.normal(&value(field, &text));
        prop_assert_eq!(taken.is_ok(), (least..=most).contains(&n), "{:?} of {} characters: {:?}", field, n, taken);
    }

    #[test]
    fn an_operators_name_and_password_have_their_lengths(n in 0usize..300) {
        let text = "x".repeat(n);
        prop_assert_eq!(crate::rules::text::name(&text, operator::NAME_MOST).is_ok(), (1..=64).contains(&n));
        prop_assert_eq!(operator::password(&text).is_ok(), (12..=256).contains(&n));
    }

    #[test]
    fn expire_seconds_are_taken_from_60_to_86400(n in prop_oneof![0u32..200, 86_300u32..86_500, any::<u32>()]) {
        prop_assert_eq!(Field::ExpireSeconds.normal(&Value::text(n.to_string())).is_ok(), (60..=86_400).contains(&n));
    }

    #[test]
    fn up_to_32_flags_and_16_ranges(n in 0usize..40) {
        let flags = Value::Flags((0..n).map(|i| Flag::fixed(format!("flag {i}"))).collect());
        prop_assert_eq!(Field::OutboundFlags.normal(&flags).is_ok(), n <= 32);
        let names = Value::List((0..n).map(|i| format!("flag {i}")).collect());
        prop_assert_eq!(Field::CarrierFlags.normal(&names).is_ok(), n <= 32);
        let ranges = Value::List((0..n).map(|i| format!("192.0.2.{i}")).collect());
        prop_assert_eq!(Field::Ip.normal(&ranges).is_ok(), (1..=16).contains(&n), "{} ranges", n);
    }
}

#[test]
fn a_dynamic_flag_that_reads_a_variable_names_it() {
    let of = |flag: Flag| Field::OutboundFlags.normal(&Value::Flags(vec![flag]));
    assert_eq!(of(Flag::dynamic("custom_channel_vars.")), Err(Fault::KeyMissing("custom_channel_vars.".into())));
    assert!(of(Flag::dynamic("custom_channel_vars.tier")).is_ok() && of(Flag::dynamic("zone")).is_ok());
    assert!(of(Flag::fixed("custom_channel_vars.")).is_ok(), "a word of its own");
}
