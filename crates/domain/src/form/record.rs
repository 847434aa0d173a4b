//! A saved state: values with the stamp of each unit.

use super::{Field, Kind, Unit};
use crate::few::Map;
use crate::{Fault, Millis, OperatorId, Value};
use serde::{Deserialize, Serialize};

/// Who last changed a unit, when, and in which version of the row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The row's version after that change; versions of a row only rise.
    pub version: i64,
    /// The operator's name then; empty for the system.
    pub by: String,
    pub by_id: Option<OperatorId>,
    pub at: Millis,
}

/// The values of one row, all of them, and the stamps of its units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub kind: Kind,
    values: Map<Field, Value>,
    stamps: Map<Unit, Stamp>,
}

impl Record {
    pub const fn new(kind: Kind, values: Map<Field, Value>) -> Self {
        Self { kind, values, stamps: Map::new() }
    }

    /// The value of a field; its default where the row has none.
    pub fn value(&self, field: Field) -> Value {
        self.get(field).cloned().unwrap_or_else(|| field.default_value())
    }

    pub fn get(&self, field: Field) -> Option<&Value> {
        self.values.get(&field)
    }

    /// The text of a field; empty where it holds none.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", Value::as_text)
    }

    pub fn set(&mut self, field: Field, value: Value) {
        self.values.insert(field, value);
    }

    #[must_use]
    pub fn with(mut self, field: Field, value: Value) -> Self {
        self.set(field, value);
        self
    }

    /// The unit's stamp; version 0 where nobody changed it since the row was made.
    pub fn stamp(&self, unit: Unit) -> Stamp {
        self.stamps.get(&unit).cloned().unwrap_or_default()
    }

    pub fn set_stamp(&mut self, unit: Unit, stamp: Stamp) {
        self.stamps.insert(unit, stamp);
    }

    pub const fn stamps(&self) -> &Map<Unit, Stamp> {
        &self.stamps
    }

    pub fn set_stamps(&mut self, stamps: Map<Unit, Stamp>) {
        self.stamps = stamps;
    }

    /// The record for a reader who holds no secrets.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        for value in self.values.values_mut() {
            if matches!(value, Value::Secret(_)) {
                *value = Value::Hidden;
            }
        }
        self
    }

    pub fn is_shown(&self, field: Field) -> bool {
        field.is_shown(|f| self.value(f))
    }

    /// Every shown field that its own rule refuses. A kept password is not measured by the rule for typed ones.
    pub fn faults(&self) -> Map<Field, Fault> {
        let shown = Field::of(self.kind).iter().copied().filter(|f| self.is_shown(*f)).map(|f| (f, self.value(f).hidden()));
        crate::few::map(shown.filter_map(|(field, value)| field.normal(&value).err().map(|fault| (field, fault))))
    }
}
