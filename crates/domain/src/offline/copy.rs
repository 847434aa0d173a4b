//! The working copy: what is typed on top of what is saved, and what waits.

use super::{CameIn, Change, FORMAT, Hold, Key, came_in, news::version, press::Press};
use crate::form::{PatchItem, Stamp, Unit};
use crate::{Draft, Field, Millis, Record, SeatId, Value};
use serde::{Deserialize, Serialize};

/// When a field was typed last, in the order of all tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tick {
    pub field: Field,
    pub count: u64,
    pub tab: u32,
}

/// One's own save took a unit from one version to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Move {
    pub unit: Unit,
    pub from: i64,
    pub to: Stamp,
}

/// Where a secret was taken out: 0 is the draft, n the nth change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub at: usize,
    pub field: Field,
}

/// An operator's work on one seat or device. Without its secrets it is what the browser stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingCopy {
    pub(super) format: u32,
    pub key: Key,
    pub(super) draft: Draft,
    /// Oldest first: at most one that was sent, and one after it that was not.
    #[serde(default)]
    pub(super) queue: Vec<Change>,
    #[serde(default)]
    pub(super) hold: Option<Hold>,
    /// Which field had the focus.
    #[serde(default)]
    pub focus: Option<Field>,
    /// The last edit.
    #[serde(default)]
    pub touched: Millis,
    /// The seat of a device: a part of its address.
    #[serde(default)]
    pub seat: Option<SeatId>,
    #[serde(default)]
    pub(super) secrets_lost: bool,
    /// A saved state that came while a change had no answer yet.
    #[serde(default)]
    pub(super) newer: Option<Record>,
    #[serde(default)]
    pub(super) moves: Vec<Move>,
    #[serde(default)]
    pub(super) ticks: Vec<Tick>,
    /// Counts what is done under the lock of the store, with the tab that did it.
    #[serde(default)]
    pub(super) revision: (u64, u32),
    /// Up to which press of SAVE a field was sent, or waits no more.
    #[serde(default)]
    pub(super) over: Vec<Press>,
    #[serde(default)]
    pub(super) sealed: Vec<Place>,
    /// The tab that works on it: any number that no other tab has.
    #[serde(skip)]
    pub(super) tab: u32,
}

impl WorkingCopy {
    /// Nothing typed yet on `record`, read at `now` by the tab `tab`.
    pub const fn new(key: Key, record: Record, now: Millis, tab: u32) -> Self {
        Self {
            format: FORMAT,
            key,
            draft: Draft::new(record),
            queue: Vec::new(),
            hold: None,
            focus: None,
            touched: now,
            seat: None,
            secrets_lost: false,
            newer: None,
            moves: Vec::new(),
            ticks: Vec::new(),
            revision: (0, 0),
            over: Vec::new(),
            sealed: Vec::new(),
            tab,
        }
    }

    /// What the page shows.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What waits to be saved, oldest first.
    pub fn queue(&self) -> &[Change] {
        &self.queue
    }

    /// Why what was to be saved is only a draft.
    pub const fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// A typed password was not kept.
    pub fn secrets_lost(&self) -> bool {
        self.secrets_lost || self.queue.iter().any(|change| change.secrets_lost)
    }

    /// The operator knows that a typed password was not kept.
    pub fn without_secret(&mut self) {
        self.secrets_lost = false;
        for change in &mut self.queue {
            change.secrets_lost = false;
        }
    }

    /// Nothing is left that would have to be kept. The entry in the store may go, once no tab of before can bring it back: after a day.
    pub fn is_empty(&self) -> bool {
        self.draft.edits().is_empty() && self.queue.is_empty() && !self.secrets_lost
    }

    /// Takes what the control holds now.
    pub fn set(&mut self, field: Field, value: Value, now: Millis) {
        if matches!(value, Value::Secret(_)) {
            self.secrets_lost = false;
        }
        self.draft.set(field, value);
        self.typed(field, now);
    }

    pub fn undo(&mut self, field: Field, now: Millis) {
        self.draft.undo(field);
        self.typed(field, now);
    }

    /// Drops what was typed since the last SAVE.
    pub fn discard(&mut self, now: Millis) {
        let fields: Vec<Field> = self.draft.edits().keys().copied().collect();
        let saved: Vec<PatchItem> = self.queue.last().map(|change| change.items.clone()).unwrap_or_default();
        let before = self.draft.clone();
        self.draft.back_to(&saved);
        for field in fields.into_iter().chain(saved.into_iter().map(|item| item.field)) {
            // What stays is no other typing: it may have been sent already.
            if before.edits().get(&field).map(|edit| &edit.value) != self.draft.edits().get(&field).map(|edit| &edit.value) {
                self.typed(field, now);
            }
        }
        self.secrets_lost = false;
        self.hold = None;
    }

    /// Drops everything, what waits to be saved too; but what was sent, whose answer is on its way.
    pub fn drop_all(&mut self, now: Millis) {
        while self.unqueue().is_some() {}
        self.discard(now);
    }

    /// A saved state. Says what of others' changes came in; an older one than is known is passed over, and one that
    /// comes while a change has no answer waits for that: it may hold that change already.
    pub fn load(&mut self, record: Record) -> Vec<CameIn> {
        let known = self.newest();
        if version(&record) < version(known) {
            return Vec::new();
        }
        let same = record == *known;
        if matches!(self.hold, Some(Hold::Gone { .. })) {
            self.hold = None;
        }
        if same {
            return Vec::new();
        }
        self.newer = Some(record);
        if self.is_frozen() {
            // Nothing is another yet: the answer, which another tab may have by now, comes first.
            return Vec::new();
        }
        self.settle()
    }

    /// The page that was made with it is alive, since `now`, in the tab `tab`.
    pub const fn alive(&mut self, now: Millis, tab: u32) {
        (self.touched, self.tab) = (now, tab);
    }

    /// A page that just opened takes up what was stored: under it comes the saved state that the page was made with, on top what was typed
    /// on the page meanwhile. Says what of others' changes came in since.
    pub fn take_up(&mut self, stored: Self, now: Millis) -> Vec<CameIn> {
        let tab = self.tab;
        let fresh = std::mem::replace(self, Self { tab, ..stored });
        if fresh.seat.is_some() {
            self.seat = fresh.seat;
        }
        // Whoever typed is where he typed last, not where somebody left the draft.
        self.focus = fresh.focus.or(self.focus);
        let mut came = self.load(fresh.draft.base().clone());
        let moved = self.moved(&fresh.draft);
        let asked = fresh.queue.last();
        let saved = |field| asked.and_then(|change| change.items.iter().find(|item| item.field == field)).map(|item| &item.value);
        let fields = || fresh.ticks.iter().map(|tick| tick.field);
        if let Some(change) = asked {
            // SAVE was pressed before the page knew what is kept here. What can't be saved on top of that says so at its field.
            for field in fields() {
                match saved(field) {
                    Some(value) => self.put(field, Some(value), &moved, now),
                    // Typed since: a note may know of it already. What waits of it goes on waiting.
                    None => match self.queue.iter().rev().flat_map(|change| &change.items).find(|item| item.field == field) {
                        Some(PatchItem { value, .. }) => self.draft.set(field, value.clone()),
                        None => self.draft.undo(field),
                    },
                }
            }
            self.draft.rebase(self.draft.base().clone());
            self.save(change.then_reboot, now);
        }
        for field in fields() {
            // Typed since, or never saved.
            let typed = fresh.draft.edits().get(&field).map(|edit| &edit.value);
            if typed.is_none() || typed != saved(field) {
                self.put(field, typed, &moved, now);
            }
        }
        self.draft.rebase(self.draft.base().clone());
        let choices = self.draft.conflicts();
        came.retain(|news| !choices.contains(&news.field.unit()));
        came
    }

    /// Takes over what a page has of a field. With what it is based on there: a save that the page did not see, or that waits for a choice
    /// on it, is not taken as seen.
    fn put(&mut self, field: Field, value: Option<&Value>, from: &Draft, now: Millis) {
        let Some(value) = value else { return self.undo(field, now) };
        if !self.draft.edits().contains_key(&field) {
            self.draft.adopt(field, from);
        }
        self.set(field, value.clone(), now);
    }

    /// What is modified and does not wait to be saved yet, in the order of the page.
    pub fn unsaved(&self) -> Vec<Field> {
        let waits = |field: &Field| {
            let item = self.queue.iter().rev().find_map(|change| change.items.iter().find(|item| item.field == *field));
            item.is_some_and(|item| item.value == self.draft.value(*field))
        };
        self.draft.modified().into_iter().filter(|field| !waits(field)).collect()
    }

    /// How many fields wait to be saved.
    pub fn waiting(&self) -> usize {
        let mut fields: Vec<Field> = self.queue.iter().flat_map(|change| &change.items).map(|item| item.field).collect();
        crate::few::sort(&mut fields);
        fields.dedup();
        fields.len()
    }

    /// Takes in the newer saved state, unless a change has no answer.
    pub(super) fn settle(&mut self) -> Vec<CameIn> {
        if self.is_frozen() {
            return Vec::new();
        }
        let Some(record) = self.newer.take() else { return Vec::new() };
        if version(&record) < version(self.draft.base()) {
            return Vec::new();
        }
        let before = self.draft.base().clone();
        self.draft.rebase(record);
        let mut mine = self.draft.modified();
        // Of a unit that waits for a choice nothing is kept yet.
        mine.extend(self.draft.conflicts().into_iter().flat_map(|unit| unit.fields(before.kind)));
        came_in(&before, self.draft.base(), &mine)
    }

    /// Whether the first change was sent and has no answer.
    pub(super) fn is_frozen(&self) -> bool {
        self.queue.first().is_some_and(|change| change.operation.is_some())
    }

    /// Something was done that no page does by itself: only with what is stored joined, and written before the next one reads.
    pub(super) const fn turn(&mut self) {
        self.revision = (self.revision.0 + 1, self.tab);
    }

    /// Notes that the field was typed now.
    pub(super) fn typed(&mut self, field: Field, now: Millis) {
        self.touched = now;
        if let Some(Hold::Refused { faults, .. }) = &mut self.hold
            && faults.remove(&field).is_some()
            && faults.is_empty()
        {
            // Each is typed anew: whether that is right the next SAVE says.
            self.hold = None;
        }
        let count = 1 + self.ticks.iter().map(|tick| tick.count).max().unwrap_or(0);
        self.ticks.retain(|tick| tick.field != field);
        self.ticks.push(Tick { field, count, tab: self.tab });
    }
}
