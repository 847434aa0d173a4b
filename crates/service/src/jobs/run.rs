//! Runs one job: carries out what the machine commands, hands in what happens, keeps each step.

use super::{Kept, row};
use crate::{
    Caller, NotifyOutcome, PhoneFlow, Probe, Service,
    failure::{Stored, failed},
    live::Signal,
    save::Before,
    write::Write,
};
use domain::reboot::{Command, End, Input, headline};
use domain::vendor::{Action, plan};
use domain::{BatchId, Binding, BindingKey, DeviceId, Dropped, EventKind, Field, Millis, Problem, ProvedBy, RegistrarEvent};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use store::JobRow;
use tokio::sync::mpsc;

/// Between two tries to store an end.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What reaches a running job.
#[derive(Debug)]
pub(super) enum Heard {
    Registrar(Box<RegistrarEvent>),
    Input(Input),
}

/// What may answer the phone's challenge: only the password that the binding was authenticated with.
pub(super) fn credentials(binding: &Binding, before: &Before) -> Vec<(String, SecretString)> {
    let password = before.password.clone().filter(|_| binding.proved_by == ProvedBy::Password);
    password.map(|password| (before.username.clone(), password)).into_iter().collect()
}

pub(super) struct Runner {
    service: Service,
    row: JobRow,
    kept: Kept,
    credentials: Vec<(String, SecretString)>,
    /// Held from the start: it outlives the registration that the job ends.
    flow: Option<Arc<dyn PhoneFlow>>,
    /// The registration as it is now.
    key: Option<BindingKey>,
    inbox: mpsc::Sender<Heard>,
    stored_steps: usize,
}

impl Runner {
    pub fn new(
        service: Service,
        row: JobRow,
        kept: Kept,
        credentials: Vec<(String, SecretString)>,
        inbox: mpsc::Sender<Heard>,
        stored_steps: usize,
    ) -> Self {
        let key = kept.binding.as_ref().map(Binding::key);
        let engine = service.inner.phones.engine().cloned();
        let flow = engine.zip(key.as_ref()).and_then(|(engine, key)| engine.flow(key));
        Self { service, row, kept, credentials, flow, key, inbox, stored_steps }
    }

    pub async fn run(mut self, mut commands: Vec<Command>, mut heard: mpsc::Receiver<Heard>) {
        loop {
            let mut end = None;
            for command in commands {
                if let Command::Finish(how) = &command {
                    end = Some(how.clone());
                } else {
                    self.carry_out(&command);
                }
            }
            if let Some(end) = end {
                return self.finish(&end).await;
            }
            if self.kept.job.steps().len() > self.stored_steps {
                self.keep().await;
            }
            let heard = tokio::time::timeout(self.until_tick(), heard.recv()).await;
            let now = self.service.now();
            commands = match heard {
                Ok(Some(Heard::Input(input))) => self.kept.job.on(now, input),
                Ok(Some(Heard::Registrar(event))) => self.sees(&event).map(|input| self.kept.job.on(now, input)).unwrap_or_default(),
                Ok(None) | Err(_) => self.kept.job.on(now, Input::Tick),
            };
        }
    }

    fn until_tick(&self) -> Duration {
        let wait: Millis = self.kept.job.next_tick().map_or(1_000, |at| at - self.service.now());
        // A clock that was set back must not make a job sleep for good.
        Duration::from_millis(wait.clamp(1, 60_000) as u64)
    }

    /// Follows the phone's registration.
    fn sees(&mut self, event: &RegistrarEvent) -> Option<Input> {
        let seen = self.kept.job.sees(event);
        if let (Some(Input::Registered { .. }), RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. }) =
            (&seen, event)
        {
            self.key = Some(b.key());
            self.flow = self.service.inner.phones.engine().and_then(|engine| engine.flow(&b.key())).or_else(|| self.flow.take());
        }
        seen
    }

    fn carry_out(&self, command: &Command) {
        match command {
            Command::SendOptions => self.send_options(),
            Command::SendNotify => self.send_notify(),
            Command::EndRegistration => self.end_registration(),
            Command::Finish(_) => {}
        }
    }

    fn send_options(&self) {
        let (flow, inbox) = (self.flow.clone(), self.inbox.clone());
        tokio::spawn(async move {
            let answered = match flow {
                Some(flow) => flow.options().await == Probe::Answered,
                None => false,
            };
            let input = if answered { Input::OptionsAnswered } else { Input::OptionsSilent };
            let _ = inbox.send(Heard::Input(input)).await;
        });
    }

    fn send_notify(&self) {
        let (flow, inbox, credentials) = (self.flow.clone(), self.inbox.clone(), self.credentials.clone());
        let Some(binding) = self.kept.binding.clone() else { return };
        let plan = plan(self.kept.job.action(), binding.user_agent.as_deref(), &binding.call_id, self.kept.event.as_deref());
        tokio::spawn(async move {
            let Some(flow) = flow else {
                let _ = inbox.send(Heard::Input(Input::FlowGone)).await;
                return;
            };
            let contact = binding.source.to_string();
            let _ = inbox.send(Heard::Input(Input::Sent { contact })).await;
            let input = match flow.notify(&plan, &credentials).await {
                NotifyOutcome::Answered { code, reason, challenged } => Input::NotifyAnswered { code, reason, challenged },
                NotifyOutcome::NoAnswer => Input::NotifyNoAnswer,
                NotifyOutcome::FlowGone => Input::FlowGone,
                NotifyOutcome::DemandsPassword => Input::DemandsPassword,
                NotifyOutcome::RefusedPassword => Input::RefusedPassword,
            };
            let _ = inbox.send(Heard::Input(input)).await;
        });
    }

    /// What the device registered before the save goes; what it registered since stays.
    fn end_registration(&self) {
        let Some(engine) = self.service.inner.phones.engine() else { return };
        for binding in engine.bindings(self.row.device) {
            if binding.refreshed <= self.row.asked {
                engine.end_binding(&binding.key(), Dropped::Changed);
            }
        }
    }

    async fn keep(&mut self) {
        self.stored_steps = self.kept.job.steps().len();
        if let Err(problem) = self.store(None).await {
            tracing::error!(job = %self.row.id, %problem, "a step of a reboot could not be stored");
        }
        self.tell();
    }

    fn tell(&self) {
        let job = Box::new(row::view(&self.row, &self.kept));
        self.service.inner.hub.send(Signal::Job { account: self.row.account, job });
    }

    /// Answers the batches that wait for the end.
    async fn store(&mut self, end: Option<(&End, &str, Option<domain::SeatId>)>) -> Result<Vec<BatchId>, Problem> {
        let mut write = Write::begin(&self.service, self.row.account, &Caller::system("Seatline")).await?;
        let at = write.at();
        // A save may have noted itself there.
        let stored = write.tx.job(self.row.account, self.row.id).await.or_fail()?.and_then(|row| Kept::from_json(&row.state));
        self.kept.after_save = stored.and_then(|stored| stored.after_save).or(self.kept.after_save.take());
        let state = self.kept.to_json().map_err(failed)?;
        write.tx.update_job(self.row.id, &state, end.is_none(), end.map(|_| at)).await.or_fail()?;
        let mut batches = Vec::new();
        if let Some((end, name, seat)) = end {
            batches = self.service.job_ended(&write.tx, self.row.id, end).await?;
            let kind = match self.kept.job.action() {
                Action::Reboot => EventKind::RebootEnded,
                Action::Resync => EventKind::ResyncEnded,
            };
            let mut event = write.event(kind, name).device(self.row.device).note(headline(end));
            if let Some(seat) = seat {
                event = event.seat(seat);
            }
            write.record(event).await?;
        }
        write.commit().await?;
        Ok(batches)
    }

    async fn finish(mut self, end: &End) {
        self.row.running = false;
        self.service.inner.phones.directory.previous(self.row.device, None);
        let device = self.device_name(self.row.device).await;
        let (name, seat) = device.map_or((String::new(), None), |(name, seat)| (name, Some(seat)));
        // The end must be known: while the database is away it is tried again, for as long as it takes.
        let mut pause = Duration::from_secs(1);
        loop {
            match self.store(Some((end, &name, seat))).await {
                Ok(batches) => {
                    self.service.wake_batches(self.row.account, batches);
                    break;
                }
                Err(problem) => tracing::error!(job = %self.row.id, %problem, "the end of a reboot could not be stored; tried again"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.service.inner.jobs.done(self.row.id);
        self.tell();
    }

    async fn device_name(&self, device: DeviceId) -> Option<(String, domain::SeatId)> {
        let row = self.service.inner.store.read().device(self.row.account, device).await.ok().flatten()?;
        Some((row.record.text(Field::Name).to_owned(), row.seat))
    }
}
