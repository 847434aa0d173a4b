//! What an answer does to the change that was sent, and to the draft.

use super::{CameIn, Hold, WorkingCopy, came_in, change::backoff, copy::Move, news::version, press::Press, queue::holds};
use crate::few::Map;
use crate::form::PatchItem;
use crate::view::Saved;
use crate::{Fault, Field, Millis, OperationId, Problem, Record, SECOND};

/// The server's answer to a change, as far as it matters here.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is saved: the record after it, and what the save itself changed.
    Saved {
        record: Record,
        changed: Vec<Field>,
    },
    /// Somebody saved the same units meanwhile.
    Conflict {
        record: Record,
    },
    Invalid {
        faults: Map<Field, Fault>,
    },
    /// The seat or device was deleted.
    Gone {
        name: String,
        by: String,
        at: Millis,
    },
    /// The session has ended. It goes on after the next sign-in.
    SignedOut,
    /// No, for a reason in plain words.
    Refused {
        why: String,
    },
    /// Not now; again no earlier than after so many milliseconds.
    Later {
        wait: Millis,
    },
    /// None came: the change may have been applied, or not.
    Nothing,
    /// To a question: the server never applied the operation.
    Unknown,
}

impl From<Saved> for Answer {
    fn from(saved: Saved) -> Self {
        Self::Saved { record: saved.record, changed: saved.changed }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let gone = || Self::Gone { name: String::new(), by: String::new(), at: 0 };
        match problem {
            Problem::Conflict { record, .. } => Self::Conflict { record: *record },
            Problem::Invalid { faults } => Self::Invalid { faults },
            Problem::Deleted { name, by, at } => Self::Gone { name, by, at },
            Problem::NotFound => gone(),
            Problem::SignedOut => Self::SignedOut,
            Problem::SlowDown { seconds } => Self::Later { wait: Millis::from(seconds) * SECOND },
            Problem::Failed { .. } => Self::Later { wait: 0 },
            other => Self::Refused { why: other.to_string() },
        }
    }
}

impl WorkingCopy {
    /// Takes the answer to `operation`, and says what of others' changes came in. An answer that comes a second time does nothing. `jitter`
    /// is a random number from 0 to 1000.
    pub fn answered(&mut self, operation: OperationId, answer: Answer, now: Millis, jitter: u32) -> Vec<CameIn> {
        let Some(change) = self.queue.first_mut().filter(|change| change.operation == Some(operation)) else { return Vec::new() };
        match answer {
            Answer::Saved { record, changed } => return self.acknowledged(record, &changed),
            Answer::Conflict { record } => return self.conflict(record),
            Answer::Invalid { faults } => self.refused(Hold::Refused { faults, why: String::new() }),
            Answer::Refused { why } => self.refused(Hold::Refused { faults: Map::new(), why }),
            Answer::Gone { name, by, at } => self.become_draft(Hold::Gone { name, by, at }),
            Answer::Unknown => self.become_draft(Hold::SignedOut),
            // Nothing was applied: the next try is as the first.
            Answer::SignedOut => (change.not_before, change.tries) = (0, 0),
            Answer::Nothing => change.not_before = now + backoff(change.tries, jitter),
            Answer::Later { wait } => change.not_before = now + wait.max(backoff(change.tries, jitter)),
        }
        self.turn();
        Vec::new()
    }

    fn acknowledged(&mut self, record: Record, changed: &[Field]) -> Vec<CameIn> {
        let sent = self.queue.remove(0);
        let before = self.draft.base().clone();
        let base = record.clone();
        let waiting = self.queue.first().map_or(&[][..], |change| &change.items);
        self.draft.acknowledged(&sent.items, changed, record, waiting);
        for item in sent.items.iter().filter(|item| changed.contains(&item.field)) {
            let (unit, from, to) = (item.field.unit(), item.based_on.version, base.stamp(item.field.unit()));
            // What follows was typed on top of this one: its sender has seen it.
            for next in self.queue.iter_mut().flat_map(|change| &mut change.items) {
                if next.field.unit() == unit && next.based_on.version == from {
                    next.based_on = to.clone();
                }
            }
            self.moves.push(Move { unit, from, to });
        }
        let old = self.moves.len().saturating_sub(MOVES);
        self.moves.drain(..old);
        let gone: Vec<Press> = self.queue.iter_mut().flat_map(|change| change.keep(|item| !holds(&sent, item))).collect();
        self.queue.retain(|change| !change.items.is_empty());
        self.over(sent.presses.iter().cloned().chain(gone).map(Press::saved));
        self.hold = None;
        self.turn();
        self.settle();
        let mine: Vec<Field> = sent.items.iter().map(|item| item.field).chain(self.draft.modified()).collect();
        came_in(&before, self.draft.base(), &mine)
    }

    /// Nothing was applied. What nobody touched goes out again by itself; the rest waits for a choice.
    fn conflict(&mut self, record: Record) -> Vec<CameIn> {
        let then_reboot = self.queue.iter().any(|change| change.then_reboot);
        // The last one holds all that is left of those before it.
        let Some(mut change) = self.queue.pop() else { return Vec::new() };
        self.queue.clear();
        self.over(change.presses.iter().cloned());
        let known = self.newer.take().filter(|newer| version(newer) > version(&record));
        self.newer = Some(known.unwrap_or(record));
        let came = self.settle();
        change.items = change.items.iter().filter_map(|item| self.refit(item)).collect();
        change.keep(|_| true);
        // It is asked for anew.
        change.presses = change.presses.into_iter().map(|press| self.again(press)).collect();
        change.operation = None;
        change.then_reboot = then_reboot;
        (change.tries, change.not_before) = (0, 0);
        if !change.items.is_empty() {
            self.queue.push(change);
        }
        self.turn();
        came
    }

    /// The item on the saved state of now. None: it was undone since, is saved already, or is hidden behind a choice that others made too.
    fn refit(&self, item: &PatchItem) -> Option<PatchItem> {
        let edit = self.draft.edits().get(&item.field)?;
        let unit = item.field.unit();
        let untouched = edit.based_on.version == self.draft.base().stamp(unit).version;
        (untouched || self.draft.conflicts().contains(&unit)).then(|| PatchItem { based_on: edit.based_on.clone(), ..item.clone() })
    }

    /// Nothing was applied, and the same would be refused again. What was saved since may go through: it holds the rest too.
    fn refused(&mut self, hold: Hold) {
        self.secrets_lost |= self.queue.remove(0).secrets_lost;
        if self.queue.is_empty() {
            self.hold = Some(hold);
        }
        self.settle();
    }
}

/// How many of one's own saves are remembered for tabs that did not hear of them yet.
const MOVES: usize = 16;
