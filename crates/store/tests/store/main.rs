//! One story, told to `SQLite` and to a throwaway `PostgreSQL` alike, and what only one of them has.

#![expect(clippy::unwrap_used, reason = "a test that can not go on fails where it stands")]

// The name that the rest of the workspace knows this crate by.
extern crate seatline_store as store;

#[macro_use]
mod engine;
mod batches;
mod cluster;
mod default_realm;
mod deletion;
mod fixture;
mod history;
mod jobs;
mod opening;
mod operations;
mod people;
mod phones;
mod purge;
mod saving;
mod search;
mod secrets;
mod taken;
