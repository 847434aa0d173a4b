//! How it stands, in words.

use domain::batch::{Outcome, State};
use domain::reboot::{Grade, grade, headline};
use domain::vendor::Action;

pub const fn state(state: State) -> &'static str {
    match state {
        State::Running => "Running",
        State::Paused => "Paused",
        State::Cancelled => "Cancelled",
        State::Done => "Done",
    }
}

/// `on`, `some`, `off` of a pill.
pub const fn dot(state: State) -> &'static str {
    match state {
        State::Running => "on",
        State::Paused => "some",
        State::Cancelled | State::Done => "off",
    }
}

pub const fn title(action: Action) -> &'static str {
    match action {
        Action::Reboot => "Reboot many",
        Action::Resync => "Resync many",
    }
}

pub fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ended(end) => headline(end),
        Outcome::Deleted => "Deleted before its turn".into(),
        Outcome::Busy => "Left out: another request was under way".into(),
        Outcome::Cancelled => "Cancelled before its turn".into(),
    }
}

/// Tone and icon.
pub fn tone(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Ended(end) => match grade(end) {
            Grade::Good => ("good", "check"),
            Grade::Unsure => ("unsure", "info"),
            Grade::Bad => ("bad", "warn"),
        },
        _ => ("unsure", "info"),
    }
}
