//! What somebody typed on top of a saved state. Whether a field is modified is derived, never stored.

use super::{Consequence, Field, Patch, PatchItem, Record, Stamp, Unit};
use crate::few::Map;
use crate::{Fault, OperationId, Secret, Value, few};
use serde::{Deserialize, Serialize};

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
    edits: Map<Field, Edit>,
    /// Units that wait for a choice, each with the values that the edits are based on. Until then the page shows one's own side of them.
    before: Map<Unit, Map<Field, Value>>,
}

/// Equal in normal form; as typed where one has none.
fn same(field: Field, a: &Value, b: &Value) -> bool {
    a == b || matches!((field.normal(a), field.normal(b)), (Ok(a), Ok(b)) if a == b)
}

impl Draft {
    pub const fn new(base: Record) -> Self {
        Self { base, edits: Map::new(), before: Map::new() }
    }

    pub const fn base(&self) -> &Record {
        &self.base
    }

    pub const fn edits(&self) -> &Map<Field, Edit> {
        &self.edits
    }

    /// What the control shows: the edit, else the value that the edits of its unit are based on.
    pub fn value(&self, field: Field) -> Value {
        match self.edits.get(&field) {
            Some(edit) => edit.value.clone(),
            None => self.was(field),
        }
    }

    /// The field without one's own edit: what is saved, or was before somebody else's save that waits for a choice.
    pub fn was(&self, field: Field) -> Value {
        let before = self.before.get(&field.unit()).and_then(|values| values.get(&field));
        before.cloned().unwrap_or_else(|| self.base.value(field))
    }

    /// Takes what the control holds now. Typing the saved value again is no edit.
    pub fn set(&mut self, field: Field, value: Value) {
        if value == self.base.value(field) && !self.before.contains_key(&field.unit()) {
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
        if !self.edits.keys().any(|other| other.unit() == field.unit()) {
            self.before.remove(&field.unit());
        }
    }

    /// Drops every edit.
    pub fn discard(&mut self) {
        self.edits.clear();
        self.before.clear();
    }

    pub fn is_shown(&self, field: Field) -> bool {
        field.is_shown(|f| self.value(f))
    }

    /// Differs from what is saved, and is on the page.
    pub fn is_modified(&self, field: Field) -> bool {
        self.is_shown(field) && !same(field, &self.value(field), &self.base.value(field))
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
        self.before.contains_key(&field.unit()) && self.is_modified(field)
    }

    /// The units that wait for a choice.
    pub fn conflicts(&self) -> Vec<Unit> {
        self.before.keys().copied().collect()
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

    /// A newer saved state comes in under the edits. Nothing typed is lost: what it touches waits for a choice, what it equals is no edit any more.
    pub fn rebase(&mut self, base: Record) {
        let mut before = Map::new();
        let after = |field: Field| self.edits.get(&field).map_or_else(|| base.value(field), |edit| edit.value.clone());
        for (&field, edit) in &self.edits {
            let unit = field.unit();
            // An edit that began on a later state than this one has seen it.
            let touched = edit.based_on.version < base.stamp(unit).version && !same(field, &edit.value, &base.value(field));
            // What was typed on a hidden side counts too, where the other one's choice brings that side to the page.
            if touched && (self.is_shown(field) || field.is_shown(after)) && !before.contains_key(&unit) {
                before.insert(unit, few::map(unit.fields(base.kind).map(|f| (f, self.was(f)))));
            }
        }
        self.base = base;
        self.before = before;
        let Self { base, edits, before } = self;
        edits.retain(|field, edit| before.contains_key(&field.unit()) || !same(*field, &edit.value, &base.value(*field)));
        for (field, edit) in &mut *edits {
            // Nobody touched the field's unit: the edit goes on as if it had begun now.
            if edit.based_on.version == base.stamp(field.unit()).version {
                edit.was = base.value(*field);
            }
        }
    }

    /// Decides a conflict for one's own side, the whole unit as the page shows it, now based on what the other one saved.
    pub fn keep_mine(&mut self, unit: Unit) {
        let Some(before) = self.before.remove(&unit) else { return };
        let based_on = self.base.stamp(unit);
        for (field, value) in before {
            let was = self.base.value(field);
            let value = self.edits.remove(&field).map_or(value, |edit| edit.value);
            // A hidden password can't be sent: the other one's stays.
            if value != Value::Hidden && !same(field, &value, &was) {
                self.edits.insert(field, Edit { value, based_on: based_on.clone(), was });
            }
        }
    }

    /// Decides a conflict for the other side: the edits of the unit go.
    pub fn take_theirs(&mut self, unit: Unit) {
        if self.before.remove(&unit).is_some() {
            self.edits.retain(|field, _| field.unit() != unit);
        }
    }

    /// After a save that went through: the saved state, and only what was typed since the patch was made.
    pub fn saved(&mut self, sent: &Patch, base: Record) {
        let fields: Vec<Field> = sent.items.iter().map(|item| item.field).collect();
        self.acknowledged(&sent.items, &fields, base, &[]);
    }

    /// As [`Self::saved`], knowing which fields this save itself `changed`. Only in their units does what was typed since go on without a
    /// choice: where the sent value was there already, somebody else may have changed the rest of the unit. `waiting` is to be saved next, and
    /// stays, also on a hidden side.
    pub fn acknowledged(&mut self, sent: &[PatchItem], changed: &[Field], base: Record, waiting: &[PatchItem]) {
        let on_page: Vec<Field> = self.edits.keys().copied().filter(|field| self.is_shown(*field)).collect();
        for item in sent {
            let value = self.value(item.field);
            // Put back to what was saved before, after it was sent: an edit from now on.
            if !self.edits.contains_key(&item.field) && value != item.value && value != Value::Hidden {
                let based_on = self.base.stamp(item.field.unit());
                self.edits.insert(item.field, Edit { was: value.clone(), value, based_on });
            }
        }
        self.edits.retain(|field, edit| {
            let of = |items: &[PatchItem]| items.iter().position(|item| item.field == *field);
            match of(sent) {
                Some(i) => edit.value != sent[i].value,
                None => of(waiting).is_some() || on_page.contains(field) || field.is_shown(|f| base.value(f)),
            }
        });
        // Where the rest of its unit waits for a choice, what was sent is one's own side of it.
        for item in sent.iter().filter(|item| !self.edits.contains_key(&item.field)) {
            let value = item.value.clone().hidden();
            if let Some(values) = self.before.get_mut(&item.field.unit()) {
                values.insert(item.field, value.clone());
            }
            self.base.set(item.field, value);
        }
        for item in sent.iter().filter(|item| changed.contains(&item.field)) {
            let unit = item.field.unit();
            self.before.remove(&unit);
            self.advance(unit, item.based_on.version, &base.stamp(unit));
        }
        self.rebase(base);
    }

    /// One's own save took the unit from version `from` to `to`: edits that began at `from` go on from there.
    pub fn advance(&mut self, unit: Unit, from: i64, to: &Stamp) {
        for (field, edit) in &mut self.edits {
            if field.unit() == unit && edit.based_on.version == from {
                edit.based_on = to.clone();
            }
        }
    }

    /// Takes over what another copy of the same draft holds of a field: its edit, or that there is none.
    pub fn adopt(&mut self, field: Field, from: &Self) {
        let Some(edit) = from.edits.get(&field) else { return self.undo(field) };
        self.edits.insert(field, edit.clone());
        if let Some(before) = from.before.get(&field.unit()) {
            self.before.or_insert_with(field.unit(), || before.clone());
        }
    }

    /// Drops every edit but these.
    pub fn back_to(&mut self, items: &[PatchItem]) {
        self.discard();
        for PatchItem { field, based_on, value } in items.iter().filter(|item| item.value != Value::Hidden) {
            let was = self.base.value(*field);
            self.edits.insert(*field, Edit { value: value.clone(), based_on: based_on.clone(), was });
        }
        self.rebase(self.base.clone());
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

    /// Takes the typed secrets out; what was one reads `Hidden` until [`Self::unseal`] puts it back.
    pub fn seal(&mut self) -> Vec<(Field, Secret)> {
        let mut out = Vec::new();
        for (field, edit) in &mut self.edits {
            if let Value::Secret(secret) = &edit.value {
                out.push((*field, secret.clone()));
                edit.value = Value::Hidden;
            }
        }
        out
    }

    /// Puts a typed secret back in its place.
    pub fn unseal(&mut self, field: Field, secret: Secret) {
        if let Some(edit) = self.edits.get_mut(&field) {
            edit.value = Value::Secret(secret);
        }
    }

    /// Drops the edits of fields whose secret can't be put back.
    pub fn drop_hidden(&mut self) {
        self.edits.retain(|_, edit| edit.value != Value::Hidden);
        self.rebase(self.base.clone());
    }
}
