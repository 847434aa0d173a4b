//! Several tabs where nothing is encrypted: the store holds no secret.

use super::*;

/// What a tab does when it hears that the draft is another now, or has something to write itself. True: it wrote, and the others hear of it.
fn sync(copy: &mut WorkingCopy, store: &mut String) -> bool {
    if let Some(other) = copy.beside(store) {
        copy.join(&other);
    }
    let writes = if store.is_empty() { !copy.is_empty() } else { copy.says_more(store) };
    if writes {
        *store = copy.pack().clear;
    }
    writes
}

/// Until nobody has anything to tell any more.
fn settle(tabs: &mut [WorkingCopy], store: &mut String) {
    for round in 0.. {
        assert!(round < 6, "the tabs go on telling each other: {store}");
        let wrote: Vec<bool> = tabs.iter_mut().map(|copy| sync(copy, store)).collect();
        if !wrote.contains(&true) {
            return;
        }
    }
}

fn tabs() -> Vec<WorkingCopy> {
    let mut tabs = vec![copy(), copy()];
    for (n, copy) in tabs.iter_mut().enumerate() {
        copy.alive(0, 1 + u32::try_from(n).unwrap());
    }
    tabs
}

#[test]
fn what_is_no_secret_is_one_draft_and_a_secret_stays_where_it_was_typed() {
    let (mut tabs, mut store) = (tabs(), String::new());
    tabs[0].set(Field::ExpireSeconds, Value::text("120"), 1);
    settle(&mut tabs, &mut store);
    tabs[1].set(Field::Password, Value::secret("typed in the second"), 2);
    settle(&mut tabs, &mut store);
    tabs[0].set(Field::Name, Value::text("Lobby"), 3);
    settle(&mut tabs, &mut store);
    assert!(!store.contains("typed in"), "{store}");
    for copy in &tabs {
        assert_eq!(copy.draft().value(Field::ExpireSeconds), Value::text("120"));
        assert_eq!(copy.draft().value(Field::Name), Value::text("Lobby"));
        assert!(!copy.secrets_lost());
    }
    assert_eq!(tabs[1].draft().value(Field::Password), Value::secret("typed in the second"));
    assert!(!tabs[0].draft().is_modified(Field::Password));
    assert!(WorkingCopy::unpack(&store, None, 3).unwrap().secrets_lost(), "the next page says that it was not kept");
    tabs[1].undo(Field::Password, 4);
    settle(&mut tabs, &mut store);
    assert!(!WorkingCopy::unpack(&store, None, 3).unwrap().secrets_lost());
}

#[test]
fn two_secrets_stay_each_in_its_tab_and_the_tabs_come_to_rest() {
    let (mut tabs, mut store) = (tabs(), String::new());
    tabs[0].set(Field::Password, Value::secret("first"), 1);
    settle(&mut tabs, &mut store);
    tabs[1].set(Field::Password, Value::secret("second"), 2);
    settle(&mut tabs, &mut store);
    assert_eq!(tabs[0].draft().value(Field::Password), Value::secret("first"));
    assert_eq!(tabs[1].draft().value(Field::Password), Value::secret("second"));
}

#[test]
fn what_waits_waits_in_both_and_the_answer_is_heard_by_both() {
    for typed in [false, true] {
        let (mut tabs, mut store) = (tabs(), String::new());
        tabs[0].set(Field::ExpireSeconds, Value::text("120"), 1);
        if typed {
            tabs[0].set(Field::Password, Value::secret("typed-and-kept-1"), 1);
        }
        tabs[0].save(false, 2);
        settle(&mut tabs, &mut store);
        assert_eq!(tabs[0].waiting(), 1 + usize::from(typed));
        assert_eq!(tabs[1].waiting(), usize::from(!typed), "a change that needs the secret waits where that is");
        let sent = operation(7);
        let sending = tabs[0].begin(sent, 3).unwrap();
        assert_eq!(sending.patch.unwrap().items.len(), 1 + usize::from(typed));
        settle(&mut tabs, &mut store);
        assert!(tabs[0].queue()[0].operation.is_some(), "it is not forgotten that it was sent");
        let changed: Vec<Field> = tabs[0].queue()[0].items.iter().map(|item| item.field).collect();
        let mut record = tabs[0].draft().base().clone();
        let stamp = Stamp { version: 9, ..Stamp::default() };
        for field in &changed {
            if *field != Field::Password {
                record = record.with(*field, Value::text("120"));
            }
            record.set_stamp(field.unit(), stamp.clone());
        }
        tabs[0].answered(sent, Answer::Saved { record, changed }, 4, 0);
        settle(&mut tabs, &mut store);
        for copy in &tabs {
            assert!(copy.is_empty(), "{copy:?}");
            assert_eq!(copy.draft().base().value(Field::ExpireSeconds), Value::text("120"));
        }
    }
}
