//! The use cases on a real database, with a clock that stands until a test sets it.

mod blocked;
pub mod engine;
mod entry;
mod history;
mod house;
mod invites;
mod jobs;
mod live;
mod operations;
mod phones;
mod restore;
mod seats;
