//! Reboots and resyncs: each a tracked job, run to its end, across restarts of the server. What it means stands in `domain::reboot`.

mod row;
mod run;

#[cfg(test)]
mod tests;

use crate::{
    Caller, Previous, Service,
    failure::{Stored, failed},
    live::Signal,
    save::Before,
    write::Write,
};
use domain::reboot::{Command, End, Job, Target};
use domain::vendor::Action;
use domain::view::JobView;
use domain::{AccountId, Binding, DeviceId, EventKind, Field, JobId, OperationId, Problem, RefusedBecause, RegistrarEvent, Role, Sender};
use parking_lot::Mutex;
use row::Kept;
pub(crate) use row::parsed;
use run::Runner;
use secrecy::SecretString;
use store::{Device, JobRow};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Events of the registrar that wait for a job at most.
const INBOX: usize = 256;

/// The jobs that run, one a device.
#[derive(Default)]
pub(crate) struct Jobs {
    running: Mutex<Vec<Running>>,
}

struct Running {
    device: DeviceId,
    job: JobId,
    /// User and realm from before a save.
    old: Option<(String, String)>,
    /// The directory knows the password from before, so that who has it can prove it.
    provable: bool,
    inbox: mpsc::Sender<run::Heard>,
}

impl Running {
    /// Whether a refused try is one with the credentials from before the save. The best evidence is that it proves their password. A name alone
    /// counts only where there is no password to prove. Whether it is of this phone is for the job to say.
    fn is_old(&self, realm: &str, username: &str, sender: &Sender, why: RefusedBecause) -> bool {
        let Some((old_username, old_realm)) = &self.old else { return false };
        let named = old_username.eq_ignore_ascii_case(username) && old_realm.eq_ignore_ascii_case(realm);
        let unproved = match why {
            RefusedBecause::WrongPassword
            | RefusedBecause::UnknownUser
            | RefusedBecause::UnknownRealm
            | RefusedBecause::AddressNotAllowed => !self.provable,
            _ => false,
        };
        sender.proves_previous == Some(self.device) || (named && unproved)
    }
}

impl Jobs {
    /// Hands an event to the job that it may concern.
    pub fn hear(&self, event: &RegistrarEvent) {
        for running in &*self.running.lock() {
            let heard = match event {
                RegistrarEvent::Refused { realm, username, sender, why, .. } => running.is_old(realm, username, sender, *why),
                RegistrarEvent::Registered(b)
                | RegistrarEvent::Refreshed { binding: b, .. }
                | RegistrarEvent::Unreachable(b)
                | RegistrarEvent::Dropped { binding: b, .. } => b.device == running.device,
            };
            if heard && running.inbox.try_send(run::Heard::Registrar(Box::new(event.clone()))).is_err() {
                tracing::warn!(job = %running.job, "a reboot job missed an event");
            }
        }
    }

    /// The device's username and realm from before a save, for a job that runs: its phone may come back with them.
    fn saved(&self, device: DeviceId, old: (String, String), provable: bool) {
        if let Some(running) = self.running.lock().iter_mut().find(|running| running.device == device) {
            (running.old, running.provable) = (Some(old), provable);
        }
    }

    fn done(&self, job: JobId) {
        self.running.lock().retain(|r| r.job != job);
    }
}

/// What is to be asked of a phone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub action: Action,
    /// The newest binding when none is given.
    pub contact: Option<&'a str>,
    /// A save goes with it, and ends the registration.
    pub ends: bool,
}

/// A reboot that was asked for: written, not begun.
pub(crate) struct Asked {
    pub view: JobView,
    /// The job ends the registration, after its NOTIFY.
    pub ends_registration: bool,
    /// Who is told of it; none: it joined one that runs, which they know.
    account: Option<AccountId>,
    /// None: it joined one that runs, or has ended already.
    begin: Option<Begin>,
}

struct Begin {
    kept: Kept,
    row: JobRow,
    commands: Vec<Command>,
    credentials: Vec<(String, SecretString)>,
}

impl Service {
    /// Writes a reboot or resync of `device` (as it was before a save, with its secret) into `write`. It joins one that runs.
    pub(crate) async fn ask_reboot(&self, write: &mut Write<'_>, device: &Device, wanted: Wanted<'_>) -> Result<Asked, Problem> {
        let Wanted { action, contact, ends } = wanted;
        if let Some((row, running)) = self.running_job(write, device).await? {
            let noun = running.job.action().noun();
            if running.job.action() != action {
                return Err(crate::setup::refused(format!("A {noun} of this device is under way. Wait until it has ended.")));
            }
            if contact.is_some_and(|contact| running.job.is_other_phone(contact)) {
                let words = format!("A {noun} of this device's phone at {} is under way. Wait until it has ended.", row.contact);
                return Err(crate::setup::refused(words));
            }
            return Ok(Asked { view: row::view(&row, &running), ends_registration: false, account: None, begin: None });
        }
        let bindings = self.inner.phones.bindings(device.id);
        let chosen = match contact {
            Some(contact) => Some(
                bindings
                    .iter()
                    .find(|b| b.contact == contact)
                    .ok_or_else(|| crate::setup::refused("This contact is not registered any more. Choose another."))?,
            ),
            None => bindings.first(),
        };
        let others: Vec<Binding> = bindings.iter().filter(|b| chosen.is_none_or(|c| c.contact != b.contact)).cloned().collect();
        let by_ip = device.record.text(Field::Method) == "ip";
        let target = match chosen {
            Some(binding) => Target::Phone { binding, others: &others },
            None if by_ip => Target::NeverRegisters,
            None => Target::NotRegistered,
        };
        let (job, commands) = Job::ask(write.at(), action, target, ends && chosen.is_some(), self.inner.config.reboot);
        let before = Before::of(device);
        let credentials = chosen.map(|binding| run::credentials(binding, &before)).unwrap_or_default();
        let kept = Kept {
            after_save: (ends && chosen.is_some()).then(|| (before.username.clone(), before.realm.clone())),
            binding: chosen.cloned(),
            event: Some(device.record.text(own_event(action)).to_owned()).filter(|event| !event.is_empty()),
            job,
        };
        let row = job_row(write, device, &kept, JobId(Uuid::now_v7()), before.password.filter(|_| kept.after_save.is_some()))?;
        write.tx.insert_job(&row).await.or_fail()?;
        let view = row::view(&row, &kept);
        let kind = match action {
            Action::Reboot => EventKind::RebootAsked,
            Action::Resync => EventKind::ResyncAsked,
        };
        let event = write.event(kind, device.record.text(Field::Name)).device(device.id).seat(device.seat).note(row.contact.clone());
        write.record(event).await?;
        let ends_registration = kept.after_save.is_some() && row.running;
        let begin = row.running.then_some(Begin { kept, row, commands, credentials });
        Ok(Asked { view, ends_registration, account: Some(device.account), begin })
    }

    async fn running_job(&self, write: &Write<'_>, device: &Device) -> Result<Option<(JobRow, Kept)>, Problem> {
        let row = write.tx.last_job(device.id).await.or_fail()?.filter(|row| row.running);
        Ok(row.and_then(|row| Kept::from_json(&row.state).map(|kept| (row, kept))))
    }

    /// A save ends the registrations of the device, as it is before it, while its phone may be away for a reboot: the phone may come back as
    /// it was, also after a restart of the server. Written with the save; none where no job runs, or an earlier save came first. Then the
    /// phone had what was before that.
    pub(crate) async fn note_save(&self, write: &Write<'_>, device: &Device) -> Result<Option<Before>, Problem> {
        let Some((row, mut kept)) = self.running_job(write, device).await?.filter(|(_, kept)| kept.after_save.is_none()) else {
            return Ok(None);
        };
        let before = Before::of(device);
        kept.after_save = Some((before.username.clone(), before.realm.clone()));
        write.tx.note_save(row.id, &kept.to_json().map_err(failed)?, before.password.as_ref()).await.or_fail()?;
        Ok(Some(before))
    }

    /// The save of [`Self::note_save`] is committed.
    pub(crate) fn saved_meanwhile(&self, device: DeviceId, before: Before) {
        self.inner.jobs.saved(device, (before.username.clone(), before.realm.clone()), before.password.is_some());
        self.remember(device, before);
    }

    /// Lets the registrar tell who proves the password from before a save.
    fn remember(&self, device: DeviceId, before: Before) {
        let Before { username, realm, password } = before;
        let previous = password.map(|password| Previous { realm, username, password });
        self.inner.phones.directory.previous(device, previous);
    }

    /// Begins what was asked for, once it is committed.
    pub(crate) fn begin_reboot(&self, asked: Asked) {
        if let Some(account) = asked.account {
            self.inner.hub.send(Signal::Job { account, job: Box::new(asked.view) });
        }
        if let Some(begin) = asked.begin {
            let stored = begin.kept.job.steps().len();
            self.run(begin.row, begin.kept, begin.commands, begin.credentials, stored);
        }
    }

    /// `stored`: how many of its steps are written.
    fn run(&self, row: JobRow, kept: Kept, commands: Vec<Command>, credentials: Vec<(String, SecretString)>, stored: usize) {
        let (inbox, heard) = mpsc::channel(INBOX);
        let (old, password) = (kept.after_save.clone(), row.previous_password.clone());
        let running = Running { device: row.device, job: row.id, old, provable: password.is_some(), inbox: inbox.clone() };
        self.inner.jobs.running.lock().push(running);
        if let Some((username, realm)) = kept.after_save.clone() {
            self.remember(row.device, Before { username, realm, password });
        }
        let runner = Runner::new(self.clone(), row, kept, credentials, inbox, stored);
        tokio::spawn(runner.run(commands, heard));
    }

    /// Goes on with the jobs that a stopped server left. After the engine is connected.
    pub async fn resume_jobs(&self) -> Result<(), Problem> {
        for row in self.inner.store.read().running_jobs().await.or_fail()? {
            let Some(mut kept) = Kept::from_json(&row.state) else {
                tracing::error!(job = %row.id, "a reboot job can't be read and is closed");
                self.close_job(&row).await?;
                continue;
            };
            let stored = kept.job.steps().len();
            let commands = kept.job.resume(self.now());
            let credentials = self.credentials_of(&row, &kept).await?;
            self.run(row, kept, commands, credentials, stored);
        }
        Ok(())
    }

    /// Ends a job of which nothing can be said.
    async fn close_job(&self, row: &JobRow) -> Result<(), Problem> {
        let write = Write::begin(self, row.account, &Caller::system("Seatline")).await?;
        write.tx.update_job(row.id, &row.state, false, Some(write.at())).await.or_fail()?;
        let batches = self.job_ended(&write.tx, row.id, &End::Interrupted).await?;
        write.commit().await?;
        self.wake_batches(row.account, batches);
        Ok(())
    }

    async fn credentials_of(&self, row: &JobRow, kept: &Kept) -> Result<Vec<(String, SecretString)>, Problem> {
        let Some(binding) = &kept.binding else { return Ok(Vec::new()) };
        let before = match (&kept.after_save, &row.previous_password) {
            (Some((username, realm)), password) => Before { username: username.clone(), realm: realm.clone(), password: password.clone() },
            (None, _) => match self.inner.store.read().device_with_secret(row.account, row.device).await.or_fail()? {
                Some(device) => Before::of(&device),
                None => return Ok(Vec::new()),
            },
        };
        Ok(run::credentials(binding, &before))
    }

    /// Asks for a reboot or a resync over `contact`, the newest binding when none is given.
    pub async fn reboot(
        &self,
        caller: &Caller,
        account: AccountId,
        action: Action,
        id: DeviceId,
        operation: OperationId,
        contact: Option<String>,
    ) -> Result<JobView, Problem> {
        let doing = match action {
            Action::Reboot => "reboot a device",
            Action::Resync => "resync a device",
        };
        self.needs(caller, account, Role::Operator, doing).await?;
        let payload = (action.noun(), id, &contact);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(view) = write.replay::<JobView>(operation, &payload).await? {
            return Ok(view);
        }
        let device = write.tx.device_with_secret(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name: device.record.text(Field::Name).into(), by: device.changed_by, at });
        }
        let asked = self.ask_reboot(&mut write, &device, Wanted { action, contact: contact.as_deref(), ends: false }).await?;
        let view = asked.view.clone();
        write.answer(operation, &payload, &view).await?;
        write.commit().await?;
        self.begin_reboot(asked);
        Ok(view)
    }

    pub async fn job(&self, caller: &Caller, account: AccountId, id: JobId) -> Result<JobView, Problem> {
        self.role(caller, account).await?;
        let row = self.inner.store.read().job(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        parsed(&row).ok_or_else(|| failed("a reboot job can't be read"))
    }

    pub(crate) async fn last_job(&self, device: DeviceId) -> Result<Option<JobView>, Problem> {
        Ok(self.inner.store.read().last_job(device).await.or_fail()?.as_ref().and_then(parsed))
    }
}

/// The field in which an operator may set another event than the vendor's.
const fn own_event(action: Action) -> Field {
    match action {
        Action::Reboot => Field::RebootEvent,
        Action::Resync => Field::ResyncEvent,
    }
}

/// The row of a job that was just asked for.
fn job_row(write: &Write<'_>, device: &Device, kept: &Kept, id: JobId, previous_password: Option<SecretString>) -> Result<JobRow, Problem> {
    let running = kept.job.end().is_none();
    let stamp = write.stamp(0);
    Ok(JobRow {
        id,
        account: device.account,
        device: device.id,
        asked_by: stamp.by_id,
        asked_by_name: stamp.by,
        asked: write.at(),
        state: kept.to_json().map_err(failed)?,
        running,
        ended: (!running).then_some(write.at()),
        previous_password,
        user_agent: kept.binding.as_ref().and_then(|b| b.user_agent.clone()).unwrap_or_default(),
        contact: kept.binding.as_ref().map(|b| b.source.to_string()).unwrap_or_default(),
    })
}
