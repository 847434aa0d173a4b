//! Drafts and merging: what is derived, and that nothing of anybody goes silently, in any interleaving.

use super::*;
use crate::{Fault, OperationId, OperatorId, Value, routing::Flag};
use proptest::prelude::*;
use uuid::Uuid;

fn saved_device() -> Record {
    let mut record =
        Kind::Device.blank().with(Field::Username, Value::text("user_k3mp7xab")).with(Field::Password, Value::secret("Xk7pQ2vR9mT4wZ8n"));
    record.set_stamp(Field::ExpireSeconds.unit(), stamp(1, "ops-north"));
    record
}

fn stamp(version: i64, by: &str) -> Stamp {
    Stamp { version, by: by.into(), by_id: None, at: version * 1000 }
}

fn operation(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

fn author(version: i64) -> Author<'static> {
    Author { id: OperatorId(Uuid::from_u128(9)), name: "ops-east", at: version * 1000, version }
}

fn draft() -> Draft {
    Draft::new(saved_device().hidden())
}

#[test]
fn a_mark_comes_with_the_first_difference_and_goes_when_it_is_put_back() {
    let mut d = draft();
    d.set(Field::ExpireSeconds, Value::text("36"));
    assert_eq!(d.state(Field::ExpireSeconds), State::Invalid);
    assert_eq!(d.modified(), [Field::ExpireSeconds]);
    d.set(Field::ExpireSeconds, Value::text("0360"));
    assert_eq!(d.state(Field::ExpireSeconds), State::Clean, "the same in normal form");
    d.set(Field::ExpireSeconds, Value::text("120"));
    assert_eq!(d.state(Field::ExpireSeconds), State::Modified);
    d.undo(Field::ExpireSeconds);
    assert!(d.modified().is_empty());
}

#[test]
fn the_hidden_side_is_kept_but_neither_marked_nor_validated_nor_sent() {
    let mut d = draft();
    d.set(Field::Username, Value::text("x"));
    d.set(Field::Method, Value::text("ip"));
    assert_eq!(d.modified(), [Field::Method]);
    assert_eq!(d.fault(Field::Username), None);
    assert_eq!(d.fault(Field::Ip), Some(Fault::Required));
    assert!(d.patch(operation(1)).items.iter().all(|item| item.field == Field::Method));
    d.set(Field::Method, Value::text("password"));
    assert_eq!(d.value(Field::Username), Value::text("x"));
    assert_eq!(d.state(Field::Username), State::Invalid);
}

#[test]
fn a_save_that_went_through_drops_the_hidden_side_and_keeps_what_was_typed_since() {
    let mut d = draft();
    d.set(Field::Username, Value::text("typed_before"));
    d.set(Field::Method, Value::text("ip"));
    d.set(Field::Ip, Value::List(vec!["203.0.113.7".into()]));
    let patch = d.patch(operation(1));
    d.set(Field::ExpireSeconds, Value::text("120"));
    let merged = merge(&saved_device(), &patch, &author(2)).unwrap();
    d.saved(&patch, merged.record.hidden());
    assert_eq!(d.modified(), [Field::ExpireSeconds]);
    assert!(!d.edits().contains_key(&Field::Username));
}

#[test]
fn the_password_has_no_base() {
    let mut d = draft();
    assert_eq!(d.value(Field::Password), Value::Hidden);
    d.set(Field::Password, Value::secret("short"));
    assert_eq!(d.state(Field::Password), State::Invalid);
    d.set(Field::Password, Value::secret("longer-one"));
    assert_eq!(d.state(Field::Password), State::Modified);
    assert!(!format!("{d:?}").contains("longer-one"));
    let (clear, lost) = d.without_secrets();
    assert!(lost && clear.modified().is_empty());
}

#[test]
fn untouched_fields_merge_and_touched_units_conflict_whole() {
    let base = saved_device();
    let mut mine = draft();
    mine.set(Field::ExpireSeconds, Value::text("120"));
    mine.set(Field::Username, Value::text("desk1001"));
    let mut theirs = draft();
    theirs.set(Field::Name, Value::text("Reception"));
    theirs.set(Field::Password, Value::secret("another-secret"));
    let now = merge(&base, &theirs.patch(operation(1)), &author(2)).unwrap().record;

    let Err(Refusal::Conflict(units)) = merge(&now, &mine.patch(operation(2)), &author(3)) else { panic!("the unit was touched") };
    assert_eq!(units.len(), 1);
    assert_eq!(units[0].unit, Field::Method.unit());
    assert_eq!(units[0].values.keys().copied().collect::<Vec<_>>(), [Field::Method, Field::Username, Field::Password, Field::Ip]);
    assert_eq!(units[0].values[&Field::Password], Value::Hidden);

    mine.rebase(now.clone().hidden());
    assert_eq!(mine.state(Field::Username), State::Conflict);
    assert_eq!(mine.state(Field::ExpireSeconds), State::Modified);
    assert_eq!(mine.value(Field::Name), Value::text("Reception"));
    mine.keep_mine(Field::Method.unit());
    let merged = merge(&now, &mine.patch(operation(3)), &author(3)).unwrap();
    assert_eq!(merged.record.text(Field::Username), "desk1001");
    assert_eq!(merged.record.get(Field::Password), Some(&Value::secret("another-secret")));
}

#[test]
fn equal_values_are_no_conflict() {
    let base = saved_device();
    let mut both = draft();
    both.set(Field::ExpireSeconds, Value::text("120"));
    both.set(Field::Password, Value::secret("the-same-one"));
    let now = merge(&base, &both.patch(operation(1)), &author(2)).unwrap().record;
    let again = merge(&now, &both.patch(operation(2)), &author(3)).unwrap();
    assert!(again.changed.is_empty());
    assert_eq!(again.record, now);
}

#[test]
fn what_was_sent_is_ones_own_side_where_the_rest_of_its_unit_waits_for_a_choice() {
    let mut d = draft();
    d.set(Field::InviteFormat, Value::text("e164"));
    // Somebody else's save of the unit: it waits for a choice, and meanwhile the number is typed too.
    let mut theirs = draft();
    theirs.set(Field::InviteFormat, Value::text("npan"));
    let first = merge(&saved_device(), &theirs.patch(operation(1)), &author(2)).unwrap().record;
    d.rebase(first.clone().hidden());
    d.set(Field::Number, Value::text(""));
    // They save the same format as is typed here, and another number; the save here changes nothing any more.
    let mut theirs = Draft::new(first.clone().hidden());
    theirs.set(Field::InviteFormat, Value::text("e164"));
    theirs.set(Field::Number, Value::text("+12234567890"));
    let second = merge(&first, &theirs.patch(operation(2)), &author(3)).unwrap().record;
    let patch = d.patch(operation(3));
    assert!(merge(&second, &patch, &author(4)).unwrap().changed.is_empty());
    d.saved(&patch, second.hidden());
    assert_eq!((d.value(Field::InviteFormat), d.is_modified(Field::InviteFormat)), (Value::text("e164"), false));
    assert!(d.is_conflict(Field::Number), "the number waits for a choice");
}

#[test]
fn the_whole_merged_record_is_validated() {
    let mut d = draft();
    d.set(Field::InviteFormat, Value::text("route"));
    let Err(Refusal::Invalid(faults)) = merge(&saved_device(), &d.patch(operation(1)), &author(2)) else { panic!("a route is required") };
    assert_eq!(faults[&Field::Route], Fault::Required);
}

#[test]
fn a_crafted_patch_is_refused_at_its_field() {
    let base = saved_device();
    let item = |field: Field, value| PatchItem { field, based_on: base.stamp(field.unit()), value };
    for (field, value) in [
        (Field::SeatName, Value::text("x")),
        (Field::Password, Value::Hidden),
        (Field::ExpireSeconds, Value::Switch(true)),
        (Field::OutboundFlags, Value::Flags(vec![Flag::fixed("a"), Flag::fixed("a")])),
        (Field::Username, Value::text("a b")),
    ] {
        let patch = Patch { operation: operation(1), items: vec![item(field, value)] };
        let Err(Refusal::Invalid(faults)) = merge(&saved_device(), &patch, &author(2)) else { panic!("{field:?}") };
        assert!(faults.contains_key(&field));
    }
}

#[test]
fn activity_never_shows_a_password() {
    let mut d = draft();
    d.set(Field::Password, Value::secret("another-secret"));
    let merged = merge(&saved_device(), &d.patch(operation(1)), &author(2)).unwrap();
    assert_eq!(merged.changes, [Change { field: Field::Password, from: "hidden".into(), to: "changed".into() }]);
}

/// What one of two operators does next.
#[derive(Clone, Debug)]
enum Act {
    Type(Field, Value),
    Undo(Field),
    /// Sends; a conflict is rebased and stays open.
    Save,
    /// The live stream brings what is saved now.
    Rebase,
    Mine(Field),
    Theirs(Field),
}

fn act() -> impl Strategy<Value = (usize, Act)> {
    let field = prop::sample::select(vec![
        Field::Name,
        Field::ExpireSeconds,
        Field::Username,
        Field::Password,
        Field::Method,
        Field::Ip,
        Field::Number,
        Field::InviteFormat,
    ]);
    let typed = (field.clone(), 0..3usize).prop_map(|(field, n)| {
        let value = match field {
            Field::Name => Value::text(["Desk", "Lobby", ""][n]),
            Field::ExpireSeconds => Value::text(["120", "600", "12"][n]),
            Field::Username => Value::text(["desk1", "desk2", "user_k3mp7xab"][n]),
            Field::Password => Value::secret(["password-one", "password-two", "short"][n]),
            Field::Method => Value::text(["ip", "password", "ip"][n]),
            Field::Ip => Value::List(vec![["10.0.0.1", "10.0.0.2", "nonsense"][n].into()]),
            Field::Number => Value::text(["+12234567890", "", "12"][n]),
            _ => Value::text(["e164", "contact", "npan"][n]),
        };
        Act::Type(field, value)
    });
    let act = prop_oneof![
        6 => typed,
        1 => field.clone().prop_map(Act::Undo),
        4 => Just(Act::Save),
        1 => Just(Act::Rebase),
        2 => field.clone().prop_map(Act::Mine),
        1 => field.prop_map(Act::Theirs),
    ];
    (0..2usize, act)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Two operators, any order: whoever changes a unit has seen the state that is changed, and nothing typed goes without a choice of whoever typed it.
    #[test]
    fn nothing_is_overwritten_or_lost_silently(acts in prop::collection::vec(act(), 1..40)) {
        let mut server = saved_device();
        let mut version = 1;
        let mut drafts = [draft(), draft()];
        for (who, act) in acts {
            let d = &mut drafts[who];
            let typed = d.edits().clone();
            match act {
                Act::Type(field, value) => {
                    d.set(field, value.clone());
                    prop_assert_eq!(d.value(field), value);
                }
                Act::Undo(field) => d.undo(field),
                Act::Mine(field) => d.keep_mine(field.unit()),
                Act::Theirs(field) => d.take_theirs(field.unit()),
                Act::Rebase => {
                    d.rebase(server.clone().hidden());
                    for (field, edit) in &typed {
                        let there = d.value(*field) == edit.value;
                        let same = field.normal(&edit.value).ok() == Some(server.value(*field).hidden());
                        prop_assert!(there || same, "{field:?} was lost");
                    }
                }
                Act::Save => {
                    let patch = d.patch(operation(1));
                    match merge(&server, &patch, &author(version + 1)) {
                        Ok(merged) => {
                            for field in &merged.changed {
                                let item = patch.items.iter().find(|i| i.field == *field).unwrap();
                                prop_assert_eq!(item.based_on.version, server.stamp(field.unit()).version, "{:?} changed unseen", field);
                            }
                            for field in Field::DEVICE {
                                let sent = merged.changed.contains(&field);
                                prop_assert!(sent || merged.record.value(field) == server.value(field), "{field:?} changed unasked");
                            }
                            prop_assert!(merged.record.faults().is_empty());
                            if !merged.changed.is_empty() {
                                version += 1;
                            }
                            server = merged.record;
                            d.saved(&patch, server.clone().hidden());
                            prop_assert!(patch.items.iter().all(|item| !d.is_modified(item.field)));
                        }
                        Err(Refusal::Conflict(units)) => {
                            d.rebase(server.clone().hidden());
                            for unit in units {
                                let mine = typed.keys().any(|f| f.unit() == unit.unit && d.is_conflict(*f));
                                prop_assert!(mine, "a conflict must stay visible until it is decided");
                            }
                        }
                        Err(Refusal::Invalid(faults)) => {
                            prop_assert!(!faults.is_empty());
                            prop_assert_eq!(d.edits(), &typed);
                        }
                    }
                }
            }
        }
    }
}
