//! One story for each thing that can happen to a change.

use super::*;
use crate::{Fault, Millis, SECOND};

fn stamped(mut record: Record, field: Field, value: Value, version: i64, by: u128) -> Record {
    record.set(field, value);
    let by_id = Some(OperatorId(Uuid::from_u128(by)));
    record.set_stamp(field.unit(), Stamp { version, by: format!("ops-{by}"), by_id, at: version * 1000 });
    record
}

fn typed(field: Field, value: &str) -> WorkingCopy {
    let mut copy = copy();
    copy.set(field, Value::text(value), 10);
    copy
}

fn saved(record: Record, changed: &[Field]) -> Answer {
    Answer::Saved { record, changed: changed.to_vec() }
}

#[test]
fn a_change_that_was_never_sent_takes_further_edits_in() {
    let mut copy = typed(Field::Name, "Lobby");
    assert_eq!(copy.save(false, 20), Asked::Queued);
    copy.set(Field::ExpireSeconds, Value::text("120"), 30);
    assert_eq!(copy.queue()[0].items.len(), 1, "typed, but not saved");
    assert_eq!(copy.save(false, 40), Asked::Queued);
    assert_eq!((copy.queue().len(), copy.queue()[0].items.len(), copy.status()), (1, 2, Status::Waiting));
    copy.undo(Field::Name, 50);
    copy.undo(Field::ExpireSeconds, 50);
    assert_eq!(copy.save(false, 60), Asked::Nothing);
    assert_eq!((copy.status(), copy.is_empty()), (Status::Idle, true));
}

#[test]
fn a_change_that_was_sent_stays_and_the_next_goes_on_from_its_answer() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    let first = copy.begin(operation(1), 30).unwrap();
    copy.set(Field::Name, Value::text("Hall"), 40);
    copy.set(Field::ExpireSeconds, Value::text("120"), 40);
    assert_eq!(copy.save(false, 50), Asked::Queued);
    copy.answered(operation(1), Answer::Nothing, 60, 0);
    assert_eq!(copy.begin(operation(2), 70).unwrap(), Sending { again: true, ..first }, "again as it was");

    let record = stamped(saved_device().hidden(), Field::Name, Value::text("Lobby"), 2, 1);
    let record = stamped(record, Field::Mac, Value::text("805ec0123456"), 3, 2);
    let came = copy.answered(operation(1), saved(record, &[Field::Name]), 80, 0);
    assert_eq!(came, [CameIn { field: Field::Mac, by: "ops-2".into(), value: Value::text("805ec0123456") }]);
    assert_eq!(copy.draft().value(Field::Name), Value::text("Hall"));
    let second = copy.begin(operation(3), 90).unwrap();
    let patch = second.patch.unwrap();
    assert_eq!(second.operation, operation(3));
    assert_eq!(
        patch.items.iter().map(|item| (item.field, item.based_on.version)).collect::<Vec<_>>(),
        [(Field::Name, 2), (Field::ExpireSeconds, 0)]
    );
}

#[test]
fn what_an_answer_saved_is_not_sent_again() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    copy.set(Field::ExpireSeconds, Value::text("120"), 40);
    copy.save(false, 50);
    assert_eq!(copy.queue()[1].items.len(), 2, "all of it, should the first be refused");
    let record = stamped(saved_device().hidden(), Field::Name, Value::text("Lobby"), 2, 1);
    copy.answered(operation(1), saved(record, &[Field::Name]), 60, 0);
    assert_eq!(copy.queue()[0].items.iter().map(|item| item.field).collect::<Vec<_>>(), [Field::ExpireSeconds]);
}

#[test]
fn put_back_while_it_is_under_way_is_an_edit() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    copy.set(Field::Name, Value::text("New Device"), 40);
    assert_eq!(copy.save(false, 50), Asked::Queued);
    copy.answered(operation(1), saved(stamped(saved_device().hidden(), Field::Name, Value::text("Lobby"), 2, 1), &[Field::Name]), 60, 0);
    assert_eq!(copy.draft().modified(), [Field::Name]);
    assert_eq!(copy.begin(operation(2), 70).unwrap().patch.unwrap().items[0].value, Value::text("New Device"));
}

#[test]
fn what_is_saved_meanwhile_waits_for_the_answer() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    let mine = stamped(saved_device().hidden(), Field::Name, Value::text("Lobby"), 2, 1);
    let now = stamped(mine.clone(), Field::Mac, Value::text("805ec0123456"), 3, 2);
    copy.set(Field::Name, Value::text("Hall"), 35);
    assert!(copy.load(now).is_empty());
    let came = copy.answered(operation(1), saved(mine, &[Field::Name]), 50, 0);
    assert_eq!(came.len(), 1);
    assert!(copy.draft().conflicts().is_empty(), "one's own save is nobody else's");
}

#[test]
fn a_conflict_waits_for_a_choice_and_the_choice_is_checked_again() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.set(Field::ExpireSeconds, Value::text("120"), 10);
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    let theirs = stamped(saved_device().hidden(), Field::Name, Value::text("Hall"), 2, 2);
    copy.answered(operation(1), Answer::Conflict { record: theirs.clone() }, 40, 0);
    assert_eq!(copy.status(), Status::NeedsChoice);
    assert_eq!((next(&[copy.clone()], 1_000_000), copy.begin(operation(2), 50)), (Next::Nothing, None));
    assert_eq!(copy.save(false, 60), Asked::Choose(vec![Field::Name.unit()]));

    let name = |mine, seen| [Decision { unit: Field::Name.unit(), mine, seen }];
    assert_eq!(copy.decide(&name(true, 2), false, 70), Asked::Queued);
    let patch = copy.begin(operation(2), 80).unwrap().patch.unwrap();
    assert_eq!(patch.items.iter().map(|item| item.based_on.version).collect::<Vec<_>>(), [2, 0]);
    let again = stamped(theirs, Field::Name, Value::text("Foyer"), 3, 2);
    copy.answered(operation(2), Answer::Conflict { record: again }, 90, 0);
    assert_eq!(copy.status(), Status::NeedsChoice);
    assert_eq!(
        copy.decide(&name(true, 2), false, 95),
        Asked::Choose(vec![Field::Name.unit()]),
        "another value than the one that was shown"
    );
    assert_eq!(copy.decide(&[], false, 96), Asked::Choose(vec![Field::Name.unit()]));
    assert_eq!((copy.status(), copy.draft().value(Field::Name)), (Status::NeedsChoice, Value::text("Lobby")));
    assert_eq!(copy.decide(&name(false, 3), false, 100), Asked::Queued);
    assert_eq!(copy.begin(operation(3), 110).unwrap().patch.unwrap().items.len(), 1);
    assert_eq!(copy.draft().value(Field::Name), Value::text("Foyer"));
}

#[test]
fn a_conflict_that_is_none_any_more_goes_out_again_by_itself() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.set(Field::ExpireSeconds, Value::text("120"), 10);
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    copy.undo(Field::Name, 35);
    let theirs = stamped(saved_device().hidden(), Field::Name, Value::text("Hall"), 2, 2);
    let came = copy.answered(operation(1), Answer::Conflict { record: theirs }, 40, 0);
    assert_eq!(came[0].field, Field::Name);
    let sending = copy.begin(operation(2), 50).unwrap();
    assert_eq!((sending.operation, sending.patch.unwrap().items[0].field), (operation(2), Field::ExpireSeconds));
}

#[test]
fn a_refusal_stands_at_its_field_until_that_is_edited() {
    let mut copy = typed(Field::Username, "desk1");
    copy.set(Field::Name, Value::text("Lobby"), 10);
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    let faults = crate::few::Map::from([(Field::Username, Fault::Choice), (Field::Name, Fault::Choice)]);
    copy.answered(operation(1), Answer::Invalid { faults }, 40, 0);
    assert_eq!((copy.status(), copy.draft().value(Field::Username)), (Status::Refused, Value::text("desk1")));
    copy.set(Field::Username, Value::text("desk2"), 50);
    let left = crate::few::Map::from([(Field::Name, Fault::Choice)]);
    assert_eq!(copy.hold(), Some(&Hold::Refused { faults: left, why: String::new() }));
    copy.set(Field::Name, Value::text("Hall"), 55);
    assert_eq!((copy.status(), copy.hold()), (Status::Idle, None), "each is typed anew");
    assert_eq!(copy.save(false, 60), Asked::Queued);
    assert_eq!((copy.status(), copy.hold()), (Status::Waiting, None));
}

#[test]
fn a_deleted_device_leaves_the_draft_and_its_return_brings_it_back() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    copy.answered(operation(1), Answer::Gone { name: "Desk".into(), by: "ops-2".into(), at: 35 }, 40, 0);
    assert_eq!((copy.status(), copy.draft().value(Field::Name)), (Status::Gone, Value::text("Lobby")));
    copy.load(saved_device().hidden());
    assert_eq!((copy.status(), copy.draft().modified()), (Status::Idle, vec![Field::Name]));
}

#[test]
fn an_expired_session_sends_the_same_after_the_sign_in() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    let sending = copy.begin(operation(1), 30).unwrap();
    copy.answered(operation(1), Answer::SignedOut, 40, 0);
    assert_eq!(copy.status(), Status::Sent);
    assert_eq!(copy.begin(operation(2), 50), Some(sending));
}

#[test]
fn the_wait_grows_and_ends_when_anything_gets_through() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 0);
    let mut waits: Vec<Millis> = Vec::new();
    for _ in 0..10 {
        copy.begin(operation(1), 0);
        copy.answered(operation(1), Answer::Nothing, 0, 1000);
        let Next::Wait(then) = next(&[copy.clone()], 0) else { panic!("it waits") };
        waits.push(then / SECOND);
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    copy.hurry();
    assert_eq!(next(&[copy.clone()], 0), Next::Send(0));
    copy.begin(operation(1), 0);
    copy.answered(operation(1), Answer::Later { wait: 1000 * SECOND }, 0, 0);
    assert_eq!(next(&[copy], 0), Next::Wait(1000 * SECOND));
}

#[test]
fn the_oldest_goes_first_and_who_waits_for_a_choice_is_passed_over() {
    let (mut old, mut new) = (typed(Field::Name, "Lobby"), typed(Field::Name, "Hall"));
    new.save(false, 30);
    old.save(false, 20);
    assert_eq!(next(&[new.clone(), old.clone()], 40), Next::Send(1));
    old.load(stamped(saved_device().hidden(), Field::Name, Value::text("Foyer"), 2, 2));
    assert_eq!(old.status(), Status::NeedsChoice);
    assert_eq!(next(&[new, old], 40), Next::Send(0));
}

#[test]
fn what_waited_longer_than_the_server_remembers_is_a_draft() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    assert!(copy.begin(operation(2), OPERATIONS_KEPT).is_some());
    assert_eq!(copy.begin(operation(3), OPERATIONS_KEPT + 21), None);
    assert_eq!((copy.status(), copy.draft().modified()), (Status::TooOld, vec![Field::Name]));
}

#[test]
fn signing_out_leaves_drafts_without_secrets_and_what_has_to_be_asked_for() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.set(Field::Password, Value::secret("password-one"), 15);
    copy.save(false, 20);
    let mut sent = copy.clone();
    copy.sign_out();
    assert_eq!((copy.status(), copy.secrets_lost(), copy.draft().modified()), (Status::SignedOut, true, vec![Field::Name]));
    assert!(copy.queue().is_empty() && copy.pack().secrets.is_none());
    copy.set(Field::Password, Value::secret("password-two"), 30);
    assert!(!copy.secrets_lost(), "typed again");

    sent.begin(operation(1), 30);
    sent.sign_out();
    assert!(sent.secrets_lost() && !sent.pack().clear.contains("password-one"));
    assert_eq!(sent.queue()[0].items.iter().map(|item| item.value.clone()).collect::<Vec<_>>(), [Value::text("Lobby"), Value::Hidden]);
    let sending = sent.begin(operation(2), 40).unwrap();
    assert_eq!((sending.operation, sending.patch), (operation(1), None));
    let mut never = sent.clone();
    let record = stamped(saved_device().hidden(), Field::Name, Value::text("Lobby"), 2, 1);
    sent.answered(operation(1), saved(record, &[Field::Name, Field::Password]), 50, 0);
    assert!(sent.is_empty(), "it was saved, with its password");
    never.answered(operation(1), Answer::Unknown, 50, 0);
    assert_eq!((never.status(), never.secrets_lost(), never.draft().modified()), (Status::SignedOut, true, vec![Field::Name]));
}

#[test]
fn discarding_goes_back_to_what_was_saved_last() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.set(Field::Name, Value::text("Hall"), 30);
    copy.set(Field::ExpireSeconds, Value::text("12"), 30);
    copy.discard(40);
    assert_eq!((copy.draft().value(Field::Name), copy.draft().modified()), (Value::text("Lobby"), vec![Field::Name]));
}

#[test]
fn what_waits_is_not_counted_as_unsaved() {
    let mut copy = copy();
    copy.set(Field::Name, Value::text("Lobby"), 1);
    copy.set(Field::ExpireSeconds, Value::text("600"), 1);
    assert_eq!((copy.unsaved().len(), copy.waiting()), (2, 0));
    copy.save(false, 2);
    assert_eq!((copy.unsaved().len(), copy.waiting()), (0, 2));
    assert_eq!(copy.draft().modified().len(), 2, "it still differs from what is saved");
    copy.begin(operation(1), 3);
    copy.set(Field::Name, Value::text("Hall"), 4);
    assert_eq!(copy.unsaved(), [Field::Name]);
    copy.save(false, 5);
    assert_eq!((copy.unsaved().len(), copy.waiting()), (0, 2));
}

#[test]
fn what_is_dropped_waits_no_more_but_what_was_sent_has_its_answer_to_come() {
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.drop_all(30);
    assert!(copy.is_empty() && copy.status() == Status::Idle);
    let mut copy = typed(Field::Name, "Lobby");
    copy.save(false, 20);
    copy.begin(operation(1), 30);
    copy.set(Field::ExpireSeconds, Value::text("120"), 40);
    copy.save(false, 50);
    copy.drop_all(60);
    assert_eq!((copy.queue().len(), copy.draft().value(Field::ExpireSeconds)), (1, Value::text("360")));
    assert_eq!(copy.draft().value(Field::Name), Value::text("Lobby"));
}
