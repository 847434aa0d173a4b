//! The job: its stages, and what each input does to it.

use super::watch::{Likely, Watch};
use super::{Command, End, Input, Settings, Step, What};
use crate::{Binding, DeviceId, Millis, vendor::Action};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// Where the reboot is to go.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// This registration; `others` are the device's other ones, which are not this phone.
    Phone { binding: &'a Binding, others: &'a [Binding] },
    /// The device has no registration.
    NotRegistered,
    /// The device authenticates by IP and has no registration.
    NeverRegisters,
}

/// What is known of the phone's registration; follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Phone {
    pub device: DeviceId,
    pub contact: String,
    pub call_id: String,
    pub instance: Option<String>,
    pub source: SocketAddr,
    pub connection: Option<u64>,
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Contacts and Call-IDs of the device's other phones.
    pub others: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// OPTIONS goes ahead.
    Ahead,
    /// [`Command::SendNotify`] was given.
    Sending,
    /// The NOTIFY left.
    Waiting,
    /// Answered with 2xx, or given up.
    Watching { accepted: bool },
}

/// A reboot or a resync, and all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Jobs of before there were resyncs are reboots.
    #[serde(default)]
    action: Action,
    pub(super) settings: Settings,
    pub(super) phone: Option<Phone>,
    after_save: bool,
    registration_ended: bool,
    steps: Vec<Step>,
    end: Option<End>,
    pub(super) stage: Stage,
    /// When the stage began.
    pub(super) since: Millis,
    /// The latest time seen: a clock that is set back does not turn time around.
    now: Millis,
    /// When it was asked, or resumed: what bounds the whole.
    pub(super) began: Millis,
    pub(super) watch: Watch,
}

impl Job {
    /// Begins a job; `after_save` for "Save, then reboot". Carry the commands out in their order.
    pub fn ask(at: Millis, action: Action, target: Target<'_>, after_save: bool, settings: Settings) -> (Self, Vec<Command>) {
        let phone = match target {
            Target::Phone { binding: b, others } => Some(Phone {
                device: b.device,
                contact: b.contact.clone(),
                call_id: b.call_id.clone(),
                instance: b.instance.clone(),
                source: b.source,
                connection: b.connection,
                user_agent: b.user_agent.clone(),
                others: others.iter().map(|o| (o.contact.clone(), o.call_id.clone())).collect(),
            }),
            _ => None,
        };
        let mut job = Self {
            action,
            settings,
            phone,
            after_save,
            registration_ended: false,
            steps: Vec::new(),
            end: None,
            stage: Stage::Ahead,
            since: at,
            now: at,
            began: at,
            watch: Watch::default(),
        };
        job.step(What::Asked);
        let mut out = Vec::new();
        match target {
            Target::Phone { binding, .. } if !binding.reachable => job.finish(End::NotReachable, &mut out),
            // There is no restart to watch for, so none to prepare for.
            Target::Phone { .. } if action == Action::Resync => job.notify_if_ahead(&mut out),
            Target::Phone { .. } => job.send_options(&mut out),
            Target::NotRegistered => job.finish(End::NotRegistered, &mut out),
            Target::NeverRegisters => job.finish(End::NeverRegisters, &mut out),
        }
        (job, out)
    }

    /// Whether the contact is another phone's of the device, as it was when the job was asked for.
    pub fn is_other_phone(&self, contact: &str) -> bool {
        self.phone.as_ref().is_some_and(|phone| phone.contact != contact && phone.others.iter().any(|(other, _)| other == contact))
    }

    /// Takes in what happened at `at`. A job that ended takes nothing in and asks for nothing.
    pub fn on(&mut self, at: Millis, input: Input) -> Vec<Command> {
        let mut out = Vec::new();
        if self.end.is_none() {
            self.now = self.now.max(at);
            self.take(input, &mut out);
            self.due(&mut out);
        }
        out
    }

    /// Goes on after a restart of the server, from the job as it was stored. What the phone did meanwhile is not known.
    pub fn resume(&mut self, at: Millis) -> Vec<Command> {
        let mut out = Vec::new();
        if self.end.is_some() {
            return out;
        }
        self.now = self.now.max(at);
        self.began = self.now;
        self.since = self.now;
        // Whether the NOTIFY left, or what came back, is lost. Sending it again might restart the phone twice.
        let lost = matches!(self.stage, Stage::Sending | Stage::Waiting);
        if lost && self.watches() {
            self.early_return();
        }
        self.step(What::Resumed);
        if !self.watches() {
            // It always was on its way: whether it came through is not known.
            self.finish(End::Interrupted, &mut out);
            return out;
        }
        if self.stage == Stage::Ahead {
            self.watch = Watch::default();
        } else {
            self.watch.resume();
        }
        if lost {
            self.enter(Stage::Watching { accepted: false });
            self.end_registration(&mut out);
        }
        self.send_options(&mut out);
        out
    }

    /// When [`Input::Tick`] is wanted next; none once it ended.
    pub fn next_tick(&self) -> Option<Millis> {
        self.end.is_none().then(|| self.wants_options().map_or(self.deadline(), |next| next.min(self.deadline())))
    }

    /// What is asked of the phone.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Whether there is something to watch for after the answer.
    pub(super) fn watches(&self) -> bool {
        self.action == Action::Reboot
    }

    /// What happened so far, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How it ended; none while it goes on.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    fn take(&mut self, input: Input, out: &mut Vec<Command>) {
        let before = matches!(self.stage, Stage::Ahead | Stage::Sending);
        match input {
            Input::Sent { contact } if before => {
                self.step(What::Sent { contact });
                self.enter(Stage::Waiting);
            }
            Input::NotifyAnswered { code, reason, challenged } if self.wants_answer() => self.answered(code, reason, challenged, out),
            Input::NotifyNoAnswer if matches!(self.stage, Stage::Sending | Stage::Waiting) => self.no_answer(out),
            Input::DemandsPassword if self.wants_answer() => self.finish(End::DemandsPassword, out),
            Input::RefusedPassword if self.wants_answer() => self.finish(End::RefusedPassword, out),
            Input::FlowGone if before => self.finish(End::NotReachable, out),
            Input::Unregistered | Input::UnregisteredElsewhere | Input::Expired if before => self.finish(End::NotRegistered, out),
            // What the phone does next says nothing of a resync.
            Input::FlowGone | Input::Unregistered | Input::UnregisteredElsewhere | Input::Expired | Input::Registered { .. }
                if !self.watches() => {}
            Input::FlowGone => {
                self.watch.flow_gone = true;
                self.went_away();
            }
            Input::Unregistered => {
                self.watch.unregistered = true;
                self.went_away();
            }
            // It may be there, and know nothing of it. Said once, however often others do it.
            Input::UnregisteredElsewhere if self.steps.iter().any(|s| s.what == What::UnregisteredElsewhere) => {}
            Input::UnregisteredElsewhere => self.step(What::UnregisteredElsewhere),
            Input::Expired => self.went_away(),
            Input::OptionsAnswered => {
                if self.watch.answered() {
                    self.there_again();
                }
                self.notify_if_ahead(out);
            }
            Input::OptionsSilent => {
                self.silent();
                self.notify_if_ahead(out);
            }
            Input::Registered { call_id, flow_changed } => self.registered(call_id, flow_changed, out),
            Input::OldCredentialsTried if !before => self.old_credentials(),
            _ => {}
        }
    }

    /// Does what is due by now.
    fn due(&mut self, out: &mut Vec<Command>) {
        if self.end.is_some() {
            return;
        }
        if self.wants_options().is_some_and(|next| next <= self.now) {
            if self.watch.pending {
                self.silent();
            }
            self.send_options(out);
        }
        while self.end.is_none() && self.deadline() <= self.now {
            match self.stage {
                Stage::Ahead => self.notify_if_ahead(out),
                Stage::Sending => self.finish(End::NotReachable, out),
                Stage::Waiting => self.no_answer(out),
                Stage::Watching { accepted } => self.finish(self.watch.conclude(accepted), out),
            }
        }
    }

    fn wants_answer(&self) -> bool {
        matches!(self.stage, Stage::Sending | Stage::Waiting | Stage::Watching { accepted: false })
    }

    fn notify_if_ahead(&mut self, out: &mut Vec<Command>) {
        if self.stage == Stage::Ahead {
            self.enter(Stage::Sending);
            out.push(Command::SendNotify);
        }
    }

    fn send_options(&mut self, out: &mut Vec<Command>) {
        self.watch.pending = true;
        self.watch.next_options = self.now + self.settings.options_every;
        out.push(Command::SendOptions);
    }

    fn answered(&mut self, code: u16, reason: String, challenged: bool, out: &mut Vec<Command>) {
        // A transaction layer that times out says 408 itself (RFC 3261 §8.1.3.1).
        match code {
            100..200 => return,
            408 if matches!(self.stage, Stage::Watching { .. }) => return,
            408 => return self.no_answer(out),
            _ => self.step(What::Answered { code, reason: reason.clone(), challenged }),
        }
        match code {
            200..300 if !self.watches() => self.finish(End::Accepted, out),
            200..300 => {
                // What came before the answer was no restart.
                self.watch.likely = None;
                self.watch.old = None;
                self.end_registration(out);
                self.enter(Stage::Watching { accepted: true });
            }
            405 | 481 | 489 => self.finish(End::NotSupported(code), out),
            401 | 407 if challenged => self.finish(End::RefusedPassword, out),
            401 | 407 => self.finish(End::DemandsOther, out),
            _ => self.finish(End::Refused(code, reason), out),
        }
    }

    /// Without an answer a return from before counts: some phones restart without one.
    fn early_return(&mut self) {
        if let Some(likely) = self.watch.likely {
            self.steps.push(Step { what: What::Back, at: likely.at });
        }
    }

    fn no_answer(&mut self, out: &mut Vec<Command>) {
        if !self.watches() {
            return self.finish(End::NoAnswer, out);
        }
        self.early_return();
        self.step(What::NoAnswer);
        self.end_registration(out);
        self.enter(Stage::Watching { accepted: false });
    }

    fn registered(&mut self, call_id: String, flow_changed: bool, out: &mut Vec<Command>) {
        let Some(phone) = &mut self.phone else { return };
        let new_call_id = phone.call_id != call_id;
        phone.call_id = call_id;
        if matches!(self.stage, Stage::Ahead | Stage::Sending) {
            return;
        }
        self.watch.silent = 0;
        self.watch.pending = false;
        self.watch.old = None;
        if self.watch.unregistered || (self.watch.silence && new_call_id) {
            self.step(What::Back);
            return self.finish(End::ConfirmedBack, out);
        }
        // After a restart of the server every connection is new: that says nothing of the phone.
        if new_call_id || (flow_changed && !self.watch.gap) {
            let first = self.watch.away.is_some() || self.watch.likely.is_none();
            self.watch.back(Likely { at: self.now, new_call_id });
            if first && self.stage != Stage::Waiting {
                self.step(What::Back);
            }
        } else {
            self.watch.refreshed = true;
            if self.watch.away.is_some() {
                self.there_again();
            }
        }
    }

    /// No end yet: it may fetch the new ones, or somebody sets them in it.
    fn old_credentials(&mut self) {
        let later = matches!(self.stage, Stage::Watching { .. }) && self.now - self.since >= self.settings.leave;
        if self.watch.old.is_none() && (self.watch.away.is_some() || self.watch.silent > 0 || later) {
            self.watch.old = Some(self.now);
            self.watch.likely = None;
            self.step(What::OldCredentials);
        }
    }

    fn silent(&mut self) {
        if self.watch.missed() {
            self.went_away();
        }
    }

    fn went_away(&mut self) {
        if self.watch.away.is_none() {
            self.watch.away = Some(self.now);
            self.watch.likely = None;
            self.step(What::WentAway);
        }
    }

    fn there_again(&mut self) {
        self.watch.there_again(self.now);
        self.step(What::ThereAgain);
    }

    fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.since = self.now;
    }

    fn step(&mut self, what: What) {
        self.steps.push(Step { what, at: self.now });
    }

    fn end_registration(&mut self, out: &mut Vec<Command>) {
        if self.after_save && !self.registration_ended {
            self.registration_ended = true;
            if self.phone.is_some() {
                self.step(What::RegistrationEnded);
            }
            out.push(Command::EndRegistration);
        }
    }

    fn finish(&mut self, end: End, out: &mut Vec<Command>) {
        self.end_registration(out);
        self.end = Some(end.clone());
        out.push(Command::Finish(end));
    }
}
