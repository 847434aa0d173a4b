//! The registrar on real sockets: hand-made phones for each rule, then phones that are not ours.

// The name that the rest of the workspace knows this crate by.
extern crate seatline_sip as sip;

mod digest;
mod lab;
mod phone;
