//! One draft in several tabs: whatever is said twice, late or out of order, all end with the same, and nothing typed last is gone.

use super::world::{FIELDS, nth};
use super::*;
use crate::form::{Author, merge};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn of_each_field_stands_what_was_typed_last() {
    let (mut left, mut right) = (copy(), WorkingCopy { tab: 2, ..copy() });
    left.set(Field::Name, Value::text("Lobby"), 1);
    assert!(right.join(&left) && !right.join(&left));
    right.set(Field::Name, Value::text("Hall"), 2);
    left.set(Field::ExpireSeconds, Value::text("12x"), 3);
    let old = left.clone();
    left.join(&right);
    right.join(&old);
    assert_eq!(left.draft(), right.draft());
    assert_eq!(left.draft().modified(), [Field::Name, Field::ExpireSeconds]);
    right.undo(Field::Name, 4);
    left.join(&right);
    assert_eq!(left.draft().modified(), [Field::ExpireSeconds]);
}

#[test]
fn typed_in_one_tab_while_the_other_saved() {
    let mut left = copy();
    left.set(Field::Name, Value::text("Lobby"), 1);
    left.save(false, 2);
    left.begin(operation(1), 3);
    let mut right = WorkingCopy { tab: 2, ..left.clone() };
    right.set(Field::Name, Value::text("Hall"), 4);
    let mut back = WorkingCopy { tab: 3, ..left.clone() };
    back.undo(Field::Name, 4);
    let mut record = saved_device().hidden().with(Field::Name, Value::text("Lobby"));
    record.set_stamp(Field::Name.unit(), Stamp { version: 2, by: "me".into(), by_id: None, at: 5 });
    left.answered(operation(1), Answer::Saved { record, changed: vec![Field::Name] }, 5, 0);
    right.join(&left);
    assert_eq!(right.draft().value(Field::Name), Value::text("Hall"));
    assert!(right.draft().conflicts().is_empty() && right.queue().is_empty());
    back.join(&left);
    assert_eq!(back.draft().value(Field::Name), Value::text("New Device"));
    assert_eq!(back.draft().modified(), [Field::Name]);
}

#[test]
fn a_refusal_that_was_edited_away_in_one_tab_is_gone_in_all_and_they_come_to_rest() {
    let mut left = copy();
    left.set(Field::Name, Value::text("Lobby"), 1);
    left.save(false, 2);
    left.begin(operation(1), 3);
    let faults = [(Field::Name, crate::Fault::Required), (Field::Mac, crate::Fault::Shape)].into_iter().collect();
    left.answered(operation(1), Answer::Invalid { faults }, 4, 0);
    let mut right = WorkingCopy { tab: 2, ..left.clone() };
    right.set(Field::Name, Value::text("Hall"), 5);
    assert!(left.join(&right));
    let Some(Hold::Refused { faults, .. }) = left.hold() else { panic!("still refused") };
    assert!(!faults.contains_key(&Field::Name) && faults.contains_key(&Field::Mac));
    assert!(!right.join(&left) && !left.join(&right));
}

#[test]
fn the_answer_in_one_tab_goes_before_what_another_loaded_meanwhile() {
    let mut left = copy();
    left.set(Field::Name, Value::text("Lobby"), 1);
    left.save(false, 2);
    left.begin(operation(1), 3);
    let mut right = WorkingCopy { tab: 99, ..left.clone() };
    let mut record = saved_device().hidden().with(Field::Name, Value::text("Lobby"));
    record.set_stamp(Field::Name.unit(), Stamp { version: 2, by: "me".into(), by_id: None, at: 5 });
    right.load(record.clone());
    left.answered(operation(1), Answer::Saved { record, changed: vec![Field::Name] }, 5, 0);
    assert!(right.join(&left));
    assert!(right.queue().is_empty() && right.is_empty() && !left.join(&right));
}

#[test]
fn another_operator_or_device_is_another_draft() {
    let mut left = copy();
    let mut other = WorkingCopy::new(key(2, 7), saved_device().hidden(), 0, 2);
    other.set(Field::Name, Value::text("Lobby"), 1);
    assert!(!left.join(&other) && left.is_empty());
}

/// Three tabs, one store. `store` is read, joined and written at once; messages come late, twice, or never.
fn run(acts: Vec<(u8, u8)>) {
    let mut tabs = [1, 2, 3].map(|tab| WorkingCopy { tab, ..copy() });
    let mut store = copy();
    let mut server = saved_device();
    let mut told: Vec<WorkingCopy> = Vec::new();
    let mut last: BTreeMap<Field, (u64, u32, Value)> = BTreeMap::new();
    let mut hidden: Vec<Field> = Vec::new();
    let (mut typed, mut version) = (0, 1);
    for (act, how) in acts {
        let (tab, more) = (usize::from(how) % 3, how / 3);
        let copy = &mut tabs[tab];
        match act % 10 {
            0..=3 => {
                typed += 1;
                let field = FIELDS[usize::from(more) % FIELDS.len()];
                copy.set(field, nth(field, typed), 1);
                let tick = copy.ticks.last().unwrap();
                let newest = (tick.count, tick.tab, nth(field, typed));
                let known = last.get(&field).is_some_and(|known| (known.0, known.1) > (newest.0, newest.1));
                if !known {
                    last.insert(field, newest);
                }
            }
            4 | 5 => told.push(copy.clone()),
            6 | 7 if !told.is_empty() => {
                let message = told[usize::from(more) % told.len()].clone();
                copy.join(&message);
                let once = copy.clone();
                copy.join(&message);
                assert_eq!(*copy, once, "said twice");
            }
            // Everything but typing: under the lock of the store.
            8 => {
                copy.join(&store);
                copy.save(false, 1);
                store = copy.clone();
            }
            9 => {
                copy.join(&store);
                if let Some(sending) = copy.begin(operation(u128::from(act) << 16 | u128::from(how) << 8 | u128::from(typed)), 1) {
                    let id = copy.key.operator;
                    let author = Author { id, name: "me", at: 1, version: version + 1 };
                    let merged = merge(&server, &sending.patch.unwrap(), &author).unwrap_or_else(|refusal| panic!("alone: {refusal:?}"));
                    version += 1;
                    server = merged.record;
                    // A save that goes through drops the side that a choice hides.
                    hidden.extend(FIELDS.into_iter().filter(|field| !copy.draft().is_shown(*field)));
                    let answer = Answer::Saved { record: server.clone().hidden(), changed: merged.changed };
                    copy.answered(sending.operation, answer, 1, 0);
                }
                store = copy.clone();
            }
            _ => {}
        }
    }
    // Everybody hears of everybody, in different orders.
    for round in 0..2 {
        for i in 0..3 {
            for j in [(i + 1 + round) % 3, (i + 2 - round) % 3] {
                let other = tabs[j].clone();
                tabs[i].join(&other);
            }
            tabs[i].join(&store);
        }
    }
    for tab in &tabs[1..] {
        assert_eq!((tab.draft(), tab.queue()), (tabs[0].draft(), tabs[0].queue()), "the tabs differ");
    }
    for (field, (_, _, value)) in last {
        let draft = tabs[0].draft();
        let saved = field.normal(&value).is_ok_and(|value| value == server.value(field));
        assert!(draft.value(field) == value || saved || hidden.contains(&field), "{field:?} {value:?} is gone: {:?}", tabs[0]);
    }
    assert!(tabs[0].draft().conflicts().is_empty(), "nobody else was there");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn all_tabs_end_with_the_same(acts in prop::collection::vec(any::<(u8, u8)>(), 1..40)) {
        run(acts);
    }
}
