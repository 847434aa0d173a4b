use crate::{Garbled, from_str};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Colour {
    Red,
    DarkBlue,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    Text(String),
    Pair(u16, i8),
    Box { wide: u32, colour: Option<Colour> },
    Nested(Box<Self>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Id(u8);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Thing {
    id: Id,
    name: String,
    at: i64,
    count: u64,
    on: bool,
    unit: (),
    shape: Shape,
    list: Vec<(String, Option<Shape>)>,
    map: BTreeMap<Colour, String>,
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Nothing),
        ".*".prop_map(Shape::Text),
        any::<(u16, i8)>().prop_map(|(a, b)| Shape::Pair(a, b)),
        (any::<u32>(), prop::option::of(colour())).prop_map(|(wide, colour)| Shape::Box { wide, colour }),
    ];
    leaf.prop_recursive(6, 6, 1, |inner| inner.prop_map(|inner| Shape::Nested(Box::new(inner))))
}

fn colour() -> impl Strategy<Value = Colour> {
    prop_oneof![Just(Colour::Red), Just(Colour::DarkBlue)]
}

fn thing() -> impl Strategy<Value = Thing> {
    let list = prop::collection::vec((any::<String>(), prop::option::of(shape())), 0..4);
    let map = prop::collection::btree_map(colour(), any::<String>(), 0..3);
    (any::<(u8, String, i64, u64, bool)>(), shape(), list, map).prop_map(|((id, name, at, count, on), shape, list, map)| Thing {
        id: Id(id),
        name,
        at,
        count,
        on,
        unit: (),
        shape,
        list,
        map,
    })
}

/// What we read, `serde_json` reads too, and alike.
fn agrees<T: for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(text: &str) {
    if let Ok(value) = from_str::<T>(text) {
        assert_eq!(serde_json::from_str::<T>(text).unwrap(), value, "{text}");
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read(thing in thing()) {
        prop_assert_eq!(from_str::<Thing>(&serde_json::to_string(&thing).unwrap()), Ok(thing.clone()));
        prop_assert_eq!(from_str::<Thing>(&serde_json::to_string_pretty(&thing).unwrap()), Ok(thing));
    }

    #[test]
    fn a_text_cut_or_changed_is_an_error_or_what_others_read(thing in thing(), at in any::<prop::sample::Index>(), with in "[\\[\\]{},:\"\\\\0-9a-z -]") {
        let text = serde_json::to_string(&thing).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = *at.get(&places);
        prop_assert_eq!(from_str::<Thing>(&text[..at]), Err(Garbled));
        let after = at + text[at..].chars().next().map_or(0, char::len_utf8);
        agrees::<Thing>(&[&text[..at], &with, &text[after..]].concat());
        agrees::<Thing>(&[&text[..at], &with, &text[at..]].concat());
    }

    #[test]
    fn garbage_is_an_error_or_what_others_read(text in "[\\[\\]{},:\"\\\\0-9eE.a-fnrtu \n-]{0,40}", any in any::<String>()) {
        for text in [text, any] {
            agrees::<Shape>(&text);
            agrees::<i64>(&text);
            agrees::<u8>(&text);
            agrees::<String>(&text);
            agrees::<Vec<Option<bool>>>(&text);
            agrees::<BTreeMap<String, i64>>(&text);
            let quoted = ["\"", &text, "\""].concat();
            prop_assert_eq!(from_str::<String>(&quoted).ok(), serde_json::from_str(&quoted).ok(), "{}", quoted);
        }
    }

    #[test]
    fn what_is_passed_over_is_json_too(text in "[\\[\\]{},:\"0-9eE.nul+-]{0,20}", number in "-?[0-9]{0,3}[.]?[0-9]{0,2}([eE][+-]?[0-9]{0,2})?") {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Empty {}
        for text in [text, number] {
            let inside = format!("{{\"unknown\":{text}}}");
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&inside).is_ok();
            prop_assert_eq!(from_str::<Empty>(&inside).is_ok(), theirs, "{}", inside);
        }
    }
}

#[test]
fn texts_of_all_kinds() {
    for (text, value) in [
        (r#""""#, Some("")),
        (r#""a\"\\\/\b\f\n\r\tz""#, Some("a\"\\/\u{8}\u{c}\n\r\tz")),
        (r#""\u00e9\ud83d\ude00é😀""#, Some("é😀é😀")),
        (r#""\ud83d""#, None),
        (r#""\ud83d\u0041""#, None),
        (r#""\ude00""#, None),
        (r#""\u+041""#, None),
        (r#""\u00""#, None),
        (r#""\x""#, None),
        ("\"\n\"", None),
        ("\"\\", None),
        ("\"a", None),
    ] {
        assert_eq!(from_str::<String>(text).ok().as_deref(), value, "{text}");
    }
}

#[test]
fn numbers_keep_to_their_type() {
    assert_eq!(from_str::<i64>("-9223372036854775808"), Ok(i64::MIN));
    assert_eq!(from_str::<u64>("18446744073709551615"), Ok(u64::MAX));
    for wrong in ["9223372036854775808", "-9223372036854775809", "1.5", "1e3", "01", "-", "+1", ""] {
        assert_eq!(from_str::<i64>(wrong), Err(Garbled), "{wrong}");
    }
    for wrong in ["256", "-1", "18446744073709551616"] {
        assert_eq!(from_str::<u8>(wrong), Err(Garbled), "{wrong}");
    }
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct One {
        a: u8,
        b: Option<u8>,
    }
    let read = from_str::<One>(r#" { "x" : [ { "y" : -1.5e+3 } , null , true , "a" ] , "a" : 1 } "#);
    assert_eq!(read, Ok(One { a: 1, b: None }));
    for wrong in [r#"{"b":1}"#, r#"{"a":1,"a":1}"#, r#"{"a":1,}"#, r#"{"a":1}}"#, r#"{"a" 1}"#, "null", "[1,2]"] {
        assert_eq!(from_str::<One>(wrong), Err(Garbled), "{wrong}");
    }
}

#[test]
fn depth_has_a_bound() {
    let nested = |levels: usize| format!("{}{}{}", r#"{"Nested":"#.repeat(levels), "\"Nothing\"", "}".repeat(levels));
    assert!(from_str::<Shape>(&nested(128)).is_ok());
    assert_eq!(from_str::<Shape>(&nested(129)), Err(Garbled));
    assert_eq!(from_str::<Shape>(&nested(100_000)), Err(Garbled));
    let passed_over = format!("{{\"Box\":{{\"x\":{}", "[".repeat(100_000));
    assert_eq!(from_str::<Shape>(&passed_over), Err(Garbled));
}
