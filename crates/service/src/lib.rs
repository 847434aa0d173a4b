//! The use cases: what an operator does, with authorisation, events and operation ids. It runs the reboot jobs and owns the clock.
//! It knows no HTTP and no SIP: phones are reached through [`PhoneEngine`].

mod access;
mod account;
mod activity;
mod batches;
mod carriers;
mod checks;
mod clock;
mod command_line;
mod config;
mod contacts;
mod devices;
mod entry;
mod failure;
mod gate;
mod history;
mod invites;
mod jobs;
mod live;
mod operators;
mod passwords;
mod phones;
mod presence;
mod restore;
mod save;
mod seats;
mod setup;
mod siblings;
mod state;
#[cfg(test)]
mod tests;
mod write;

pub use clock::SystemClock;
pub use config::Config;
pub use entry::{Caller, Entered};
pub use gate::Knock;
pub use live::{LiveFeed, Signal, Told};
pub use phones::{Capabilities, NotifyOutcome, PhoneDirectory, PhoneEngine, PhoneFlow, Previous, Probe};
pub use setup::SetupCode;
pub use state::Service;
