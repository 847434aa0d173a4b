//! Why a use case did not happen, as data that travels to the browser. What a log keeps is elsewhere: nothing here tells of the inside.

use crate::few::Map;
use crate::{DeviceId, Fault, Field, Millis, Record, Role, form::UnitConflict};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands in the way of a restore: something took the value meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hindrance {
    /// The device to change; none: the seat itself.
    pub device: Option<DeviceId>,
    /// The name of the device or seat.
    pub name: String,
    pub field: Field,
    pub fault: Fault,
}

/// Every refusal of every use case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Nobody is signed in (any more).
    SignedOut,
    /// The name or the password is wrong; the same for an unknown name.
    WrongSignIn,
    /// Too many tries: seconds to wait.
    SlowDown { seconds: u32 },
    /// The operator's role in this account does not allow it.
    NotAllowed { needs: Role },
    /// There is no such thing, or it belongs to somebody else.
    NotFound,
    /// It was deleted meanwhile.
    Deleted { name: String, by: String, at: Millis },
    /// Somebody saved the same units meanwhile. `record` is what is saved now, without secrets.
    Conflict { units: Vec<UnitConflict>, record: Box<Record> },
    /// Values that can't be saved, at their fields.
    Invalid { faults: Map<Field, Fault> },
    /// A restore needs other values.
    Hindered { by: Vec<Hindrance> },
    /// The same operation id came with something else.
    OperationReused,
    /// Refused for a reason in plain words.
    Refused { why: String },
    /// The request came from another site.
    ForeignOrigin,
    /// The server failed; the log has more under this reference.
    Failed { reference: String },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("You are signed out. Sign in to go on."),
            Self::WrongSignIn => f.write_str("Name or password is wrong."),
            Self::SlowDown { seconds: 1 } => f.write_str("Too many tries. Wait a second."),
            Self::SlowDown { seconds } => write!(f, "Too many tries. Wait {seconds} seconds."),
            Self::NotAllowed { needs } => write!(f, "Your role does not allow this: it needs {}.", needs.shown_as()),
            Self::NotFound => f.write_str("There is nothing at this address."),
            Self::Deleted { name, by, .. } => write!(f, "{name} was deleted by {by}."),
            Self::Conflict { .. } => f.write_str("Somebody saved the same fields meanwhile."),
            Self::Invalid { faults } if faults.len() == 1 => f.write_str("One field can't be saved as it is."),
            Self::Invalid { faults } => write!(f, "{} fields can't be saved as they are.", faults.len()),
            Self::Hindered { .. } => f.write_str("Something else took its place meanwhile: choose other values."),
            Self::OperationReused => f.write_str("This request was already used for something else. Reload the page and try again."),
            Self::Refused { why } => f.write_str(why),
            Self::ForeignOrigin => f.write_str("This request came from another site and was refused."),
            Self::Failed { reference } => write!(f, "The server failed. Nothing was changed. The log has more under {reference}."),
        }
    }
}
