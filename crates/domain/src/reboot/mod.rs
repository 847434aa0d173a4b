//! A reboot followed to its end: asked → sent → the phone's answer → went away → back. Pure: time and what happened come in, what to
//! do goes out, nothing is done here. It serializes, so that a job outlives a restart of the server.
//!
//! What an answer means (no RFC says it; phones differ): 2xx is accepted, not yet restarted.
//! - **Confirmed**: an un-REGISTER of its own and then a REGISTER; or OPTIONS, answered before, unanswered twice in a row and then a REGISTER with a
//!   new Call-ID.
//! - **Likely**: a new Call-ID or a new flow without either: a NAT that forgot or a connection made anew look the same.
//! - OPTIONS answered throughout: accepted, but did not restart. Never answered, and only refreshes: cannot tell.
//!
//! Some phones restart without answering, so a job without an answer goes on watching for a while.
//!
//! A resync is the same job with nothing to watch for: the phone fetches its configuration and says no more, so accepted is its end.

mod job;
mod sees;
mod watch;
mod words;

#[cfg(test)]
mod props;
#[cfg(test)]
mod tests;

pub use job::{Job, Target};
pub use words::{Grade, advice, grade, headline, step};

use crate::{MINUTE, Millis, SECOND};
use serde::{Deserialize, Serialize};

/// How long to wait for what. Tests shorten it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How long the OPTIONS ahead of the NOTIFY may hold it up.
    pub ahead: Millis,
    /// Between two OPTIONS; one that is not answered by the next counts as unanswered.
    pub options_every: Millis,
    /// After which a NOTIFY is given up even where nobody reports Timer F (twice 32 s: it may have been challenged).
    pub answer_by: Millis,
    /// How long a phone that said yes is watched before it is said that it did not restart.
    pub observe: Millis,
    /// How long a phone that went away is waited for.
    pub not_back: Millis,
    /// How long a likely return is watched: a phone that only reconnected may still be about to restart.
    pub settle: Millis,
    /// A try with the old credentials this soon after the answer is the phone taking its leave (un-REGISTER), not its return.
    pub leave: Millis,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ahead: 2 * SECOND,
            options_every: 5 * SECOND,
            answer_by: 70 * SECOND,
            observe: 90 * SECOND,
            not_back: 5 * MINUTE,
            settle: 15 * SECOND,
            leave: 5 * SECOND,
        }
    }
}

/// What happened. Only what concerns the phone of this job is handed in; [`Job::sees`] finds that out for the registrar's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The NOTIFY left, to `contact` (as shown to a person).
    Sent { contact: String },
    /// The final answer to the NOTIFY; `challenged` when a challenge was answered with the password before. A 401 or 407 that is not is one
    /// whose challenge could not be answered.
    NotifyAnswered { code: u16, reason: String, challenged: bool },
    /// Timer F fired (RFC 3261 §17.1.2.2).
    NotifyNoAnswer,
    /// The phone challenges and there is no password to answer with.
    DemandsPassword,
    /// The phone challenges again after our answer.
    RefusedPassword,
    /// The connection that carried the registration is closed.
    FlowGone,
    /// Any final answer to an OPTIONS.
    OptionsAnswered,
    /// An OPTIONS got no answer, or could not be sent since the flow is gone. Said earlier than the job finds out by itself.
    OptionsSilent,
    /// The phone removed its registration.
    Unregistered,
    /// Somebody else removed its registration, it may be another phone of the device: it need not have gone anywhere.
    UnregisteredElsewhere,
    /// The registration was not refreshed in time.
    Expired,
    /// A REGISTER was accepted. `flow_changed`: from another source or connection than the one before.
    Registered { call_id: String, flow_changed: bool },
    /// The phone sent a REGISTER with the credentials from before the save.
    OldCredentialsTried,
    /// Time passed; asked for by [`Job::next_tick`].
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Send OPTIONS over the flow of the phone's latest registration; report [`Input::OptionsAnswered`] or [`Input::OptionsSilent`].
    SendOptions,
    /// Send the NOTIFY, report [`Input::Sent`] and then what came of it. Given once.
    SendNotify,
    /// Reboot after a save: end what the phone registered before the save, if it still stands; never what it registered since. Keep the
    /// flow for OPTIONS. Given exactly once in such a job, never in another.
    EndRegistration,
    /// The job is done. The last command of a job.
    Finish(End),
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Seen going and coming back.
    ConfirmedBack,
    /// A resync that the phone said yes to.
    Accepted,
    /// Came back with another Call-ID or over another flow; that it went away was not seen.
    LikelyBack,
    /// Accepted, and there all the time.
    DidNotRestart,
    /// Accepted, went away, did not return in time.
    NotBack,
    /// There is no registration to send to.
    NotRegistered,
    /// Authenticates by IP and does not register: there is nowhere to send to.
    NeverRegisters,
    /// The connection of the registration is gone: nothing was sent.
    NotReachable,
    /// The phone does not know the request (405, 481, 489).
    NotSupported(u16),
    /// The phone challenged again after our answer.
    RefusedPassword,
    /// The phone challenged and there is no password.
    DemandsPassword,
    /// The phone challenged, there is a password, and it is no challenge that can be answered with one.
    DemandsOther,
    /// Another refusal: code and reason.
    Refused(u16, String),
    /// Accepted, but nothing that it does shows whether it restarted.
    CannotTell,
    /// After a save: it came with the credentials from before, and with no others while it was watched.
    BackOldCredentials,
    /// No answer, and no sign of a restart either.
    NoAnswer,
    /// The server was restarted meanwhile and missed what would have told.
    Interrupted,
}

/// One line of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub what: What,
    pub at: Millis,
}

/// What a step says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Asked,
    Sent {
        contact: String,
    },
    Answered {
        code: u16,
        reason: String,
        challenged: bool,
    },
    /// Timer F.
    NoAnswer,
    /// The registration from before the save is ended by us.
    RegistrationEnded,
    WentAway,
    /// Its registration was removed by a request that need not be its own.
    UnregisteredElsewhere,
    /// Answers or refreshes again as if nothing had been.
    ThereAgain,
    /// Registered again as after a restart.
    Back,
    /// Tried the credentials from before the save.
    OldCredentials,
    /// The server was restarted and goes on watching.
    Resumed,
}
