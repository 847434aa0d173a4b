//! A change that waits to be saved, and what may stand in its way.

use super::press::Press;
use crate::few::Map;
use crate::form::PatchItem;
use crate::{Fault, Field, MINUTE, Millis, OperationId, Patch, SECOND};
use serde::{Deserialize, Serialize};

/// What one SAVE asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Given when it is sent for the first time. From then on the change stays as it is: the server may have applied it.
    pub operation: Option<OperationId>,
    /// In one that is only asked for, a secret reads `Hidden`.
    pub items: Vec<PatchItem>,
    /// One for each item.
    #[serde(default)]
    pub(super) presses: Vec<Press>,
    /// When SAVE was pressed last.
    pub since: Millis,
    /// "Save, then reboot". A part of the request: it has to be the same when that is repeated.
    #[serde(default)]
    pub then_reboot: bool,
    /// Only its result is asked for: its operator signed out, which took the secrets away.
    #[serde(default)]
    pub ask: bool,
    /// A secret of it was dropped.
    #[serde(default)]
    pub secrets_lost: bool,
    /// How often it went out without an answer.
    #[serde(default)]
    pub tries: u32,
    /// It goes out no earlier.
    #[serde(default)]
    pub not_before: Millis,
}

/// Why what was to be saved is only a draft now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// A rule says no: at its field, or in plain words.
    Refused { faults: Map<Field, Fault>, why: String },
    /// The seat or device was deleted; empty and 0 where nobody says by whom and when.
    Gone { name: String, by: String, at: Millis },
    /// It waited longer than the server would have known it again.
    TooOld,
    /// Its operator signed out before it was saved.
    SignedOut,
}

/// Where the newest SAVE stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing waits.
    Idle,
    Waiting,
    /// On its way, or without an answer.
    Sent,
    NeedsChoice,
    Refused,
    Gone,
    TooOld,
    SignedOut,
}

/// What goes out now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    pub operation: OperationId,
    /// None: ask only what became of the operation.
    pub patch: Option<Patch>,
    pub then_reboot: bool,
    /// It went out before, without an answer.
    pub again: bool,
}

const FIRST_WAIT: Millis = 2 * SECOND;
const LONGEST_WAIT: Millis = 5 * MINUTE;

/// The wait after so many tries; `jitter` from 0 to 1000 spreads it over its upper half, so that browsers don't come back all at once.
pub(super) fn backoff(tries: u32, jitter: u32) -> Millis {
    let whole = (FIRST_WAIT << tries.saturating_sub(1).min(16)).min(LONGEST_WAIT);
    whole / 2 + whole / 2 * Millis::from(jitter.min(1000)) / 1000
}
