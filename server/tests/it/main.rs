//! The real binary, from outside: how it starts, refuses to, answers and ends.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod api;
mod client;
#[path = "../../../crates/store/tests/store/cluster.rs"]
mod cluster;
mod commands;
mod crowd;
mod demo;
mod ends;
mod files;
mod flood;
mod guards;
mod phones;
mod refusals;
mod seatline;
mod secrets;
mod storage;
mod tls;
