//! The registrar on real sockets: hand-made phones for each rule, then phones that are not ours.

// The name that the rest of the workspace knows this crate by.
extern crate seatline_sip as sip;

mod answers;
mod calls;
mod contacts;
mod digest;
mod lab;
mod notify;
mod outbound;
mod peers;
mod phone;
mod tcp;
mod torture;
mod transactions;
