//! The registrar on real sockets: hand-made phones for each rule, then phones that are not ours.

// The name that the rest of the workspace knows this crate by.
extern crate seatline_sip as sip;

mod abuse;
mod answers;
mod caller;
mod calls;
mod contacts;
mod digest;
mod ipv6;
mod lab;
mod notify;
mod outbound;
mod peer_calls;
mod peer_proxy;
mod peers;
mod phone;
mod refused;
mod scanners;
mod secure;
mod tcp;
mod torture;
mod transactions;
mod websocket;
