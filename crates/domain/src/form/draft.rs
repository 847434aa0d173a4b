//! What somebody typed on top of a saved state. Whether a field is modified is derived, never stored.

use super::{Consequence, Field, Patch, PatchItem, Record, Stamp, Unit};
use crate::{Fault, OperationId, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One typed value, with what it is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub value: Value,
    /// The stamp of the field's unit when the edit began (or when its conflict was decided).
    pub based_on: Stamp,
    /// The field's value then.
    pub was: Value,
}

/// `data-state` of a field: the gravest of what holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Clean,
    Modified,
    Invalid,
    Conflict,
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Modified => "modified",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
        }
    }
}

/// A saved state and the edits on top of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    base: Record,
    edits: BTreeMap<Field, Edit>,
}

/// Equal in normal form; as typed where one has none.
fn same(field: Field, a: &Value, b: &Value) -> bool {
    a == b || matches!((field.normal(a), field.normal(b)), (Ok(a), Ok(b)) if a == b)
}

impl Draft {
    pub const fn new(base: Record) -> Self {
        Self { base, edits: BTreeMap::new() }
    }

    pub const fn base(&self) -> &Record {
        &self.base
    }

    pub const fn edits(&self) -> &BTreeMap<Field, Edit> {
        &self.edits
    }

    /// What the control shows: the edit, else the saved value.
    pub fn value(&self, field: Field) -> Value {
        self.edits.get(&field).map_or_else(|| self.base.value(field), |edit| edit.value.clone())
    }

    /// Takes what the control holds now. Typing the saved value again is no edit.
    pub fn set(&mut self, field: Field, value: Value) {
        if value == self.base.value(field) {
            self.edits.remove(&field);
        } else if let Some(edit) = self.edits.get_mut(&field) {
            edit.value = value;
        } else {
            let (based_on, was) = (self.base.stamp(field.unit()), self.base.value(field));
            self.edits.insert(field, Edit { value, based_on, was });
        }
    }

    pub fn undo(&mut self, field: Field) {
        self.edits.remove(&field);
    }

    /// Drops every edit.
    pub fn discard(&mut self) {
        self.edits.clear();
    }

    pub fn is_shown(&self, field: Field) -> bool {
        field.is_shown(|f| self.value(f))
    }

    /// Differs from what is saved, and is on the page.
    pub fn is_modified(&self, field: Field) -> bool {
        self.edits.get(&field).is_some_and(|edit| self.is_shown(field) && !same(field, &edit.value, &self.base.value(field)))
    }

    /// The modified fields in the order of the page.
    pub fn modified(&self) -> Vec<Field> {
        Field::of(self.base.kind).iter().copied().filter(|f| self.is_modified(*f)).collect()
    }

    /// Why the value can't be saved, as far as the value alone decides.
    pub fn fault(&self, field: Field) -> Option<Fault> {
        if self.is_shown(field) { field.normal(&self.value(field)).err() } else { None }
    }

    /// Whether somebody else's save since the edit began touched the same unit, and the choice is still open.
    pub fn is_conflict(&self, field: Field) -> bool {
        self.is_modified(field) && self.edits.get(&field).is_some_and(|e| e.based_on.version != self.base.stamp(field.unit()).version)
    }

    /// The units that wait for a choice.
    pub fn conflicts(&self) -> Vec<Unit> {
        let mut units: Vec<Unit> = self.modified().into_iter().filter(|f| self.is_conflict(*f)).map(Field::unit).collect();
        units.dedup();
        units.sort();
        units.dedup();
        units
    }

    pub fn state(&self, field: Field) -> State {
        if self.is_conflict(field) {
            State::Conflict
        } else if self.fault(field).is_some() {
            State::Invalid
        } else if self.is_modified(field) {
            State::Modified
        } else {
            State::Clean
        }
    }

    /// A newer saved state comes in under the edits. Nothing typed is lost: what it touches becomes a conflict, what it equals is no edit any more.
    pub fn rebase(&mut self, base: Record) {
        self.base = base;
        let Self { base, edits } = self;
        edits.retain(|field, edit| !same(*field, &edit.value, &base.value(*field)) || edit.value == Value::Hidden);
        for (field, edit) in &mut *edits {
            // Nobody touched the field's unit: the edit goes on as if it had begun now.
            if edit.based_on.version == base.stamp(field.unit()).version {
                edit.was = base.value(*field);
            }
        }
    }

    /// Decides a conflict for one's own side: the edits stay, now based on what the other one saved.
    pub fn keep_mine(&mut self, unit: Unit) {
        let stamp = self.base.stamp(unit);
        for (field, edit) in &mut self.edits {
            if field.unit() == unit {
                edit.based_on = stamp.clone();
                edit.was = self.base.value(*field);
            }
        }
    }

    /// Decides a conflict for the other side: the edits of the unit go.
    pub fn take_theirs(&mut self, unit: Unit) {
        self.edits.retain(|field, _| field.unit() != unit);
    }

    /// After a save that went through: the saved state, and only what was typed since the patch was made.
    pub fn saved(&mut self, sent: &Patch, base: Record) {
        self.edits.retain(|field, edit| match sent.items.iter().find(|item| item.field == *field) {
            Some(item) => edit.value != item.value,
            None => field.is_shown(|f| base.value(f)),
        });
        for (field, edit) in &mut self.edits {
            if sent.items.iter().any(|item| item.field.unit() == field.unit()) {
                edit.based_on = base.stamp(field.unit());
                edit.was = base.value(*field);
            }
        }
        self.rebase(base);
    }

    /// What SAVE sends: each modified field with the stamp that it is based on.
    pub fn patch(&self, operation: OperationId) -> Patch {
        let items = self.modified().into_iter().filter_map(|field| {
            let edit = self.edits.get(&field)?;
            Some(PatchItem { field, based_on: edit.based_on.clone(), value: edit.value.clone() })
        });
        Patch { operation, items: items.collect() }
    }

    /// The modified fields whose save ends the device's registration.
    pub fn ends_registration(&self) -> Vec<Field> {
        self.modified().into_iter().filter(|f| f.consequence() == Consequence::EndsRegistration).collect()
    }

    /// Edits without secrets: what may be kept in the clear. True when a secret was left out.
    pub fn without_secrets(&self) -> (Self, bool) {
        let mut out = self.clone();
        out.edits.retain(|_, edit| !matches!(edit.value, Value::Secret(_)));
        let lost = out.edits.len() != self.edits.len();
        (out, lost)
    }
}
