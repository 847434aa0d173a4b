//! Runs one batch: each device in its turn. The rows say how it stands; what runs here only remembers whom it has still to ask.

use super::subject;
use crate::{Caller, Service, failure::Stored, jobs::Wanted, live::Signal, write::Write};
use domain::batch::{Next, Outcome, Pacer, State};
use domain::{DeviceId, EventKind, MINUTE, OperatorId, Problem};
use std::{collections::VecDeque, sync::Arc, time::Duration};
use store::BatchRow;
use tokio::sync::Notify;
use uuid::Uuid;

/// While the database is away, or nothing happens.
const PAUSE: Duration = Duration::from_secs(5);

impl Service {
    pub(super) fn run_batch(&self, batch: BatchRow) {
        let notify = Arc::new(Notify::new());
        self.inner.batches.live.lock().insert(batch.id, notify.clone());
        let runner = Runner { service: self.clone(), batch, notify, pacer: None, waiting: VecDeque::new() };
        tokio::spawn(runner.run());
    }
}

struct Runner {
    service: Service,
    batch: BatchRow,
    notify: Arc<Notify>,
    /// None until the rows were read.
    pacer: Option<Pacer>,
    waiting: VecDeque<(u32, DeviceId)>,
}

/// What to do next.
enum Then {
    Wait(Duration),
    GoOn,
    Over,
}

impl Runner {
    async fn run(mut self) {
        loop {
            let then = match self.step().await {
                Ok(then) => then,
                Err(problem) => {
                    tracing::error!(batch = %self.batch.id, %problem, "reboots of many can't go on; tried again");
                    Then::Wait(PAUSE)
                }
            };
            match then {
                Then::GoOn => {}
                Then::Wait(most) => {
                    // Woken or not, the rows are read again.
                    let _ = tokio::time::timeout(most, self.notify.notified()).await;
                }
                Then::Over => break,
            }
        }
        self.service.inner.batches.live.lock().remove(&self.batch.id);
        self.tell();
    }

    async fn step(&mut self) -> Result<Then, Problem> {
        let read = self.service.inner.store.read();
        let (account, id) = (self.batch.account, self.batch.id);
        let Some(now) = read.batch(account, id).await.or_fail()? else { return Ok(Then::Over) };
        self.batch = now;
        if self.pacer.is_none() {
            let since = self.service.now() - MINUTE;
            self.pacer = Some(Pacer::new(self.batch.pace, read.batch_asked(id, since).await.or_fail()?));
            self.waiting = read.batch_waiting(id).await.or_fail()?.into();
        }
        let at = self.service.now();
        match self.batch.state {
            State::Done => return Ok(Then::Over),
            State::Paused => return Ok(Then::Wait(PAUSE)),
            State::Cancelled => self.waiting.clear(),
            State::Running => {}
        }
        let (service, pace) = (&self.service, self.batch.pace);
        let waiting = self.waiting.iter().enumerate().map(|(place, (_, device))| (place, service.asked_at(*device)));
        let next = self.pacer.as_mut().map_or(Next::Nothing, |pacer| {
            pacer.set_pace(pace);
            pacer.next(at, waiting)
        });
        match next {
            Next::Start(place) => {
                self.start(place).await?;
                Ok(Then::GoOn)
            }
            Next::At(then) => Ok(Then::Wait(Duration::from_millis((then - at).clamp(1, MINUTE) as u64))),
            Next::Nothing if read.batch_counts(id).await.or_fail()?.running > 0 => Ok(Then::Wait(PAUSE)),
            Next::Nothing => {
                self.end().await?;
                Ok(Then::Over)
            }
        }
    }

    /// Whoever asked for all asks for each.
    fn caller(&self) -> Caller {
        let id = self.batch.asked_by.unwrap_or(OperatorId(Uuid::nil()));
        Caller { id, name: self.batch.asked_by_name.clone(), token: [0; 32], until: 0 }
    }

    async fn start(&mut self, place: usize) -> Result<(), Problem> {
        let Some((n, device)) = self.waiting.get(place).copied() else { return Ok(()) };
        let service = self.service.clone();
        let (account, id) = (self.batch.account, self.batch.id);
        let mut write = Write::begin(&service, account, &self.caller()).await?;
        // It may have been paused or cancelled a moment ago.
        if write.tx.batch(account, id).await.or_fail()?.is_none_or(|batch| batch.state != State::Running) {
            return Ok(());
        }
        let found = write.tx.device_with_secret(account, device).await.or_fail()?.filter(|d| d.deleted.is_none());
        let source = service.asked_at(device);
        let wanted = Wanted { action: self.batch.action, contact: None, ends: false };
        let (asked, outcome) = match &found {
            None => (None, Some(Outcome::Deleted)),
            Some(device) => match service.ask_reboot(&mut write, device, wanted).await {
                Ok(asked) => {
                    let outcome = asked.view.end.clone().map(Outcome::Ended);
                    (Some(asked), outcome)
                }
                // The other kind is under way.
                Err(Problem::Refused { .. }) => (None, Some(Outcome::Busy)),
                Err(problem) => return Err(problem),
            },
        };
        let (at, job) = (write.at(), asked.as_ref().map(|asked| asked.view.id));
        // Only what goes out counts for the pace.
        let source = source.filter(|_| job.is_some() && outcome.is_none());
        write.tx.start_batch_item(id, n, at, source, job, outcome.as_ref()).await.or_fail()?;
        write.commit().await?;
        self.waiting.remove(place);
        if let (Some(source), Some(pacer)) = (source, &mut self.pacer) {
            pacer.asked(at, source);
        }
        if let Some(asked) = asked {
            service.begin_reboot(asked);
        }
        self.tell();
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Problem> {
        let (account, id) = (self.batch.account, self.batch.id);
        let counts = self.service.inner.store.read().batch_counts(id).await.or_fail()?;
        let all: u64 = counts.outcomes.iter().map(|(_, n)| n).sum();
        let state = if self.batch.state == State::Cancelled { State::Cancelled } else { State::Done };
        let mut write = Write::begin(&self.service, account, &Caller::system("Seatline")).await?;
        let (at, pace) = (write.at(), self.batch.pace);
        write.tx.update_batch(id, state, pace, Some(at)).await.or_fail()?;
        let note = if state == State::Cancelled { "cancelled" } else { "" };
        let event = write.event(EventKind::BatchEnded, subject(self.batch.action, all)).note(note);
        write.record(event).await?;
        write.commit().await
    }

    fn tell(&self) {
        self.service.inner.hub.send(Signal::Batch { account: self.batch.account, batch: self.batch.id });
    }
}
