//! The handle: reads and writes of the draft, and who is told of a change.

use super::{Choice, Failure, Saver, notes, save::Sent};
use crate::ui::announce;
use domain::few::Map;
use domain::form::{Draft, Record, State};
use domain::view::Saved;
use domain::{Fault, Field, Value};
use leptos::prelude::*;

/// What a form is made of.
pub struct FormSetup {
    pub record: Record,
    /// A viewer's form: nothing can be changed.
    pub read_only: bool,
    /// What the record is, in a sentence: "device".
    pub thing: &'static str,
    /// Nothing was saved yet: what is still empty is no fault before the first SAVE.
    pub blank: bool,
    /// Names the draft in this tab's storage; unlike for every record and operator.
    pub key: String,
    pub saver: Saver,
    pub on_saved: Callback<Saved>,
}

/// Everything that the page shows of one field beside its control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub state: State,
    pub modified: bool,
    pub error: Option<String>,
    /// The saved value in words, where it is modified.
    pub was: Option<String>,
}

pub(super) struct Inner {
    pub draft: Draft,
    /// What the server said of a field, until it is edited.
    pub faults: Map<Field, Fault>,
    /// A save without an answer: sent again as it was, it applies once.
    pub sent: Option<Sent>,
    pub key: String,
    /// The draft is about to be written to this tab's storage.
    pub keeping: bool,
    /// Faults of what nobody typed are not told yet.
    pub quiet: bool,
}

/// What hangs together with a form's draft. Its parts are handles.
#[derive(Clone, Copy)]
pub struct Parts {
    /// One per field: told when its value, state or error may be another.
    told: StoredValue<Vec<(Field, RwSignal<()>)>>,
    modified: RwSignal<Vec<Field>>,
    ends: RwSignal<Vec<Field>>,
    pub(super) saver: Saver,
    pub(super) on_saved: Callback<Saved>,
    /// What the record is, in a sentence: "device".
    pub thing: &'static str,
    pub saving: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
    /// What came in from others: shown until the operator puts it away.
    pub notes: RwSignal<Vec<String>>,
    /// The open question of a conflict.
    pub conflict: RwSignal<Option<Vec<Choice>>>,
    /// The save under way goes on with a reboot.
    pub(super) then_reboot: RwSignal<bool>,
    /// A typed secret did not come back with the other edits.
    pub secret_lost: RwSignal<bool>,
}

/// A form. Copies are the same form; small, since every control holds one.
#[derive(Clone, Copy)]
pub struct FormHandle {
    pub(super) inner: StoredValue<Inner>,
    parts: StoredValue<Parts>,
    pub read_only: bool,
}

impl FormHandle {
    pub fn new(setup: FormSetup) -> Self {
        let FormSetup { record, read_only, blank, thing, key, saver, on_saved } = setup;
        let told = Field::of(record.kind).iter().map(|field| (*field, RwSignal::new(()))).collect();
        let inner = Inner { draft: Draft::new(record), faults: Map::new(), sent: None, key, keeping: false, quiet: blank };
        let parts = Parts {
            told: StoredValue::new(told),
            modified: RwSignal::new(Vec::new()),
            ends: RwSignal::new(Vec::new()),
            saver,
            on_saved,
            thing,
            saving: RwSignal::new(false),
            failure: RwSignal::new(None),
            notes: RwSignal::new(Vec::new()),
            conflict: RwSignal::new(None),
            then_reboot: RwSignal::new(false),
            secret_lost: RwSignal::new(false),
        };
        let form = Self { inner: StoredValue::new(inner), parts: StoredValue::new(parts), read_only };
        form.keep_in_tab();
        form
    }

    /// The form's signals; only while its page stands.
    pub fn parts(self) -> Parts {
        self.parts.get_value()
    }

    fn track(self, field: Field) {
        self.parts().told.with_value(|told| {
            if let Some((_, signal)) = told.iter().find(|(f, _)| *f == field) {
                signal.track();
            }
        });
    }

    fn tell(self, which: impl Fn(Field) -> bool) {
        let signals: Vec<_> =
            self.parts().told.with_value(|told| told.iter().filter(|(f, _)| which(*f)).map(|(_, signal)| *signal).collect());
        for signal in signals {
            signal.notify();
        }
        let (modified, ends) = self.inner.with_value(|inner| (inner.draft.modified(), inner.draft.ends_registration()));
        if self.parts().modified.with_untracked(|before| *before != modified) {
            self.parts().modified.set(modified);
        }
        if self.parts().ends.with_untracked(|before| *before != ends) {
            self.parts().ends.set(ends);
        }
    }

    pub(super) fn tell_all(self) {
        self.tell(|_| true);
    }

    /// What the control holds now.
    pub fn set(self, field: Field, value: Value) {
        if self.read_only {
            return;
        }
        self.inner.update_value(|inner| {
            inner.draft.set(field, value);
            inner.faults.remove(&field);
        });
        self.after_edit(field);
    }

    pub fn undo(self, field: Field) {
        self.inner.update_value(|inner| {
            inner.draft.undo(field);
            inner.faults.remove(&field);
        });
        self.after_edit(field);
    }

    fn after_edit(self, field: Field) {
        // A choice decides which fields beside it are on the page.
        if matches!(field, Field::Method | Field::InviteFormat) {
            self.tell(|other| other.unit() == field.unit());
        } else {
            self.tell(|other| other == field);
        }
        self.keep_soon();
    }

    /// Drops every edit.
    pub fn discard(self) {
        self.inner.update_value(|inner| {
            inner.draft.discard();
            inner.faults.clear();
        });
        self.parts().failure.set(None);
        self.tell_all();
        self.forget();
    }

    /// The value on the page; tracked.
    pub fn value(self, field: Field) -> Value {
        self.track(field);
        self.inner.with_value(|inner| inner.draft.value(field))
    }

    pub fn value_untracked(self, field: Field) -> Value {
        self.inner.with_value(|inner| inner.draft.value(field))
    }

    /// The value as saved; tracked.
    pub fn saved_value(self, field: Field) -> Value {
        self.track(field);
        self.inner.with_value(|inner| inner.draft.base().value(field))
    }

    /// Whether the field is on the page.
    pub fn shown(self, field: Field) -> Memo<bool> {
        Memo::new(move |_| {
            self.track(field);
            self.inner.with_value(|inner| inner.draft.is_shown(field))
        })
    }

    /// The one memo of the field.
    pub fn look(self, field: Field) -> Memo<Look> {
        Memo::new(move |_| {
            self.track(field);
            self.inner.with_value(|inner| look(inner, field))
        })
    }

    /// The modified fields in the order of the page.
    pub fn modified(self) -> Signal<Vec<Field>> {
        self.parts().modified.into()
    }

    pub fn modified_count(self) -> Signal<usize> {
        let modified = self.parts().modified;
        Signal::derive(move || modified.with(Vec::len))
    }

    /// The labels of what was typed on the side of a choice that is not on the page now.
    pub fn hidden_edits(self) -> Vec<&'static str> {
        self.inner.with_value(|Inner { draft, .. }| {
            let hidden = draft.edits().iter().filter(|(field, edit)| !draft.is_shown(**field) && edit.value != draft.base().value(**field));
            hidden.map(|(field, _)| field.label()).collect()
        })
    }

    /// The modified fields whose save ends the device's registration.
    pub fn ends_registration(self) -> Signal<Vec<Field>> {
        self.parts().ends.into()
    }

    /// A newer saved state comes in under the edits. An older one (an answer that was overtaken) is passed over.
    pub fn rebase(self, record: Record) {
        let newest = |record: &Record| record.stamps().values().map(|stamp| stamp.version).max().unwrap_or(0);
        let noted = self.inner.try_update_value(|inner| {
            if newest(&record) < newest(inner.draft.base()) || record == *inner.draft.base() {
                return None;
            }
            let before = inner.draft.base().clone();
            inner.draft.rebase(record);
            let mut touched = inner.draft.modified();
            // Of a unit that waits for a choice nothing is kept yet.
            touched.extend(inner.draft.conflicts().into_iter().flat_map(|unit| unit.fields(before.kind)));
            Some(notes::others(&before, inner.draft.base(), &touched))
        });
        if let Some(noted) = noted.flatten() {
            self.tell_all();
            self.note(noted);
            let Parts { modified, failure, .. } = self.parts();
            if modified.with_untracked(Vec::is_empty) && failure.with_untracked(Option::is_some) {
                // The save whose answer was lost had gone through.
                failure.set(None);
                announce("Saved.");
            }
        }
    }

    pub(super) fn note(self, more: Vec<String>) {
        if !more.is_empty() {
            self.parts().notes.update(|notes| {
                notes.retain(|note| !more.contains(note));
                notes.extend(more);
            });
        }
    }
}

fn fault(inner: &Inner, field: Field) -> Option<Fault> {
    inner.draft.fault(field).or_else(|| inner.faults.get(&field).filter(|_| inner.draft.is_shown(field)).cloned())
}

fn look(inner: &Inner, field: Field) -> Look {
    let draft = &inner.draft;
    let mut state = draft.state(field);
    let modified = draft.is_modified(field);
    if inner.quiet && !modified {
        return Look { state: State::Clean, modified, error: None, was: None };
    }
    let mut error = fault(inner, field).map(|fault| fault.to_string());
    if error.is_some() {
        state = state.max(State::Invalid);
    }
    if state == State::Conflict {
        let stamp = draft.base().stamp(field.unit());
        let by = if stamp.by.is_empty() { "Somebody" } else { &stamp.by };
        let theirs = field.shown(&draft.base().value(field));
        error = Some(match field {
            Field::Password => [by, " saved other credentials while you were editing. SAVE asks which to keep."].concat(),
            _ => [by, " saved ", &theirs, " while you were editing. SAVE asks which to keep."].concat(),
        });
    }
    let was = modified.then(|| field.shown(&draft.was(field)));
    Look { state, modified, error, was }
}
