//! Field-by-field merge of a patch into what is saved now. Nothing of anybody is overwritten silently.

use super::{Field, Record, Stamp, Unit};
use crate::few::Map;
use crate::{Fault, Millis, OperationId, OperatorId, Value, few};
use serde::{Deserialize, Serialize};

/// One field that somebody changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchItem {
    pub field: Field,
    pub based_on: Stamp,
    pub value: Value,
}

/// What SAVE sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    pub operation: OperationId,
    pub items: Vec<PatchItem>,
}

/// From → to of one field, as Activity shows it. A secret says only that it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: Field,
    pub from: String,
    pub to: String,
}

/// A unit that somebody else changed meanwhile to something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitConflict {
    pub unit: Unit,
    pub stamp: Stamp,
    /// Every field of the unit as it is saved now, without secrets.
    pub values: Map<Field, Value>,
}

/// Why nothing was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Conflict(Vec<UnitConflict>),
    Invalid(Map<Field, Fault>),
}

/// The whole record after the merge. Without changes it is the record as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub record: Record,
    pub changed: Vec<Field>,
    pub changes: Vec<Change>,
}

/// Who saves, when, and the version of the row that the save makes.
#[derive(Clone, Debug)]
pub struct Author<'a> {
    pub id: OperatorId,
    pub name: &'a str,
    pub at: Millis,
    pub version: i64,
}

/// Merges `patch` into `current` (with its secrets, so that equal ones are seen). All or nothing.
pub fn merge(current: &Record, patch: &Patch, author: &Author) -> Result<Merged, Refusal> {
    let mut faults = Map::new();
    let mut wanted = Map::new();
    for item in &patch.items {
        let fits = Field::of(current.kind).contains(&item.field) && item.value != Value::Hidden;
        match if fits { item.field.normal(&item.value) } else { Err(Fault::Shape) } {
            Ok(value) => drop(wanted.insert(item.field, value)),
            Err(fault) => drop(faults.insert(item.field, fault)),
        }
    }
    let conflicts = conflicts(current, patch, &wanted);
    if !conflicts.is_empty() {
        return Err(Refusal::Conflict(conflicts));
    }
    let mut record = current.clone();
    let (mut changed, mut changes) = (Vec::new(), Vec::new());
    for (field, value) in wanted {
        let before = current.value(field);
        if before != value {
            changes.push(change(field, &before, &value));
            changed.push(field);
            record.set(field, value);
        }
    }
    for (field, fault) in record.faults() {
        faults.or_insert_with(field, || fault);
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    for field in &changed {
        record.set_stamp(field.unit(), Stamp { version: author.version, by: author.name.into(), by_id: Some(author.id), at: author.at });
    }
    Ok(Merged { record, changed, changes })
}

/// From → to, as Activity keeps it.
pub fn change(field: Field, from: &Value, to: &Value) -> Change {
    if field == Field::Password {
        return Change { field, from: "hidden".into(), to: "changed".into() };
    }
    Change { field, from: field.shown(from), to: field.shown(to) }
}

fn conflicts(current: &Record, patch: &Patch, wanted: &Map<Field, Value>) -> Vec<UnitConflict> {
    let mut units: Vec<Unit> = patch
        .items
        .iter()
        .filter(|item| item.based_on.version != current.stamp(item.field.unit()).version)
        // A value that is no value at all can't equal what is saved.
        .filter(|item| wanted.get(&item.field).is_none_or(|value| *value != current.value(item.field)))
        .map(|item| item.field.unit())
        .collect();
    few::sort(&mut units);
    units.dedup();
    let of = |unit: Unit| few::map(unit.fields(current.kind).map(|f| (f, current.value(f).hidden())));
    units.into_iter().map(|unit| UnitConflict { unit, stamp: current.stamp(unit), values: of(unit) }).collect()
}
