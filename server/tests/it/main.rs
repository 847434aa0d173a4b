//! The real binary, from outside: how it starts, refuses to, answers and ends.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod client;
mod crowd;
mod ends;
mod files;
mod guards;
mod refusals;
mod seatline;
mod tls;
