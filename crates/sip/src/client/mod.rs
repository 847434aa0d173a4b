//! Requests to phones: NOTIFY and OPTIONS over the flow of a binding.

mod flow;
mod notify;
mod options;
mod request;
mod transactions;

pub use flow::Flow;
pub use notify::{Notify, NotifyCredential, NotifyOutcome};
pub use options::OptionsOutcome;
pub(crate) use request::keepalive;
pub(crate) use transactions::Client;

/// As many random bytes in hex.
pub(crate) fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("randomness was there at the start");
    hex::encode(buffer)
}
