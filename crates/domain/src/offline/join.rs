//! One draft in several tabs: two copies become one. What every tab does in whatever order, all end with the same.
//!
//! What is done under the lock of the store (sending, answers, signing out) counts the revision: the copy with the higher one knows all of
//! it. What a page does by itself may be news to that one, however far it came, and is taken in: what was typed, a saved state that was
//! loaded, a SAVE that was pressed, a word of refusal that was put away.

use super::{Change, Hold, WorkingCopy, copy::Tick, news::version, queue::holds, sign_out::is_secret};
use crate::form::{Draft, PatchItem, Record};
use crate::{Field, Value};

impl WorkingCopy {
    /// Takes in what another tab has of the same draft, or the store. Of each field stands what was typed last. True: something here changed.
    pub fn join(&mut self, other: &Self) -> bool {
        if other.key != self.key || other == self {
            return false;
        }
        let before = self.clone();
        let came = |copy: &Self| (copy.revision, version(copy.newest()));
        // Of equals the store's: so all end with that.
        let ahead = came(other) >= came(self);
        let (mut high, low) = if ahead { (other.clone(), before.clone()) } else { (before.clone(), other.clone()) };
        high.take_typed(&low);
        if high.revision == low.revision {
            high.take_word(&low);
        }
        high.take_pressed(&low);
        if version(low.newest()) > version(high.newest()) {
            high.load(low.newest().clone());
        }
        if (low.touched, low.focus) > (high.touched, high.focus) {
            (high.touched, high.focus) = (low.touched, low.focus);
        }
        // Typed again in one of the tabs.
        high.secrets_lost &= !high.draft.edits().values().any(|edit| is_secret(&edit.value));
        high.tab = self.tab;
        *self = high;
        *self != before
    }

    pub(super) fn newest(&self) -> &Record {
        self.newer.as_ref().unwrap_or_else(|| self.draft.base())
    }

    /// Another copy's draft on what is saved here: what it did not see waits for a choice.
    pub(super) fn moved(&self, other: &Draft) -> Draft {
        let mut moved = other.clone();
        for step in &self.moves {
            moved.advance(step.unit, step.from, &step.to);
        }
        if other.base() != self.draft.base() {
            moved.rebase(self.draft.base().clone());
        }
        moved
    }

    fn take_typed(&mut self, low: &Self) {
        let moved = self.moved(&low.draft);
        for tick in &low.ticks {
            let field = tick.field;
            let known = self.ticks.iter().find(|t| t.field == field).map(|known| (known.count, known.tab));
            let has = |copy: &Self| copy.draft.edits().contains_key(&field);
            if known == Some((tick.count, tick.tab)) && self.revision == low.revision && has(low) && !has(self) {
                // It was saved by others and is no more, which this one saw and that one did not.
                self.draft.adopt(field, &moved);
            }
            if known >= Some((tick.count, tick.tab)) {
                continue;
            }
            let put_back = low.draft.value(field);
            if !has(low) && self.shows_another(low, field) && put_back != Value::Hidden {
                self.draft.set(field, put_back);
            } else {
                self.draft.adopt(field, &moved);
            }
            if let Some(Hold::Refused { faults, .. }) = &mut self.hold {
                faults.remove(&field);
            }
            self.ticks.retain(|t| t.field != field);
            self.ticks.push(Tick { ..tick.clone() });
        }
        crate::few::sort_by(&mut self.ticks, |a, b| a.field < b.field);
        // What was chosen there waits for no choice here.
        self.draft.rebase(self.draft.base().clone());
    }

    /// Whether what the other copy shows as saved is something else here, and nobody else's news: it does not know of the operator's own
    /// saves yet, or knows a later state.
    fn shows_another(&self, low: &Self, field: Field) -> bool {
        let unit = field.unit();
        let (start, end) = (low.draft.base().stamp(unit).version, self.draft.base().stamp(unit).version);
        let reached =
            self.moves.iter().filter(|step| step.unit == unit).fold(start, |v, step| if v == step.from { step.to.version } else { v });
        start > end || (start != end && reached == end)
    }

    /// Both know the same answers: what one of them put away is put away.
    fn take_word(&mut self, low: &Self) {
        self.secrets_lost &= low.secrets_lost;
        for change in &mut self.queue {
            let same = low.queue.iter().find(|other| other.operation == change.operation);
            change.secrets_lost &= same.is_none_or(|other| other.secrets_lost);
        }
        match (&mut self.hold, &low.hold) {
            (hold, None) => *hold = None,
            // What was typed anew in one of the tabs is refused no more.
            (Some(Hold::Refused { faults, .. }), Some(Hold::Refused { faults: others, .. })) => {
                faults.retain(|field, _| others.contains_key(field));
            }
            _ => {}
        }
    }

    /// What SAVE was pressed for in either, unless it was sent, saved or given up since.
    fn take_pressed(&mut self, low: &Self) {
        self.over(low.over.iter().cloned());
        let waits = |copy: &Self| copy.queue.last().filter(|change| change.operation.is_none()).cloned();
        let ours = waits(self);
        let Some(mut change) = (match (ours.clone(), waits(low)) {
            (Some(ours), Some(theirs)) => Some(ours.with(self.follow(theirs))),
            (ours, theirs) => ours.or(theirs.map(|theirs| self.follow(theirs))),
        }) else {
            return;
        };
        let stays: Vec<Field> = change.presses.iter().filter(|press| !self.is_over(press)).map(|press| press.field).collect();
        change.keep(|item| stays.contains(&item.field));
        if ours.is_some() {
            self.queue.pop();
        }
        if change.items.is_empty() || self.queue.first().is_some_and(|sent| change.items.iter().all(|item| holds(sent, item))) {
            self.over(change.presses);
            return;
        }
        self.queue.push(change);
        self.hold = None;
    }

    /// The change on top of the operator's own saves that it does not know of.
    fn follow(&self, mut change: Change) -> Change {
        for item in &mut change.items {
            for step in self.moves.iter().filter(|step| step.unit == item.field.unit()) {
                if item.based_on.version == step.from {
                    item.based_on = step.to.clone();
                }
            }
        }
        change
    }
}

impl Change {
    /// Of two that were never sent: of each field what was pressed for last.
    fn with(mut self, other: Self) -> Self {
        for item in other.items {
            let Some(press) = other.presses.iter().find(|press| press.field == item.field) else { continue };
            if self.press(item.field).is_none_or(|known| known.rank() < press.rank()) {
                let field = item.field;
                self.keep(|item: &PatchItem| item.field != field);
                self.items.push(item);
                self.presses.push(press.clone());
            }
        }
        crate::few::sort_by(&mut self.items, |a, b| a.field < b.field);
        crate::few::sort_by(&mut self.presses, |a, b| a.field < b.field);
        (self.since, self.then_reboot) = (self.since, self.then_reboot).max((other.since, other.then_reboot));
        self
    }
}
