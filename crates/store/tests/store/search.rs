//! The list of seats: what is found, in which order, page by page.

use crate::{
    engine::{Engine, Lab},
    fixture::*,
};
use domain::{AccountId, Field, SeatId, Value};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::collections::BTreeSet;
use store::{SeatQuery, SeatSort, Store};

mod on {
    both!(a_text_finds_what_it_stands_in);
    both!(pages_walk_everything_exactly_once_in_every_sort);
    both!(the_list_shows_the_living_devices);
}

fn query(account: AccountId, text: &str, sort: SeatSort) -> SeatQuery<'_> {
    SeatQuery { account, text, sort, descending: false, after: None, limit: 50, only: None }
}

async fn names(store: &Store, query: SeatQuery<'_>) -> Vec<String> {
    let page = store.read().seats(&query).await.unwrap();
    page.seats.iter().map(|line| line.seat.record.text(Field::SeatName).to_owned()).collect()
}

async fn a_text_finds_what_it_stands_in(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let other = crate::fixture::account(store, "other.example.net").await;
    let reception = seat(account, "Réception ÉTAGE 50%", "100");
    let desk = with(device(&reception, "Front Desk", "user_Abc_1"), Field::Mac, Value::text("805ec0123456"));
    save(store, &reception, &[&desk]).await;
    let gate = seat(account, "Gate", "10101");
    let door =
        with(device_at(&gate, "Door", &["10.0.0.0/24", "2001:db8::/64", "192.0.2.1-192.0.2.9"]), Field::Username, Value::text("door"));
    let asleep = with(device(&gate, "Asleep", "zzz"), Field::Ip, Value::List(vec!["172.16.0.0/24".into()]));
    let gone = with(device(&gate, "Gone", "gone"), Field::Mac, Value::text("0004f2000000"));
    save(store, &gate, &[&door, &asleep, &gone]).await;
    let tx = store.begin().await.unwrap();
    tx.delete_device(account, gone.id, NOW, "Grace").await.unwrap();
    tx.commit().await.unwrap();
    let foreign = seat(other, "Gate of others", "100");
    save(store, &foreign, &[&device_at(&foreign, "Theirs", &["10.9.0.0/24"])]).await;

    let both: &[&str] = &["Gate", "Réception ÉTAGE 50%"];
    for (text, found) in [
        ("", both),
        ("  ", both),
        ("réception", &both[1..]),
        ("étage", &both[1..]),
        ("ÉTAGE 50%", &both[1..]),
        ("%", &both[1..]),
        ("_", &both[1..]),
        ("ser_abc", &both[1..]),
        ("FRONT", &both[1..]),
        ("805EC0123456", &both[1..]),
        ("80:5e:c0", &both[1..]),
        ("c0-12-34", &both[1..]),
        ("5ec0.1234", &both[1..]),
        ("100", &both[1..]),
        ("1-0-0", &[]),
        ("101", &both[..1]),
        ("door", &both[..1]),
        ("10.0.0.77", &both[..1]),
        ("::ffff:10.0.0.77", &both[..1]),
        ("10.0.1.77", &[]),
        ("2001:db8::1234", &both[..1]),
        ("2001:DB8::/64", &both[..1]),
        ("10.0.0.0/24", &both[..1]),
        ("10.0.0.64/28", &both[..1]),
        ("192.0.2.8-192.0.2.20", &both[..1]),
        ("10.0.1.0/28", &[]),
        ("192.0.2.5", &both[..1]),
        ("192.0.2.10", &[]),
        ("172.16.0", &[]),
        ("10.9.0.1", &[]),
        ("gone", &[]),
        ("0004f2", &[]),
        ("others", &[]),
        ("desk user", &[]),
        ("nothing like it", &[]),
    ] {
        assert_eq!(names(store, query(account, text, SeatSort::Name)).await, found, "{text:?}");
        assert_eq!(crate::fixture::found(store, account, text).await, found.len(), "{text:?}");
    }

    let tx = store.begin().await.unwrap();
    let device = stored(&tx, &desk).await;
    let by = id();
    tx.update_device(&edited(&device, by, &[(Field::Name, Value::text("Kitchen"))]), 1).await.unwrap();
    tx.commit().await.unwrap();
    assert!(names(store, query(account, "front", SeatSort::Name)).await.is_empty(), "no trace of the old name");
    assert_eq!(names(store, query(account, "kitchen", SeatSort::Name)).await, &both[1..]);
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.seats(&query(account, "", SeatSort::Changed)).await.unwrap().seats[1].seat.id, reception.id, "changed last");
    tx.delete_seat(account, reception.id, NOW, "Grace").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(store, query(account, "", SeatSort::Name)).await, &both[..1]);
    let only = [reception.id, gate.id];
    assert_eq!(names(store, SeatQuery { only: Some(&only), ..query(account, "", SeatSort::Name) }).await, &both[..1]);
    assert!(names(store, SeatQuery { only: Some(&[]), ..query(account, "", SeatSort::Name) }).await.is_empty());
}

/// Seats whose names, extensions and times come in ties, so that the id must decide.
async fn many(store: &Store, account: AccountId) -> BTreeSet<SeatId> {
    let tx = store.begin().await.unwrap();
    let mut all = BTreeSet::new();
    for n in 0..61_i64 {
        let name = ["Åsa", "asa", "ZOE", "zoe", "x"][n as usize % 5];
        let mut seat = seat(account, name, &format!("{}{n}", ["", "0", "*"][n as usize % 3]));
        seat.changed = NOW + n % 4;
        tx.insert_seat(&seat).await.unwrap();
        all.insert(seat.id);
    }
    tx.commit().await.unwrap();
    all
}

async fn walk(store: &Store, query: &SeatQuery<'_>) -> Vec<SeatId> {
    let (mut out, mut query) = (Vec::new(), query.clone());
    loop {
        let page = store.read().seats(&query).await.unwrap();
        assert!(page.seats.len() as u64 <= query.limit);
        out.extend(page.seats.iter().map(|line| line.seat.id));
        match page.next {
            // As a page address carries it.
            Some(next) => query.after = Some(serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap()),
            None => return out,
        }
    }
}

async fn pages_walk_everything_exactly_once_in_every_sort(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let all = many(store, account).await;
    let sort = proptest::sample::select(vec![SeatSort::Name, SeatSort::Extension, SeatSort::Changed]);
    let strategy = (sort, proptest::bool::ANY, 1_u64..70, proptest::sample::select(vec!["", "a", "0"]));
    let mut runner = TestRunner::deterministic();
    for _ in 0..40 {
        let (sort, descending, limit, text) = strategy.new_tree(&mut runner).unwrap().current();
        let query = SeatQuery { descending, limit, ..query(account, text, sort) };
        let walked = walk(store, &query).await;
        let once: BTreeSet<SeatId> = walked.iter().copied().collect();
        assert_eq!(walked.len(), once.len(), "{query:?}");
        assert_eq!(walked.len(), found(store, account, text).await, "{query:?}");
        assert!(!text.is_empty() || once == all, "{query:?}");
        let mut whole = walk(store, &SeatQuery { limit: 1000, descending: !descending, ..query.clone() }).await;
        whole.reverse();
        assert_eq!(walked, whole, "the other direction is the same list backwards: {query:?}");
    }
    let by_extension = store.read().seats(&SeatQuery { limit: 100, ..query(account, "", SeatSort::Extension) }).await.unwrap();
    let extensions: Vec<&str> = by_extension.seats.iter().map(|line| line.seat.record.text(Field::Extension)).collect();
    assert_eq!(extensions[..3], ["*2", "*5", "*8"]);
    assert!(extensions.windows(2).all(|w| number(w[0]) < number(w[1])), "{extensions:?}");
}

/// Signs before digits, then by value.
fn number(extension: &str) -> (bool, u32) {
    (!extension.starts_with('*'), extension.trim_start_matches('*').parse().unwrap())
}

async fn the_list_shows_the_living_devices(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let reception = seat(account, "Reception", "100");
    let desk = with(device(&reception, "Desk", "user_desk"), Field::Enabled, Value::Switch(false));
    let (door, gone) = (device_at(&reception, "Door", &["10.0.0.1"]), device(&reception, "Gone", "gone"));
    save(store, &reception, &[&door, &desk, &gone]).await;
    let tx = store.begin().await.unwrap();
    tx.delete_device(account, gone.id, NOW, "Grace").await.unwrap();
    tx.commit().await.unwrap();
    let page = store.read().seats(&query(account, "", SeatSort::Name)).await.unwrap();
    let line = &page.seats[0];
    let devices: Vec<(&str, bool, bool, &str)> =
        line.devices.iter().map(|d| (d.name.as_str(), d.enabled, d.method_ip, d.username.as_str())).collect();
    assert_eq!(devices, [("Desk", false, false, "user_desk"), ("Door", true, true, "")]);
    assert_eq!(page.next, None);
}

/// Another sort's cursor is no place in this one.
#[tokio::test]
async fn a_cursor_of_another_sort_starts_anew() {
    let lab = Lab::new(Engine::Sqlite).await;
    let account = account(&lab.store, "one.example.net").await;
    many(&lab.store, account).await;
    let by_name = SeatQuery { limit: 5, ..query(account, "", SeatSort::Name) };
    let cursor = lab.store.read().seats(&by_name).await.unwrap().next;
    let by_change = SeatQuery { after: cursor, sort: SeatSort::Changed, ..by_name.clone() };
    let first = SeatQuery { after: None, ..by_change.clone() };
    assert_eq!(lab.store.read().seats(&by_change).await.unwrap(), lab.store.read().seats(&first).await.unwrap());
}
