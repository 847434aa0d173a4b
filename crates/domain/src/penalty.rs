//! Somebody who failed too often from one address.

use crate::{Millis, shown_site};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What a user answers to our nonces from an address is not looked at until `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// Of IPv6 the network of 64 bits.
    pub source: IpAddr,
    /// Lower case.
    pub realm: String,
    /// Lower case; need not be anybody's.
    pub username: String,
    pub failures: u32,
    pub until: Millis,
}

/// The same as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyLine {
    /// As [`shown_site`] has it.
    pub source: String,
    pub realm: String,
    pub username: String,
    pub failures: u32,
    pub until: Millis,
}

impl From<Penalty> for PenaltyLine {
    fn from(p: Penalty) -> Self {
        Self { source: shown_site(p.source), realm: p.realm, username: p.username, failures: p.failures, until: p.until }
    }
}
