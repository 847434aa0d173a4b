//! Pages that act before they heard of the others: every one loads, types, saves and chooses on its own copy, and only then joins what is
//! stored, as a browser does it. No change goes out under two operation ids, no SAVE that was pressed is forgotten, nothing typed is lost.

use super::world::{FIELDS, Server, nth, text};
use super::*;
use crate::form::{Author, PatchItem, Unit, merge};
use crate::{Millis, Patch};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// When it was typed, in the order of all tabs, and the how manyeth press of SAVE for that it is.
type When = (u64, u32, u32);

struct Flight {
    tab: usize,
    sending: Sending,
    answer: Option<Answer>,
}

struct Browser {
    pages: [WorkingCopy; 3],
    /// It has not taken up what is stored.
    fresh: [bool; 3],
    store: WorkingCopy,
    /// What a page that is gone left.
    notes: Vec<WorkingCopy>,
    server: Server,
    /// Every saved state there was.
    states: Vec<Record>,
    flight: Option<Flight>,
    count: u32,
    /// What was typed last into each field. None: it was taken back.
    typed: BTreeMap<Field, (When, Option<Value>)>,
    /// What SAVE was pressed for.
    asked: Vec<(Field, When, Value)>,
    /// What was typed before then is not wanted any more.
    given_up: Vec<(Field, When)>,
    /// What has its answer, and goes out only where SAVE is pressed anew.
    answered: Vec<(Field, When)>,
    /// How many changes with this value were applied, and how many may be.
    applied: HashMap<(Field, String), (u32, u32)>,
}

fn when(copy: &WorkingCopy, field: Field) -> When {
    copy.ticks.iter().find(|tick| tick.field == field).map_or((0, 0, 0), |tick| (tick.count, tick.tab, 0))
}

fn rank(copy: &WorkingCopy, field: Field) -> When {
    copy.queue.last().and_then(|change| change.press(field)).unwrap().rank()
}

/// What waits unsent, with the press of each.
fn waits(copy: &WorkingCopy) -> Vec<(Field, When)> {
    unsent(copy).iter().map(|item| (item.field, rank(copy, item.field))).collect()
}

fn unsent(copy: &WorkingCopy) -> &[PatchItem] {
    copy.queue.last().filter(|change| change.operation.is_none()).map_or(&[], |change| &change.items)
}

impl Browser {
    fn new() -> Self {
        Self {
            pages: [1, 2, 3].map(|tab| WorkingCopy { tab, ..copy() }),
            fresh: [false; 3],
            store: copy(),
            notes: Vec::new(),
            server: Server::new(),
            states: vec![saved_device().hidden()],
            flight: None,
            count: 0,
            typed: BTreeMap::new(),
            asked: Vec::new(),
            given_up: Vec::new(),
            answered: Vec::new(),
            applied: HashMap::new(),
        }
    }

    fn now(&self) -> Millis {
        self.server.now
    }

    /// Reads, joins, works and writes under one lock.
    fn sync(&mut self, tab: usize, work: impl FnOnce(&mut WorkingCopy)) {
        let packed = self.store.pack();
        let mut stored = WorkingCopy::unpack(&packed.clear, packed.secrets.as_ref(), self.pages[tab].tab).unwrap();
        for note in self.notes.drain(..) {
            stored.join(&WorkingCopy { tab: stored.tab, ..note });
        }
        let now = self.now();
        let page = &mut self.pages[tab];
        if std::mem::take(&mut self.fresh[tab]) {
            let typed: Vec<Field> = page.ticks.iter().map(|tick| tick.field).collect();
            let (pressed, waited) = (!page.queue.is_empty(), waits(&stored));
            page.take_up(stored, now);
            for field in typed {
                self.note_typed(tab, field);
                if !self.pages[tab].draft.edits().contains_key(&field) {
                    // Taken back on the page: what is saved now stands.
                    self.allow(tab, field);
                }
            }
            // A choice may stand in the way of it now: then the page says so.
            if pressed && waits(&self.pages[tab]) != waited {
                self.pressed(tab, &waited);
            }
        } else {
            page.join(&stored);
            let once = page.clone();
            page.join(&stored);
            assert_eq!(*page, once, "said twice");
        }
        work(&mut self.pages[tab]);
        self.store = self.pages[tab].clone();
    }

    fn note_typed(&mut self, tab: usize, field: Field) {
        let page = &self.pages[tab];
        let when = when(page, field);
        if !self.fresh[tab] && self.typed.get(&field).is_none_or(|known| known.0 <= when) {
            let value = page.draft.edits().get(&field).map(|edit| edit.value.clone());
            self.typed.insert(field, (when, value));
        }
    }

    /// The operator stands behind what the page shows there.
    fn allow(&mut self, tab: usize, field: Field) {
        let value = text(&self.pages[tab].draft.value(field));
        self.applied.entry((field, value)).or_default().1 += 1;
    }

    /// SAVE was pressed; `before` waited until then.
    fn pressed(&mut self, tab: usize, before: &[(Field, When)]) {
        let now = waits(&self.pages[tab]);
        for (gone, press) in before.iter().copied().filter(|(field, _)| !now.iter().any(|(other, _)| other == field)) {
            let until = press.max(when(&self.pages[tab], gone));
            self.given_up.push((gone, until));
            self.give_up(|field, at, _| field == gone && at <= until);
        }
        let page = &self.pages[tab];
        for item in unsent(page) {
            self.asked.push((item.field, rank(page, item.field), item.value.clone()));
        }
    }

    /// These need not be saved any more; older ones, which they stand for, neither.
    fn give_up(&mut self, gone: impl Fn(Field, When, &Value) -> bool) {
        let (gone, stay): (Vec<_>, _) =
            std::mem::take(&mut self.asked).into_iter().partition(|(field, at, value)| gone(*field, *at, value));
        self.asked = stay;
        self.given_up.extend(gone.into_iter().map(|(field, at, _)| (field, at)));
    }

    fn act(&mut self, (act, how): (u8, u8)) {
        let (tab, more) = (usize::from(how) % 3, usize::from(how) / 3);
        let field = FIELDS[more % FIELDS.len()];
        let now = self.now();
        match act % 32 {
            0..=6 => {
                self.count += 1;
                self.pages[tab].set(field, nth(field, self.count), now);
                self.note_typed(tab, field);
                self.allow(tab, field);
            }
            7 => {
                self.pages[tab].undo(field, now);
                self.note_typed(tab, field);
                self.allow(tab, field);
            }
            8 => {
                let before = self.pages[tab].draft.clone();
                self.pages[tab].discard(now);
                for field in FIELDS {
                    self.note_typed(tab, field);
                    if before.value(field) != self.pages[tab].draft.value(field) {
                        self.allow(tab, field);
                    }
                }
            }
            9..=13 => {
                let before = waits(&self.pages[tab]);
                if matches!(self.pages[tab].save(false, now), Asked::Queued | Asked::Nothing) && !self.fresh[tab] {
                    self.pressed(tab, &before);
                }
            }
            14 | 15 => drop(self.pages[tab].load(self.states.last().unwrap().clone())),
            16 => drop(self.pages[tab].load(self.states[more % self.states.len()].clone())),
            17..=20 => self.sync(tab, |_| ()),
            21 | 22 => self.begin(tab),
            23 => self.arrive(),
            24 | 25 => {
                self.arrive();
                self.answer();
            }
            26 => self.lose(),
            27 => self.stranger(if more.is_multiple_of(4) { field } else { Field::Route }),
            28 => self.choose(tab, more.is_multiple_of(2)),
            29 => self.reload(tab),
            30 => self.sync(tab, WorkingCopy::hurry),
            _ => {
                self.begin(tab);
                self.arrive();
                self.answer();
            }
        }
    }

    /// Somebody else saves.
    fn stranger(&mut self, field: Field) {
        self.count += 1;
        let value = if field == Field::Route { Value::text(["", "trunk"][self.count as usize % 2]) } else { nth(field, self.count) };
        // It may be put back to.
        self.applied.entry((field, text(&value))).or_default().1 = 100;
        let record = &self.server.records[0];
        let patch = Patch { operation: operation(0), items: vec![PatchItem { field, based_on: record.stamp(field.unit()), value }] };
        let version = record.stamps().values().map(|stamp| stamp.version).max().unwrap_or(0) + 1000;
        let author = Author { id: key(2, 0).operator, name: "ops-south", at: self.now(), version };
        if let Ok(merged) = merge(record, &patch, &author)
            && self.server.advance(0, merged.record, version)
        {
            self.states.push(self.server.records[0].clone().hidden());
        }
    }

    fn begin(&mut self, tab: usize) {
        if self.flight.is_some() {
            return;
        }
        self.server.now += crate::HOUR;
        let now = self.now();
        // The sender looks at the page before it joins.
        let looked_at = if self.fresh[tab] || self.pages[tab].queue.is_empty() { &self.store } else { &self.pages[tab] };
        if next(std::slice::from_ref(looked_at), now) != Next::Send(0) {
            return;
        }
        self.count += 1;
        let (fresh, mut sending) = (operation(u128::from(self.count)), None);
        self.sync(tab, |copy| sending = copy.begin(fresh, now));
        let first = self.pages[tab].queue.first().into_iter().flat_map(|change| &change.presses);
        for press in first.filter(|_| sending.is_some()) {
            let known = self.answered.contains(&(press.field, press.rank()));
            assert!(!known, "{press:?} goes out again, and nobody asked for that");
        }
        self.flight = sending.map(|sending| Flight { tab, sending, answer: None });
    }

    fn arrive(&mut self) {
        let Some(flight) = self.flight.as_mut().filter(|flight| flight.answer.is_none()) else { return };
        let patch = flight.sending.patch.as_ref().unwrap();
        let known = self.server.knows(patch.operation);
        let answer = self.server.save(0, 0, patch);
        if let Answer::Saved { record, .. } = &answer
            && !known
        {
            self.states.push(record.clone());
            for item in &patch.items {
                let (times, most) = self.applied.entry((item.field, text(&item.value))).or_default();
                *times += 1;
                assert!(times <= most, "{item:?} was saved by {times} operations, asked for {most} times: {patch:?}");
            }
        }
        flight.answer = Some(answer);
    }

    fn answer(&mut self) {
        let Some(Flight { tab, sending, answer: Some(answer) }) = self.flight.take_if(|flight| flight.answer.is_some()) else { return };
        let saved = matches!(answer, Answer::Saved { .. });
        let now = self.now();
        let items = |copy: &WorkingCopy| -> Vec<PatchItem> { copy.queue.iter().flat_map(|change| change.items.clone()).collect() };
        let (mut before, mut hidden, mut presses) = (Vec::new(), Vec::new(), Vec::new());
        self.sync(tab, |copy| {
            before = items(copy);
            presses.extend(copy.queue[0].presses.iter().map(|press| (press.field, press.rank())));
            hidden.extend(FIELDS.into_iter().filter(|field| !copy.draft.is_shown(*field)));
            assert_eq!(copy.queue.first().and_then(|change| change.operation), Some(sending.operation), "an answer finds what was sent");
            copy.answered(sending.operation, answer, now, 500);
        });
        self.answered.extend(presses);
        if saved {
            // A save that goes through drops the side that a choice hides.
            for (field, (_, value)) in &mut self.typed {
                value.take_if(|_| hidden.contains(field));
            }
        } else {
            let after = items(&self.pages[tab]);
            let stays = |field: Field, value: &Value| after.iter().any(|item| item.field == field && item.value == *value);
            let there = |field: Field, value: &Value| before.iter().any(|item| item.field == field && item.value == *value);
            self.give_up(|field, _, value| there(field, value) && !stays(field, value));
        }
    }

    /// The connection breaks.
    fn lose(&mut self) {
        if let Some(Flight { tab, sending, .. }) = self.flight.take() {
            let now = self.now();
            self.sync(tab, |copy| drop(copy.answered(sending.operation, Answer::Nothing, now, 500)));
        }
    }

    fn choose(&mut self, tab: usize, mine: bool) {
        let draft = &self.pages[tab].draft;
        let seen = |unit: Unit| draft.base().stamp(unit).version;
        let choices: Vec<_> = draft.conflicts().into_iter().map(|unit| Decision { unit, mine, seen: seen(unit) }).collect();
        if choices.is_empty() {
            return;
        }
        let (before, now) = (waits(&self.pages[tab]), self.now());
        self.pages[tab].decide(&choices, false, now);
        for Decision { unit, .. } in choices {
            for field in unit.fields(Kind::Device) {
                // Whatever was asked for before, in this tab or another that has not heard of it.
                let until = when(&self.pages[tab], field);
                self.given_up.push((field, until));
                self.give_up(|other, at, _| other == field && at <= until);
                self.allow(tab, field);
                self.note_typed(tab, field);
            }
        }
        if !self.fresh[tab] {
            self.pressed(tab, &before);
        }
    }

    /// The page goes, with a note in place of its last sync, and comes again with what is saved now.
    fn reload(&mut self, tab: usize) {
        if self.flight.as_ref().is_some_and(|flight| flight.tab == tab) {
            self.flight = None;
        }
        if self.fresh[tab] {
            self.sync(tab, |_| ());
        }
        let page = &self.pages[tab];
        // A page that goes in the moment of SAVE leaves what was typed, as a draft.
        let waits = unsent(&self.store);
        let lost: Vec<PatchItem> = unsent(page).iter().filter(|item| !waits.contains(item)).cloned().collect();
        self.give_up(|field, _, value| lost.iter().any(|item| (item.field, &item.value) == (field, value)));
        let page = &self.pages[tab];
        if let Some(sealed) = page.sealed_note() {
            self.notes.push(WorkingCopy::unpack(&sealed.clear, sealed.secrets.as_ref(), page.tab).unwrap());
        }
        self.notes.push(WorkingCopy::peek(&page.note(), page.tab).unwrap());
        self.count += 1;
        self.pages[tab] = WorkingCopy::new(page.key, self.states.last().unwrap().clone(), self.now(), 10 + self.count);
        self.fresh[tab] = true;
    }

    /// Everybody hears of everybody, and all that waits is sent.
    fn settle(&mut self) {
        for round in 0..60 {
            let tab = round % 3;
            self.sync(tab, |_| ());
            let rests = |page: &WorkingCopy| page.queue.is_empty() && page.draft.conflicts().is_empty();
            if tab == 2 && self.flight.is_none() && self.pages.iter().all(rests) {
                break;
            }
            self.choose(tab, true);
            self.begin(tab);
            self.arrive();
            self.answer();
        }
        for tab in [0, 1, 2, 0, 1, 2] {
            self.sync(tab, |_| ());
        }
        for page in &self.pages {
            let page = WorkingCopy { tab: self.store.tab, ..page.clone() };
            assert_eq!(page, self.store, "the tabs differ, or never come to rest");
        }
        assert!(self.store.queue.is_empty(), "it never comes to an end: {:?}", self.store);
        let draft = &self.store.draft;
        let saved = |field: Field, value: &Value| self.applied.get(&(field, text(value))).is_some_and(|(times, _)| *times > 0);
        let normal = |field: Field, value: &Value| field.normal(value).is_ok_and(|value| value == self.server.records[0].value(field));
        for (field, (_, value)) in &self.typed {
            let there = value.as_ref().is_none_or(|value| draft.value(*field) == *value || normal(*field, value) || saved(*field, value));
            assert!(there, "{field:?} {value:?} is gone: {:?}", self.store);
        }
        for (field, at, value) in &self.asked {
            let later = self.asked.iter().any(|(other, later, _)| other == field && later > at)
                || self.given_up.iter().any(|(other, until)| other == field && until >= at);
            assert!(later || saved(*field, value) || normal(*field, value), "SAVE of {field:?} {value:?} is forgotten: {:?}", self.store);
        }
    }
}

fn run(acts: Vec<(u8, u8)>) {
    let mut browser = Browser::new();
    for act in acts {
        browser.act(act);
    }
    browser.settle();
}

fn config() -> ProptestConfig {
    ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pages_that_have_not_heard_of_each_other_come_to_one(acts in prop::collection::vec(any::<(u8, u8)>(), 1..50)) {
        run(acts);
    }
}

/// Two tabs, a SAVE without a connection, somebody else's save of another field, and the way back: the second tab loads twice.
#[test]
fn an_answered_change_does_not_come_back_with_a_page_that_loaded_meanwhile() {
    for (left, right) in [(1, 2), (2, 1)] {
        let mut page = WorkingCopy { tab: left, ..copy() };
        page.set(Field::Name, Value::text("Lobby"), 1);
        page.save(false, 2);
        let mut store = page.clone();
        let mut other = WorkingCopy { tab: right, ..store.clone() };
        let mut theirs = saved_device().hidden().with(Field::Mac, Value::text("805ec0123456"));
        theirs.set_stamp(Field::Mac.unit(), Stamp { version: 2, by: "ops-south".into(), by_id: None, at: 3 });
        let mut both = theirs.clone().with(Field::Name, Value::text("Lobby"));
        both.set_stamp(Field::Name.unit(), Stamp { version: 3, by: "me".into(), by_id: None, at: 5 });
        page.join(&store);
        page.begin(operation(1), 4);
        page.answered(operation(1), Answer::Saved { record: both.clone(), changed: vec![Field::Name] }, 5, 0);
        store = page.clone();
        other.load(theirs);
        other.load(both);
        other.join(&store);
        assert_eq!(other.begin(operation(2), 6), None, "tabs {left} and {right}");
        assert!(other.is_empty());
    }
}

/// The other way round: what was saved a moment ago on a page is not dropped for what another tab did.
#[test]
fn a_save_on_a_page_that_is_behind_still_goes_out() {
    for (left, right) in [(1, 2), (2, 1)] {
        let mut page = WorkingCopy { tab: left, ..copy() };
        page.set(Field::Name, Value::text("Lobby"), 1);
        page.save(false, 2);
        let mut behind = WorkingCopy { tab: right, ..page.clone() };
        page.begin(operation(1), 3);
        behind.set(Field::ExpireSeconds, Value::text("600"), 4);
        assert_eq!(behind.save(false, 5), Asked::Queued);
        behind.join(&page);
        assert_eq!(behind.unsaved(), [], "tabs {left} and {right}");
        let sent = behind.queue().iter().map(|change| change.operation).collect::<Vec<_>>();
        assert_eq!(sent, [Some(operation(1)), None], "and what was sent is still known");
        let mut record = saved_device().hidden().with(Field::Name, Value::text("Lobby"));
        record.set_stamp(Field::Name.unit(), Stamp { version: 2, by: "me".into(), by_id: None, at: 6 });
        behind.answered(operation(1), Answer::Saved { record, changed: vec![Field::Name] }, 6, 0);
        let items = behind.begin(operation(2), 7).unwrap().patch.unwrap().items;
        assert_eq!(items.iter().map(|item| item.field).collect::<Vec<_>>(), [Field::ExpireSeconds]);
    }
}

/// A page that knows a later state than the sender, whose change has no answer yet.
#[test]
fn what_was_typed_on_a_later_state_waits_for_no_choice() {
    let mut page = copy();
    page.set(Field::Name, Value::text("Lobby"), 1);
    page.save(false, 2);
    page.begin(operation(1), 3);
    let mut other = WorkingCopy { tab: 2, ..copy() };
    let mut theirs = saved_device().hidden().with(Field::Mac, Value::text("805ec0123456"));
    theirs.set_stamp(Field::Mac.unit(), Stamp { version: 2, by: "ops-south".into(), by_id: None, at: 3 });
    other.load(theirs.clone());
    other.set(Field::Mac, Value::text("805ec0654321"), 4);
    other.join(&page);
    assert_eq!((other.draft().value(Field::Mac), other.draft().conflicts()), (Value::text("805ec0654321"), vec![]));
    let mut both = theirs.with(Field::Name, Value::text("Lobby"));
    both.set_stamp(Field::Name.unit(), Stamp { version: 3, by: "me".into(), by_id: None, at: 5 });
    other.answered(operation(1), Answer::Saved { record: both, changed: vec![Field::Name] }, 5, 0);
    assert_eq!((other.draft().modified(), other.draft().conflicts()), (vec![Field::Mac], vec![]));
}
