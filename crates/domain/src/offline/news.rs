//! What others saved meanwhile.

use crate::form::{Record, Unit};
use crate::{Field, Value};

/// One field that somebody else changed, and that is here now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameIn {
    pub field: Field,
    /// Who saved it; empty for the system.
    pub by: String,
    /// What is saved now. A password reads `Hidden`.
    pub value: Value,
}

/// What changed from `before` to `now` by somebody else; `mine` are the fields that are decided elsewhere.
pub fn came_in(before: &Record, now: &Record, mine: &[Field]) -> Vec<CameIn> {
    let mut out = Vec::new();
    let mut units: Vec<Unit> = Field::of(now.kind).iter().map(|field| field.unit()).collect();
    units.dedup();
    for unit in units {
        let stamp = now.stamp(unit);
        if stamp.version == before.stamp(unit).version {
            continue;
        }
        let news = |field| CameIn { field, by: stamp.by.clone(), value: now.value(field) };
        let told = out.len();
        out.extend(unit.fields(now.kind).filter(|f| !mine.contains(f) && before.value(*f) != now.value(*f)).map(news));
        // A password has no value here: a unit that changed while nothing in it did, changed its password.
        if told == out.len() && unit == Field::Password.unit() && !unit.fields(now.kind).any(|f| mine.contains(&f)) {
            out.push(news(Field::Password));
        }
    }
    out
}

/// The version of the row: that of its newest unit.
pub(super) fn version(record: &Record) -> i64 {
    record.stamps().values().map(|stamp| stamp.version).max().unwrap_or(0)
}
