//! SAVE, and whose turn it is to be sent.

use super::{Change, Hold, OPERATIONS_KEPT, Sending, Status, WorkingCopy, press::Press};
use crate::few::Map;
use crate::form::{PatchItem, Unit};
use crate::{Fault, Field, Millis, OperationId, Patch, Value};

/// What SAVE came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing differs from what is saved or waits already.
    Nothing,
    /// Values that can't be saved, at their fields; nothing else happened.
    Faults(Map<Field, Fault>),
    /// Somebody else's save has to be chosen against first; nothing else happened.
    Choose(Vec<Unit>),
    /// It waits to be saved.
    Queued,
}

/// What was chosen for a unit that waits for a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub unit: Unit,
    /// One's own side; else what somebody else saved.
    pub mine: bool,
    /// The version of the unit whose values were shown as theirs.
    pub seen: i64,
}

/// What the sender does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// [`WorkingCopy::begin`] with this one of the copies.
    Send(usize),
    /// Look again then.
    Wait(Millis),
    Nothing,
}

/// Whose change goes out: the one that waits longest of those that may.
pub fn next(copies: &[WorkingCopy], now: Millis) -> Next {
    let heads = || copies.iter().enumerate().filter(|(_, copy)| !copy.needs_choice()).filter_map(|(i, c)| Some((i, c.queue.first()?)));
    let ready = heads().filter(|(_, change)| change.not_before <= now).min_by_key(|(_, change)| change.since);
    match (ready, heads().map(|(_, change)| change.not_before).min()) {
        (Some((i, _)), _) => Next::Send(i),
        (None, Some(then)) => Next::Wait(then),
        (None, None) => Next::Nothing,
    }
}

impl WorkingCopy {
    /// SAVE: what is modified waits to be saved. A change that was never sent takes it in; one that was sent stays, and another follows it.
    pub fn save(&mut self, then_reboot: bool, now: Millis) -> Asked {
        let fields = Field::of(self.draft.base().kind);
        let faults: Map<Field, Fault> = fields.iter().filter_map(|field| Some((*field, self.draft.fault(*field)?))).collect();
        if !faults.is_empty() {
            return Asked::Faults(faults);
        }
        let choices = self.draft.conflicts();
        if !choices.is_empty() {
            return Asked::Choose(choices);
        }
        let items = self.items();
        self.hold = None;
        let presses: Vec<Press> = items.iter().map(|item| self.press(item.field, now)).collect();
        self.unqueue();
        let same = self.queue.first().is_some_and(|sent| items.iter().all(|item| holds(sent, item)));
        if items.is_empty() || same {
            return Asked::Nothing;
        }
        let (operation, ask, secrets_lost, tries, not_before) = (None, false, false, 0, 0);
        self.queue.push(Change { operation, items, presses, since: now, then_reboot, ask, secrets_lost, tries, not_before });
        Asked::Queued
    }

    /// What is modified, also against the change that has no answer yet.
    fn items(&self) -> Vec<PatchItem> {
        let draft = &self.draft;
        let edits = draft.modified().into_iter().filter_map(|field| Some((field, draft.edits().get(&field)?)));
        let mut items: Vec<PatchItem> =
            edits.map(|(field, edit)| PatchItem { field, based_on: edit.based_on.clone(), value: edit.value.clone() }).collect();
        for item in self.queue.first().filter(|_| self.is_frozen()).into_iter().flat_map(|sent| &sent.items) {
            let (field, value) = (item.field, draft.value(item.field));
            let put_back = value != item.value && value != Value::Hidden && draft.is_shown(field);
            if put_back && !items.iter().any(|item| item.field == field) {
                items.push(PatchItem { field, based_on: draft.base().stamp(field.unit()), value });
            }
        }
        crate::few::sort_by(&mut items, |a, b| a.field < b.field);
        items
    }

    /// Decides the units that wait for a choice, then saves what is left to save. Where one waits that was not shown, or was saved again
    /// since it was, nothing is decided: nobody chooses against what was not seen.
    pub fn decide(&mut self, decisions: &[Decision], then_reboot: bool, now: Millis) -> Asked {
        let open = self.draft.conflicts();
        let seen = |unit: Unit| decisions.iter().any(|d| d.unit == unit && d.seen == self.draft.base().stamp(unit).version);
        if !open.iter().all(|unit| seen(*unit)) {
            return Asked::Choose(open);
        }
        for Decision { unit, mine, .. } in decisions {
            if *mine {
                self.draft.keep_mine(*unit);
            } else {
                self.draft.take_theirs(*unit);
            }
            for field in unit.fields(self.draft.base().kind) {
                self.typed(field, now);
            }
        }
        // It was asked for before the choice. The draft holds all of it.
        self.unqueue();
        self.save(then_reboot, now)
    }

    /// Freezes the first change under `fresh`, or under the operation id that it has already, and says what to send. None: nothing may go
    /// out. The copy has to be stored before the request leaves.
    pub fn begin(&mut self, fresh: OperationId, now: Millis) -> Option<Sending> {
        if self.queue.iter().any(|change| change.since + OPERATIONS_KEPT < now) {
            self.become_draft(Hold::TooOld);
        }
        if self.needs_choice() {
            return None;
        }
        let change = self.queue.first_mut()?;
        let operation = *change.operation.get_or_insert(fresh);
        change.tries += 1;
        let patch = (!change.ask).then(|| Patch { operation, items: change.items.clone() });
        let sending = Sending { operation, patch, then_reboot: change.then_reboot, again: change.tries > 1 };
        // No copy that does not know of this sends it too.
        let presses = change.presses.clone();
        self.over(presses);
        self.turn();
        Some(sending)
    }

    /// A request got through: what waited for the connection goes out at once.
    pub fn hurry(&mut self) {
        if let Some(change) = self.queue.first_mut().filter(|change| change.not_before > 0) {
            change.not_before = 0;
            self.turn();
        }
    }

    /// Nothing waits any more; the draft has all of it.
    pub(super) fn become_draft(&mut self, hold: Hold) {
        self.secrets_lost = self.secrets_lost();
        self.unqueue();
        self.queue.clear();
        self.hold = Some(hold);
        self.turn();
        self.settle();
    }

    /// Whether what waits touches what somebody else saved.
    pub fn needs_choice(&self) -> bool {
        let open = self.draft.conflicts();
        self.queue.first().is_some_and(|c| c.operation.is_none() && c.items.iter().any(|item| open.contains(&item.field.unit())))
    }

    /// Where the newest SAVE stands.
    pub fn status(&self) -> Status {
        match (self.queue.first(), &self.hold) {
            (Some(_), _) if self.needs_choice() => Status::NeedsChoice,
            (Some(change), _) if change.operation.is_some() && self.queue.len() == 1 => Status::Sent,
            (Some(_), _) => Status::Waiting,
            (None, Some(Hold::Refused { .. })) => Status::Refused,
            (None, Some(Hold::Gone { .. })) => Status::Gone,
            (None, Some(Hold::TooOld)) => Status::TooOld,
            (None, Some(Hold::SignedOut)) => Status::SignedOut,
            (None, None) => Status::Idle,
        }
    }
}

/// Whether the change says the same of the field.
pub(super) fn holds(change: &Change, item: &PatchItem) -> bool {
    change.items.iter().any(|other| other.field == item.field && other.value == item.value)
}
