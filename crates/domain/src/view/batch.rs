//! Many at once, as the pages show it.

use super::SeatsAsk;
use crate::batch::{Outcome, Pace, State};
use crate::vendor::Action;
use crate::{BatchId, DeviceId, JobId, Millis, Role, SeatId};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Which devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchOf {
    /// Those of these seats, at most 1000.
    Seats(Vec<SeatId>),
    /// Those of all seats that a search shows.
    Search(SeatsAsk),
}

/// What would come of it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchPreview {
    pub seats: u64,
    pub devices: u64,
    /// Registered, and their connection open.
    pub reachable: u64,
    /// Registered, but their connection is closed.
    pub not_reachable: u64,
    pub not_registered: u64,
    /// IP authentication, and no registration.
    pub never_register: u64,
    /// About how long it takes to ask all, at the pace that was named.
    pub minutes: u32,
}

/// One in the list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchLine {
    pub id: BatchId,
    pub action: Action,
    pub asked: Millis,
    pub asked_by: String,
    pub state: State,
    pub ended: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchesView {
    pub batches: Vec<BatchLine>,
    pub role: Role,
}

/// One device of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    pub n: u32,
    pub device: DeviceId,
    pub seat: SeatId,
    pub device_name: String,
    pub seat_name: String,
    pub started: Option<Millis>,
    pub source: Option<IpAddr>,
    pub job: Option<JobId>,
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    pub line: BatchLine,
    pub pace: Pace,
    pub waiting: u64,
    pub running: u64,
    /// The most frequent first.
    pub outcomes: Vec<(Outcome, u64)>,
    /// A page of the devices, in their order.
    pub rows: Vec<BatchRow>,
    pub next: Option<u32>,
    pub role: Role,
}
