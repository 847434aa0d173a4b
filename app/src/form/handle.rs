//! The handle: reads and writes of the draft, and who is told of a change.

use super::{Look, notes};
use crate::{
    offline::{self, Saving},
    ui::now,
};
use domain::form::Record;
use domain::offline::{CameIn, Hold, Key, Status, WorkingCopy};
use domain::view::Saved;
use domain::{Field, Patch, SeatId, Value};
use leptos::prelude::*;
use std::time::Duration;

/// An edit is written down so long after its first key.
const WRITE_AFTER: Duration = Duration::from_millis(150);
// What writes it has the rest of the 200 ms within which an edit is stored.
const _: () = assert!(WRITE_AFTER.as_millis() + 50 <= 200);

/// What a form is made of.
pub struct FormSetup {
    pub record: Record,
    /// A viewer's form: nothing can be changed.
    pub read_only: bool,
    /// What the record is, in a sentence: "device".
    pub thing: &'static str,
    /// Nothing was saved yet: what is still empty is no fault before the first SAVE.
    pub blank: bool,
    /// Whose work on what.
    pub key: Key,
    /// The seat of a device.
    pub seat: Option<SeatId>,
    /// Saves what is never queued; seats and devices are saved by the sender.
    pub saver: Option<Callback<(Patch, bool), Saving>>,
    /// The phone that "Save, then reboot" means, where there are several.
    pub contact: Option<StoredValue<Option<String>>>,
    pub on_saved: Callback<Saved>,
}

pub(super) struct Inner {
    /// The copy is about to be written down.
    pub writing: bool,
    /// Faults of what nobody typed are not told yet.
    pub quiet: bool,
    /// Presses of SAVE whose answers are on their way.
    pub sends: u32,
}

/// Where the newest SAVE stands, and what else the save bar tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    pub status: Status,
    /// Fields that wait to be saved.
    pub fields: usize,
    pub hold: Option<Hold>,
    /// A typed password was not kept.
    pub secret_lost: bool,
}

impl Waits {
    fn of(copy: &WorkingCopy) -> Self {
        Self { status: copy.status(), fields: copy.waiting(), hold: copy.hold().cloned(), secret_lost: copy.secrets_lost() }
    }
}

/// What hangs together with a form's draft. Its parts are handles.
#[derive(Clone, Copy)]
pub struct Parts {
    pub(super) inner: StoredValue<Inner>,
    /// One per field: told when its value, state or error may be another.
    told: StoredValue<Vec<(Field, RwSignal<()>)>>,
    unsaved: RwSignal<Vec<Field>>,
    ends: RwSignal<Vec<Field>>,
    pub waits: RwSignal<Waits>,
    pub key: Key,
    pub(super) saver: Option<Callback<(Patch, bool), Saving>>,
    pub(super) contact: Option<StoredValue<Option<String>>>,
    pub(super) on_saved: Callback<Saved>,
    /// What the record is, in a sentence: "device".
    pub thing: &'static str,
    pub saving: RwSignal<bool>,
    /// Why a save did not go through, beside what stands at the fields.
    pub failure: RwSignal<Option<String>>,
    /// What came in from others: shown until the operator puts it away.
    pub notes: RwSignal<Vec<String>>,
    /// The open question of a conflict.
    pub conflict: RwSignal<bool>,
    /// The save under way goes on with a reboot.
    pub(super) then_reboot: RwSignal<bool>,
}

/// A form. Copies are the same form; small, since every control holds one.
#[derive(Clone, Copy)]
pub struct FormHandle {
    pub(super) copy: StoredValue<WorkingCopy>,
    parts: StoredValue<Parts>,
    pub read_only: bool,
}

impl FormHandle {
    pub fn new(setup: FormSetup) -> Self {
        let FormSetup { record, read_only, blank, thing, key, seat, saver, contact, on_saved } = setup;
        let told = Field::of(record.kind).iter().map(|field| (*field, RwSignal::new(()))).collect();
        // The page is made a moment after the record was read; on the server there is no clock of the browser's.
        let mut copy = WorkingCopy::new(key, record, 0, 0);
        copy.seat = seat;
        let parts = Parts {
            inner: StoredValue::new(Inner { writing: false, quiet: blank, sends: 0 }),
            told: StoredValue::new(told),
            unsaved: RwSignal::new(Vec::new()),
            ends: RwSignal::new(Vec::new()),
            waits: RwSignal::new(Waits::of(&copy)),
            key,
            saver,
            contact,
            on_saved,
            thing,
            saving: RwSignal::new(false),
            failure: RwSignal::new(None),
            notes: RwSignal::new(Vec::new()),
            conflict: RwSignal::new(false),
            then_reboot: RwSignal::new(false),
        };
        let form = Self { copy: StoredValue::new(copy), parts: StoredValue::new(parts), read_only };
        form.keep();
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
        let (unsaved, ends, waits) = self.copy.with_value(|copy| (copy.unsaved(), copy.draft().ends_registration(), Waits::of(copy)));
        let parts = self.parts();
        if parts.unsaved.with_untracked(|before| *before != unsaved) {
            parts.unsaved.set(unsaved);
        }
        if parts.ends.with_untracked(|before| *before != ends) {
            parts.ends.set(ends);
        }
        if parts.waits.with_untracked(|before| *before != waits) {
            parts.waits.set(waits);
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
        self.copy.update_value(|copy| copy.set(field, value, now()));
        self.after_edit(field);
    }

    pub fn undo(self, field: Field) {
        self.copy.update_value(|copy| copy.undo(field, now()));
        self.after_edit(field);
    }

    fn after_edit(self, field: Field) {
        if self.copy.with_value(|copy| copy.hold().is_none()) {
            // What was wrong is another now.
            self.parts().failure.set(None);
        }
        // A choice decides which fields beside it are on the page.
        if matches!(field, Field::Method | Field::InviteFormat) {
            self.tell(|other| other.unit() == field.unit());
        } else {
            self.tell(|other| other == field);
        }
        self.write_soon();
    }

    /// The focus is in the field.
    pub fn focused(self, field: Field) {
        if self.read_only {
            return;
        }
        let is_draft = self.copy.try_update_value(|copy| {
            copy.focus = Some(field);
            !copy.is_empty()
        });
        if is_draft == Some(true) {
            self.write_soon();
        }
    }

    /// It was read that a typed password is gone.
    pub fn without_secret(self) {
        self.copy.update_value(WorkingCopy::without_secret);
        self.tell_all();
        self.write_soon();
    }

    /// Drops every edit since the last SAVE.
    pub fn discard(self) {
        self.copy.update_value(|copy| copy.discard(now()));
        self.parts().failure.set(None);
        self.tell_all();
        self.write_soon();
    }

    /// The value on the page; tracked.
    pub fn value(self, field: Field) -> Value {
        self.track(field);
        self.copy.with_value(|copy| copy.draft().value(field))
    }

    pub fn value_untracked(self, field: Field) -> Value {
        self.copy.with_value(|copy| copy.draft().value(field))
    }

    /// The value as saved; tracked.
    pub fn saved_value(self, field: Field) -> Value {
        self.track(field);
        self.copy.with_value(|copy| copy.draft().base().value(field))
    }

    /// Whether the field is on the page.
    pub fn shown(self, field: Field) -> Memo<bool> {
        Memo::new(move |_| {
            self.track(field);
            self.copy.with_value(|copy| copy.draft().is_shown(field))
        })
    }

    /// The one memo of the field.
    pub fn look(self, field: Field) -> Memo<Look> {
        Memo::new(move |_| {
            self.track(field);
            let quiet = self.parts().inner.with_value(|inner| inner.quiet);
            self.copy.with_value(|copy| Look::of(copy, quiet, field))
        })
    }

    /// The fields that are modified and don't wait to be saved, in the order of the page.
    pub fn unsaved(self) -> Signal<Vec<Field>> {
        self.parts().unsaved.into()
    }

    /// How many there are.
    pub fn unsaved_count(self) -> Signal<usize> {
        let unsaved = self.parts().unsaved;
        Signal::derive(move || unsaved.with(Vec::len))
    }

    /// The labels of what was typed on the side of a choice that is not on the page now.
    pub fn hidden_edits(self) -> Vec<&'static str> {
        self.copy.with_value(|copy| {
            let draft = copy.draft();
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
        if let Some((came, changed)) = self.copy.try_update_value(|copy| {
            let before = copy.clone();
            let came = copy.load(record);
            (came, *copy != before)
        }) && changed
        {
            self.came(came);
            self.write_soon();
        }
    }

    /// The copy is another now.
    pub(super) fn came(self, came: Vec<CameIn>) {
        self.tell_all();
        self.note(came.into_iter().map(notes::words).collect());
    }

    /// Writes the copy down, soon: once for many keys.
    pub(super) fn write_soon(self) {
        if self.read_only {
            return;
        }
        let inner = self.parts().inner;
        if inner.try_update_value(|inner| std::mem::replace(&mut inner.writing, true)) != Some(false) {
            return;
        }
        offline::prepare();
        let write = move || {
            if inner.try_update_value(|inner| inner.writing = false).is_some() {
                self.write_now();
            }
        };
        set_timeout(write, WRITE_AFTER);
    }

    /// What the page is for whoever opened it, as its heading says it.
    pub const fn doing(self) -> &'static str {
        if self.read_only { "Viewing" } else { "Editing" }
    }

    pub(super) fn write_now(self) {
        offline::sync_soon(self.parts().key);
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
