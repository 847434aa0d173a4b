//! One story for each thing that a page does by itself while another tab, or the store, came further.

use super::*;
use crate::Fault;

fn by(mut record: Record, field: Field, value: &str, version: i64) -> Record {
    record.set(field, Value::text(value));
    record.set_stamp(field.unit(), Stamp { version, by: "ops".into(), by_id: None, at: version * 1000 });
    record
}

fn saved() -> Record {
    saved_device().hidden()
}

fn name(value: &str) -> WorkingCopy {
    let mut copy = copy();
    copy.set(Field::Name, Value::text(value), 10);
    copy
}

fn in_tab(tab: u32, copy: &WorkingCopy) -> WorkingCopy {
    WorkingCopy { tab, ..copy.clone() }
}

fn went_through(copy: &mut WorkingCopy, n: u128, record: Record) {
    copy.answered(operation(n), Answer::Saved { record, changed: vec![Field::Name] }, 100, 0);
}

/// What both come to, whichever takes in the other first.
fn both(left: &WorkingCopy, right: &WorkingCopy) -> WorkingCopy {
    let (mut one, mut other) = (left.clone(), right.clone());
    one.join(right);
    other.join(left);
    let same = |copy: &WorkingCopy| (copy.draft().clone(), copy.queue().to_vec(), copy.hold().cloned(), copy.secrets_lost());
    assert_eq!(same(&one), same(&other));
    one
}

#[test]
fn a_save_of_what_was_typed_on_top_of_the_operators_own_goes_on_from_that() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let mut behind = in_tab(2, &page);
    page.begin(operation(1), 30);
    behind.set(Field::Name, Value::text("Hall"), 40);
    behind.save(false, 50);
    went_through(&mut page, 1, by(saved(), Field::Name, "Lobby", 2));
    let mut joined = both(&page, &behind);
    let items = joined.begin(operation(2), 200).unwrap().patch.unwrap().items;
    assert_eq!((items.len(), items[0].based_on.version, items[0].value.clone()), (1, 2, Value::text("Hall")));
}

#[test]
fn what_was_typed_again_as_it_was_saved_is_not_sent_again() {
    let mut page = name("Lobby");
    page.save(false, 20);
    page.begin(operation(1), 30);
    page.set(Field::Name, Value::text("Hall"), 40);
    page.set(Field::Name, Value::text("Lobby"), 41);
    page.set(Field::ExpireSeconds, Value::text("600"), 42);
    page.save(false, 50);
    let behind = in_tab(2, &page);
    went_through(&mut page, 1, by(saved(), Field::Name, "Lobby", 2));
    let joined = both(&page, &behind);
    assert_eq!(joined.queue()[0].items.iter().map(|item| item.field).collect::<Vec<_>>(), [Field::ExpireSeconds]);
}

#[test]
fn save_pressed_once_more_on_a_page_that_does_not_know_of_the_send_is_that_change() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let mut behind = in_tab(2, &page);
    page.begin(operation(1), 30);
    assert_eq!(behind.save(false, 40), Asked::Queued);
    let joined = both(&page, &behind);
    assert_eq!((joined.queue().len(), joined.status()), (1, Status::Sent));
}

#[test]
fn a_refused_change_goes_out_again_only_where_save_is_pressed_again() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let mut behind = in_tab(2, &page);
    page.begin(operation(1), 30);
    page.answered(operation(1), Answer::Refused { why: "No.".into() }, 40, 0);
    assert_eq!(both(&page, &behind).status(), Status::Refused);
    behind.save(false, 50);
    assert_eq!(both(&page, &behind).status(), Status::Waiting, "whatever it knew");
    let behind = in_tab(2, &page);
    page.save(false, 50);
    assert_eq!(both(&page, &behind).status(), Status::Waiting);
}

#[test]
fn what_a_save_took_back_does_not_wait_any_more() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let behind = in_tab(2, &page);
    page.undo(Field::Name, 30);
    page.save(false, 40);
    assert!(both(&page, &behind).is_empty());
}

#[test]
fn typed_as_the_operators_own_save_made_it_before_that_is_known() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let mut other = in_tab(2, &page);
    page.begin(operation(1), 30);
    let record = by(saved(), Field::Name, "Lobby", 2);
    other.load(record.clone());
    other.set(Field::Name, Value::text("Hall"), 40);
    other.set(Field::Name, Value::text("Lobby"), 50);
    let mut joined = both(&page, &other);
    assert_eq!(joined.draft().value(Field::Name), Value::text("Lobby"));
    went_through(&mut joined, 1, record);
    assert!(joined.is_empty());
}

#[test]
fn a_saved_state_that_one_page_loaded_comes_in_everywhere() {
    let mut page = name("Lobby");
    page.save(false, 20);
    let mut other = in_tab(2, &page);
    page.begin(operation(1), 30);
    page.answered(operation(1), Answer::Refused { why: "No.".into() }, 40, 0);
    other.load(by(saved(), Field::Mac, "805ec0123456", 2));
    let joined = both(&page, &other);
    assert_eq!(joined.draft().value(Field::Mac), Value::text("805ec0123456"));
    assert_eq!(joined.draft().modified(), [Field::Name]);
}

#[test]
fn what_others_saved_too_and_then_changed_is_asked_where_one_page_saw_only_the_end() {
    let mut page = name("Lobby");
    let mut other = in_tab(2, &page);
    page.load(by(saved(), Field::Name, "Lobby", 2));
    for copy in [&mut page, &mut other] {
        copy.load(by(saved(), Field::Name, "Foyer", 3));
    }
    let joined = both(&page, &other);
    assert_eq!((joined.draft().value(Field::Name), joined.draft().conflicts()), (Value::text("Lobby"), vec![Field::Name.unit()]));
}

#[test]
fn what_was_put_away_in_one_tab_is_put_away_in_all() {
    let mut page = name("Lobby");
    page.set(Field::Password, Value::secret("password-one"), 15);
    page.save(false, 20);
    page.begin(operation(1), 30);
    page.answered(operation(1), Answer::Invalid { faults: crate::few::Map::from([(Field::Mac, Fault::Shape)]) }, 40, 0);
    page.sign_out();
    let mut other = in_tab(2, &page);
    other.without_secret();
    assert!(page.secrets_lost() && !both(&page, &other).secrets_lost());
    other.discard(50);
    assert!(page.hold().is_some() && both(&page, &other).hold().is_none());
}
