//! Many phones at once: how fast one after another may be asked. Pure: times come in. A hundred phones that restart in the same second
//! take the registrar, the provisioning server and an office's line down with them.

mod pace;
#[cfg(test)]
mod props;

pub use pace::{Next, Pace, Pacer};

use serde::{Deserialize, Serialize};

/// How it stands with many at once. The stored word is the serde name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Running,
    /// Nothing more is asked until it goes on; what was asked is followed to its end.
    Paused,
    /// Ended before everything was asked.
    Cancelled,
    Done,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Running, Self::Paused, Self::Cancelled, Self::Done];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more will be asked.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Done)
    }
}

/// What an operator does with one that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    Pause,
    Resume,
    Cancel,
    Pace(Pace),
}

/// How it ended for one device, beside the end of its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The job's own end.
    Ended(crate::reboot::End),
    /// The device was deleted before its turn.
    Deleted,
    /// A job of the other kind was under way.
    Busy,
    /// Cancelled before its turn.
    Cancelled,
}
