//! The history of a device on one axis of time, and what strangers tried.

use super::{JobView, SeatRef};
use crate::{Dropped, Event, JobId, Millis, RefusedBecause, Role, Transport, Tried};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What happened at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    Registered(Flow),
    /// A bound contact came again by another flow or Call-ID.
    Reconnected(Flow),
    /// The connection of its registration closed.
    Unreachable(Flow),
    Dropped {
        source: SocketAddr,
        why: Dropped,
    },
    /// Five drops in ten minutes.
    Flapping {
        since: Millis,
    },
    /// A try to register that was refused, and its repetitions.
    Refused(Refused),
    /// A save, and whatever else an operator did with the device.
    Done(Box<Event>),
    Job(Box<JobView>),
}

/// Where a registration came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub source: SocketAddr,
    pub transport: Transport,
    pub user_agent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub source: SocketAddr,
    pub realm: String,
    pub username: String,
    pub why: RefusedBecause,
    /// How often, and the last time.
    pub count: u64,
    pub last: Millis,
    /// It counts several sources that have no row of their own; `source` is the latest of them.
    #[serde(default)]
    pub others: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Names it within the history of its device.
    pub key: String,
    pub at: Millis,
    pub moment: Moment,
}

/// Where a page of the history ends: of each of its sources the last one that was shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryCursor {
    pub phone: Option<i64>,
    pub event: Option<i64>,
    pub job: Option<(Millis, JobId)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPage {
    pub device: String,
    pub seat: SeatRef,
    /// It dropped five times in ten minutes, and the last of that is less than ten minutes ago.
    pub flapping: bool,
    /// The newest first.
    pub points: Vec<Point>,
    pub next: Option<HistoryCursor>,
}

/// What sources tried that belongs to no device, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriesPage {
    pub tries: Vec<Tried>,
    /// Tries with realms that nobody has are among them: there is no other account that they could be meant for.
    pub realms_too: bool,
    pub role: Role,
}
