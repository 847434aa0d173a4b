//! What was seen of the phone since the NOTIFY, how long to go on looking, and what it amounts to.

use super::End;
use super::job::{Job, Stage};
use crate::Millis;
use serde::{Deserialize, Serialize};

/// A return that may be one after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Likely {
    pub at: Millis,
    /// Else only the flow is another.
    pub new_call_id: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watch {
    /// An OPTIONS was answered, so that silence means something.
    pub answers: bool,
    /// The last OPTIONS is not answered yet.
    pub pending: bool,
    pub next_options: Millis,
    /// How many OPTIONS in a row went unanswered.
    pub silent: u8,
    /// Two in a row did, at some time.
    pub silence: bool,
    pub unregistered: bool,
    pub flow_gone: bool,
    pub away: Option<Millis>,
    /// When it was there again after an absence that was no restart.
    pub again: Option<Millis>,
    pub likely: Option<Likely>,
    /// When it first tried what it had before the save, and has not registered since.
    #[serde(default)]
    pub old: Option<Millis>,
    /// Registered again with nothing new.
    pub refreshed: bool,
    /// The server was not there for a while.
    pub gap: bool,
}

impl Watch {
    /// An OPTIONS was answered. True when the phone was thought away.
    pub fn answered(&mut self) -> bool {
        self.pending = false;
        if self.flow_gone {
            return false; // an answer from before
        }
        self.answers = true;
        self.silent = 0;
        self.away.is_some() && !self.unregistered
    }

    /// An OPTIONS was not answered. True when that makes two of a phone that did answer.
    pub fn missed(&mut self) -> bool {
        self.pending = false;
        if self.answers {
            self.silent = self.silent.saturating_add(1);
        }
        self.silence |= self.silent >= 2;
        self.silent >= 2
    }

    pub fn back(&mut self, now: Likely) {
        self.away = None;
        self.flow_gone = false;
        self.likely = match self.likely {
            Some(before) if before.new_call_id || !now.new_call_id => Some(before),
            _ => Some(now),
        };
    }

    pub fn there_again(&mut self, at: Millis) {
        self.away = None;
        self.flow_gone = false;
        self.again = Some(at);
    }

    /// After a gap silence must be proved anew: the connection may have ended with the server, not with the phone.
    pub fn resume(&mut self) {
        self.gap = true;
        self.answers = false;
        self.pending = false;
        self.silent = 0;
    }

    /// What it amounts to when there is no more time.
    pub fn conclude(&self, accepted: bool) -> End {
        if self.old.is_some() {
            End::BackOldCredentials
        } else if self.away.is_some() && accepted {
            End::NotBack
        } else if self.away.is_none() && self.likely.is_some() {
            End::LikelyBack
        } else if self.gap {
            End::Interrupted
        } else if !accepted {
            End::NoAnswer
        } else if self.answers && !self.silence && self.again.is_none() {
            End::DidNotRestart
        } else {
            End::CannotTell
        }
    }
}

impl Job {
    /// When the next OPTIONS is due; none when there is no use in one.
    pub(super) fn wants_options(&self) -> Option<Millis> {
        let watch = &self.watch;
        let stage = matches!(self.stage, Stage::Waiting | Stage::Watching { .. });
        // Over a flow that is gone they go on until that counts as silence.
        (stage && self.watches() && !watch.unregistered && !(watch.flow_gone && (watch.silence || !watch.answers)))
            .then_some(watch.next_options)
    }

    /// When the stage ends whether or not anything happens. A phone that comes and goes is not followed for ever.
    pub(super) fn deadline(&self) -> Millis {
        let s = &self.settings;
        let bound = self.began + s.ahead + 2 * s.answer_by + s.observe + 2 * s.not_back;
        let until = match self.stage {
            Stage::Ahead => self.since + s.ahead,
            Stage::Sending | Stage::Waiting => self.since + s.answer_by,
            Stage::Watching { accepted } => self.watch_until(accepted),
        };
        until.min(bound)
    }

    fn watch_until(&self, accepted: bool) -> Millis {
        let (s, watch) = (&self.settings, &self.watch);
        let observed = self.since + s.observe;
        if let Some(tried) = watch.old {
            return observed.max(tried + s.settle);
        }
        match (watch.away, watch.likely) {
            (Some(away), _) if accepted => away.max(self.since) + s.not_back,
            (Some(_), _) => observed,
            (None, Some(Likely { at, new_call_id: true })) => at + s.settle,
            (None, Some(Likely { at, .. })) => observed.max(at + s.settle),
            // It says nothing, so only its next registration can tell.
            (None, None) if accepted && !watch.answers && !watch.refreshed => observed.max(self.since + s.not_back),
            // Just now it does not answer: see that through.
            (None, None) if watch.answers && (watch.silent > 0 || watch.pending) => observed + 2 * s.options_every,
            (None, None) => watch.again.map_or(observed, |at| observed.max(at + s.settle)),
        }
    }
}
