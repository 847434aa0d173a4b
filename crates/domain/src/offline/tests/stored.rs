//! The stored form: the one of this build, of builds before, of builds to come.

use super::*;
use crate::{Secret, form::State};

const V1: &str = include_str!("../../../fixtures/draft-v1.json");
/// Written before it was written down which SAVE a change is of: one was sent, one waits.
const V1_WAITING: &str = include_str!("../../../fixtures/draft-v1-waiting.json");

/// What stands in the fixture, made anew.
fn of_the_fixture() -> WorkingCopy {
    let mut copy = copy();
    copy.set(Field::Name, Value::text("Lobby"), 1_700_000_000_000);
    copy.set(Field::Password, Value::secret("password-one"), 1_700_000_000_100);
    copy.save(false, 1_700_000_000_200);
    copy.begin(operation(0x51), 1_700_000_000_300);
    copy.set(Field::ExpireSeconds, Value::text("12x"), 1_700_000_000_400);
    copy.set(Field::Password, Value::secret("password-two"), 1_700_000_000_500);
    copy.focus = Some(Field::ExpireSeconds);
    copy
}

#[test]
fn a_draft_of_the_first_format_opens() {
    let secrets = Secret::new(r#"["password-two","password-one"]"#);
    let copy = WorkingCopy::unpack(V1, Some(&secrets), 1).unwrap();
    // Fields that came later are not in it: they have their defaults.
    let packed = of_the_fixture().pack();
    let then = packed.clear.replace(r#","reboot_event":{"text":""},"resync_event":{"text":""}"#, "");
    assert_ne!(then, packed.clear);
    let mut then: serde_json::Value = serde_json::from_str(&then).unwrap();
    then["revision"] = serde_json::json!([2, 1]);
    then["queue"][0].as_object_mut().unwrap().remove("presses").unwrap();
    then.as_object_mut().unwrap().remove("over").unwrap();
    assert_eq!(copy, WorkingCopy::unpack(&then.to_string(), packed.secrets.as_ref(), 1).unwrap());
    assert_eq!(copy.draft().value(Field::RebootEvent), Value::text(""));
}

#[test]
fn what_waits_in_a_draft_of_the_first_format_goes_out_once() {
    let secrets = Secret::new(r#"["password-two","password-one","password-two"]"#);
    let open = |tab| WorkingCopy::unpack(V1_WAITING, Some(&secrets), tab).unwrap();
    let (mut page, mut behind) = (open(1), open(2));
    assert_eq!((page.queue().len(), page.unsaved()), (2, vec![Field::Mac]));
    let now = 1_700_000_001_000;
    let sent = page.begin(operation(1), now).unwrap();
    assert_eq!((sent.operation, sent.again), (operation(0x51), true));
    let mut record = saved_device().hidden().with(Field::Name, Value::text("Lobby"));
    for field in [Field::Name, Field::Password] {
        record.set_stamp(field.unit(), Stamp { version: 2, by: "me".into(), by_id: None, at: now });
    }
    page.answered(operation(0x51), Answer::Saved { record: record.clone(), changed: vec![Field::Name, Field::Password] }, now, 0);
    assert!(behind.join(&page));
    let patch = behind.begin(operation(2), now).unwrap().patch.unwrap();
    let items: Vec<_> = patch.items.iter().map(|item| (item.field, item.based_on.version, item.value.clone())).collect();
    assert_eq!(items, [(Field::ExpireSeconds, 0, Value::text("600")), (Field::Password, 2, Value::secret("password-two"))]);
    record.set(Field::ExpireSeconds, Value::text("600"));
    for field in [Field::ExpireSeconds, Field::Password] {
        record.set_stamp(field.unit(), Stamp { version: 3, by: "me".into(), by_id: None, at: now });
    }
    behind.answered(operation(2), Answer::Saved { record, changed: vec![Field::ExpireSeconds, Field::Password] }, now, 0);
    for mut tab in [page, open(3)] {
        tab.join(&behind);
        assert_eq!((tab.queue(), tab.draft().modified()), (&[][..], vec![Field::Mac]));
    }
}

/// The fixtures stay as the releases wrote them; a new format gets another file.
#[test]
fn this_build_writes_the_newest_format() {
    let packed = of_the_fixture().pack();
    if std::env::var_os("SEATLINE_WRITE_FIXTURES").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/draft-v1.json"), &packed.clear).unwrap();
    }
    assert_eq!(WorkingCopy::unpack(&packed.clear, packed.secrets.as_ref(), 1).unwrap(), of_the_fixture());
    assert!(!packed.clear.contains("password-") && !format!("{packed:?} {:?}", of_the_fixture()).contains("password-"));
}

#[test]
fn what_this_build_does_not_know_is_passed_over() {
    let text = V1.replacen('{', r#"{"colour":{"of":["the","sky"]},"#, 1);
    assert!(WorkingCopy::unpack(&text, None, 1).is_ok());
}

#[test]
fn a_newer_format_is_refused_whatever_it_holds() {
    assert_eq!(WorkingCopy::unpack(r#"{"format":2,"pages":[]}"#, None, 1), Err(Unreadable::Newer { format: 2 }));
    let Err(Unreadable::Damaged) = WorkingCopy::unpack(r#"{"format":1}"#, None, 1) else { panic!("no draft") };
    let Err(Unreadable::Damaged) = WorkingCopy::unpack("", None, 1) else { panic!("no draft") };
}

#[test]
fn without_the_key_the_passwords_are_gone_and_nothing_else() {
    let mut copy = WorkingCopy::unpack(V1, None, 1).unwrap();
    assert!(copy.secrets_lost());
    assert_eq!(copy.draft().modified(), [Field::Name, Field::ExpireSeconds]);
    assert_eq!(copy.begin(operation(1), 1_700_000_001_000).unwrap().patch, None, "its result can only be asked for");

    let mut waiting = super::copy();
    waiting.set(Field::Name, Value::text("Lobby"), 1);
    waiting.set(Field::Password, Value::secret("password-one"), 1);
    waiting.save(false, 2);
    let waiting = WorkingCopy::unpack(&waiting.pack().clear, None, 1).unwrap();
    assert!(waiting.queue().is_empty() && waiting.secrets_lost(), "half of it is not what was asked for");
}

#[test]
fn a_key_is_a_text_that_begins_with_the_operator() {
    let key = key(1, 7);
    assert_eq!(key.to_string().parse(), Ok(key));
    assert!(key.to_string().starts_with(&key.operator.to_string()));
    assert!("1/2/device".parse::<Key>().is_err());
}

#[test]
fn a_page_takes_up_what_was_stored() {
    let mut stored = copy();
    stored.set(Field::Name, Value::text("Lobby"), 1);
    stored.set(Field::Mac, Value::text("80:5e"), 2);
    stored.seat = Some(crate::SeatId(Uuid::from_u128(3)));
    // Meanwhile somebody else saved Expire Seconds, and the name is typed anew before the page knew of the draft.
    let mut record = saved_device().hidden().with(Field::ExpireSeconds, Value::text("600"));
    record.set_stamp(Field::ExpireSeconds.unit(), Stamp { version: 2, by: "ops-east".into(), by_id: None, at: 5 });
    let mut page = WorkingCopy::new(key(1, 7), record, 6, 9);
    page.set(Field::Name, Value::text("Hall"), 7);
    let came = page.take_up(stored.clone(), 8);
    assert_eq!(came.len(), 1);
    assert_eq!((came[0].field, came[0].by.as_str()), (Field::ExpireSeconds, "ops-east"));
    assert_eq!(page.draft().value(Field::Name), Value::text("Hall"));
    assert_eq!(page.draft().value(Field::Mac), Value::text("80:5e"));
    assert_eq!((page.tab, page.seat), (9, stored.seat));
    assert!(stored.join(&page));
    assert_eq!(stored.draft().value(Field::Name), Value::text("Hall"), "the newer typing counts in every tab");
}

#[test]
fn keys_go_through_their_text() {
    let id = Uuid::from_u128(5);
    let targets =
        [Target::Device(DeviceId(id)), Target::Seat(crate::SeatId(id)), Target::Carrier(crate::CarrierId(id)), Target::NewCarrier];
    for target in targets {
        let key = Key { target, ..key(1, 1) };
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(format!("{key}/7").parse(), Ok(key), "of one key there may be several texts");
    }
    for wrong in ["", "a/b/device/c", "1/2/phone/3"] {
        assert!(wrong.parse::<Key>().is_err(), "{wrong}");
    }
}

#[test]
fn a_note_of_what_was_typed_last_comes_in_without_secrets() {
    let mut stored = copy();
    stored.set(Field::Name, Value::text("Lobby"), 1);
    stored.set(Field::Password, Value::secret("password-one"), 2);
    stored.save(false, 3);
    let mut page = WorkingCopy::unpack(&stored.pack().clear, stored.pack().secrets.as_ref(), 1).unwrap();
    page.set(Field::Name, Value::text("Hall"), 4);
    page.set(Field::Password, Value::secret("password-two"), 5);
    let note = page.note();
    assert!(!note.contains("password-"));
    assert!(stored.join(&WorkingCopy::peek(&note, 1).unwrap()));
    assert_eq!(stored.draft().value(Field::Name), Value::text("Hall"));
    assert_eq!(stored.draft().value(Field::Password), Value::secret("password-one"), "what was kept encrypted stays");
    assert_eq!(stored.queue().len(), 1);
    let again = stored.clone();
    stored.join(&WorkingCopy::peek(&note, 1).unwrap());
    assert_eq!(stored, again);
}

#[test]
fn a_sealed_note_brings_a_typed_secret_and_nothing_that_was_taken_back_since() {
    let mut page = copy();
    page.set(Field::Name, Value::text("Lobby"), 1);
    assert_eq!(page.sealed_note(), None, "without secrets the note says it all");
    page.set(Field::Password, Value::secret("password-one"), 2);
    let sealed = page.sealed_note().unwrap();
    assert!(!sealed.clear.contains("password-"));
    let opened = WorkingCopy::unpack(&sealed.clear, sealed.secrets.as_ref(), 1).unwrap();
    assert_eq!(opened.draft().value(Field::Password), Value::secret("password-one"));
    page.set(Field::Name, Value::text("Hall"), 3);
    let mut both = opened.clone();
    both.join(&WorkingCopy::peek(&page.note(), 1).unwrap());
    assert_eq!(both.draft().value(Field::Password), Value::secret("password-one"));
    assert_eq!(both.draft().value(Field::Name), Value::text("Hall"));
    page.undo(Field::Password, 4);
    let mut both = opened;
    both.join(&WorkingCopy::peek(&page.note(), 1).unwrap());
    assert!(!both.draft().edits().contains_key(&Field::Password), "it was taken back");
}

/// As somebody else saved it, Expire Seconds alone.
fn by_east(value: &str, version: i64) -> Record {
    let mut record = saved_device().hidden().with(Field::ExpireSeconds, Value::text(value));
    record.set_stamp(Field::ExpireSeconds.unit(), Stamp { version, by: "ops-east".into(), by_id: None, at: 5 });
    record
}

#[test]
fn what_is_typed_after_a_save_that_waits_for_the_draft_waits_for_no_save() {
    let mut page = WorkingCopy::new(key(1, 7), saved_device().hidden(), 0, 9);
    page.set(Field::ExpireSeconds, Value::text("120"), 1);
    page.set(Field::Mac, Value::text("805ec0123456"), 2);
    page.save(false, 3);
    page.set(Field::Name, Value::text("Typed since"), 4);
    page.set(Field::Mac, Value::text("805ec0123457"), 5);
    for stored in [copy(), WorkingCopy::peek(&page.note(), 1).unwrap()] {
        let mut page = page.clone();
        page.take_up(stored, 8);
        let waits: Vec<_> = page.queue()[0].items.iter().map(|item| (item.field, item.value.clone())).collect();
        assert_eq!(waits, [(Field::Mac, Value::text("805ec0123456")), (Field::ExpireSeconds, Value::text("120"))]);
        assert_eq!(page.unsaved(), [Field::Name, Field::Mac]);
        assert_eq!(page.draft().value(Field::Mac), Value::text("805ec0123457"));
    }
}

#[test]
fn what_somebody_else_saved_under_a_page_that_knows_of_no_draft_yet_still_waits_for_a_choice() {
    let mut page = WorkingCopy::new(key(1, 7), saved_device().hidden(), 0, 9);
    page.set(Field::ExpireSeconds, Value::text("120"), 1);
    page.load(by_east("600", 2));
    assert_eq!(page.draft().state(Field::ExpireSeconds), State::Conflict);
    for stored in [copy(), WorkingCopy::peek(&page.note(), 1).unwrap()] {
        let mut page = page.clone();
        let came = page.take_up(stored, 8);
        assert_eq!(page.draft().state(Field::ExpireSeconds), State::Conflict);
        assert_eq!(page.draft().edits()[&Field::ExpireSeconds].based_on.version, 0, "it is not taken as seen");
        assert_eq!(came, [], "nor told as kept");
    }
}

#[test]
fn what_is_typed_on_an_older_page_than_the_draft_knows_waits_for_a_choice() {
    let mut stored = copy();
    stored.set(Field::Name, Value::text("Lobby"), 1);
    stored.load(by_east("600", 2));
    let mut page = WorkingCopy::new(key(1, 7), saved_device().hidden(), 0, 9);
    page.set(Field::ExpireSeconds, Value::text("120"), 3);
    page.take_up(stored, 8);
    assert_eq!(page.draft().state(Field::ExpireSeconds), State::Conflict);
    assert_eq!((page.draft().value(Field::Name), page.draft().was(Field::ExpireSeconds)), (Value::text("Lobby"), Value::text("360")));
}

#[test]
fn a_password_that_is_typed_while_they_go_over_to_ip_stays_on_the_page() {
    let mut record = saved_device().hidden().with(Field::Method, Value::text("ip")).with(Field::Ip, Value::List(vec!["192.0.2.7".into()]));
    record.set_stamp(Field::Method.unit(), Stamp { version: 2, by: "ops-east".into(), by_id: None, at: 5 });
    let mut page = WorkingCopy::new(key(1, 7), saved_device().hidden(), 0, 9);
    page.set(Field::Password, Value::secret("mine"), 1);
    let note = WorkingCopy::peek(&page.note(), 1).unwrap();
    page.load(record);
    page.take_up(note, 8);
    assert!(page.draft().is_shown(Field::Password));
    assert_eq!(page.draft().state(Field::Password), State::Conflict);
    assert_eq!(page.draft().value(Field::Password), Value::secret("mine"));
}

#[test]
fn the_focus_is_where_the_draft_was_left_unless_the_page_has_one_by_then() {
    let mut stored = copy();
    stored.focus = Some(Field::Name);
    stored.set(Field::Name, Value::text("Lobby"), 1);
    for (own, then) in [(None, Field::Name), (Some(Field::Mac), Field::Mac)] {
        let mut page = WorkingCopy::new(stored.key, saved_device().hidden(), 6, 9);
        page.focus = own;
        page.take_up(stored.clone(), 7);
        assert_eq!(page.focus, Some(then));
    }
}

#[test]
fn a_save_pressed_before_the_page_knew_of_the_draft_is_not_forgotten() {
    let mut stored = copy();
    stored.set(Field::Mac, Value::text("805ec0123456"), 1);
    let mut page = WorkingCopy::new(key(1, 7), saved_device().hidden(), 6, 9);
    page.set(Field::Name, Value::text("Hall"), 7);
    page.save(false, 8);
    page.take_up(stored, 9);
    assert_eq!((page.unsaved(), page.waiting()), (vec![], 2));
}
