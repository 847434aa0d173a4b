//! Editing: one table of fields, records made of them, drafts on top of records, and the merge of what several people saved.

#[cfg(test)]
mod bounds;
mod draft;
mod field;
mod merge;
mod record;
#[cfg(test)]
mod tests;

pub use draft::{Draft, Edit, State};
pub use field::{Consequence, Field, Kind, Unit};
pub use merge::{Author, Change, Merged, Patch, PatchItem, Refusal, UnitConflict, change, merge};
pub use record::{Record, Stamp};
