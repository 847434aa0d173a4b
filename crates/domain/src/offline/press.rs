//! Which SAVE a change is of: so a page that is behind neither brings back what was sent, nor loses what was asked for on it.

use super::{Change, WorkingCopy};
use crate::form::PatchItem;
use crate::{Field, Millis};
use serde::{Deserialize, Serialize};

/// A field that SAVE was pressed for: which typing of it, and the how manyeth time for that one. Of two the higher one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Press {
    pub field: Field,
    pub count: u64,
    pub tab: u32,
    pub nth: u32,
}

/// No press of this typing counts any more: it is saved.
const SAVED: u32 = u32::MAX;

impl Press {
    pub const fn rank(&self) -> (u64, u32, u32) {
        (self.count, self.tab, self.nth)
    }

    pub fn saved(self) -> Self {
        Self { nth: SAVED, ..self }
    }
}

impl Change {
    pub(super) fn press(&self, field: Field) -> Option<&Press> {
        self.presses.iter().find(|press| press.field == field)
    }

    /// Keeps these fields; gives the presses of the others.
    pub(super) fn keep(&mut self, stays: impl Fn(&PatchItem) -> bool) -> Vec<Press> {
        self.items.retain(stays);
        let (stay, gone) = std::mem::take(&mut self.presses).into_iter().partition(|p| self.items.iter().any(|item| item.field == p.field));
        self.presses = stay;
        gone
    }
}

impl WorkingCopy {
    /// SAVE is pressed for the field as it is typed now.
    pub(super) fn press(&mut self, field: Field, now: Millis) -> Press {
        let mut press = self.typing(field);
        let known = self.queue.iter().flat_map(|change| &change.presses).chain(&self.over);
        let last = known.filter(|p| (p.field, p.count, p.tab) == (field, press.count, press.tab)).map(|p| p.nth).max();
        match last {
            None => press,
            Some(SAVED) => {
                self.typed(field, now);
                self.typing(field)
            }
            Some(nth) => {
                press.nth = nth + 1;
                press
            }
        }
    }

    fn typing(&self, field: Field) -> Press {
        let (count, tab) = self.ticks.iter().find(|tick| tick.field == field).map_or((0, 0), |tick| (tick.count, tick.tab));
        Press { field, count, tab, nth: 0 }
    }

    /// What was asked for with these was sent, or waits no more: no copy that still holds it brings it back.
    pub(super) fn over(&mut self, presses: impl IntoIterator<Item = Press>) {
        for press in presses {
            match self.over.iter_mut().find(|known| known.field == press.field) {
                Some(known) if known.rank() < press.rank() => *known = press,
                Some(_) => {}
                None => self.over.push(press),
            }
        }
        crate::few::sort_by(&mut self.over, |a, b| a.field < b.field);
    }

    /// It is asked for anew.
    pub(super) fn again(&self, press: Press) -> Press {
        let known = self.over.iter().find(|known| known.field == press.field && known.rank() > press.rank()).cloned().unwrap_or(press);
        Press { nth: known.nth.saturating_add(1), ..known }
    }

    pub(super) fn is_over(&self, press: &Press) -> bool {
        self.over.iter().any(|known| known.field == press.field && known.rank() >= press.rank())
    }

    /// A change that never went out waits no more.
    pub fn unqueue(&mut self) -> Option<Change> {
        let change = self.queue.pop_if(|change| change.operation.is_none())?;
        self.over(change.presses.clone());
        Some(change)
    }

    /// Builds before did not write down which SAVE a change was of: of what stands in the draft now, or of something before that.
    pub(super) fn name_presses(&mut self) {
        for (at, mut change) in std::mem::take(&mut self.queue).into_iter().enumerate() {
            if change.presses.is_empty() {
                for PatchItem { field, value, .. } in &change.items {
                    let (field, nth) = (*field, u32::from(at > 0));
                    let is_now = self.draft.value(field) == *value;
                    let press = if is_now { self.typing(field) } else { Press { field, count: 0, tab: nth, nth } };
                    change.presses.push(Press { nth, ..press });
                }
                if change.operation.is_some() {
                    self.over(change.presses.iter().cloned());
                }
            }
            self.queue.push(change);
        }
    }
}
