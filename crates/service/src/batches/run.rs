//! Runs one batch: each device in its turn. The rows say how it stands; what runs here only remembers whom it has still to ask.

use super::subject;
use crate::{Caller, Service, failure::Stored, jobs::Wanted, live::Signal, write::Write};
use domain::batch::{Next, Outcome, State};
use domain::{DeviceId, EventKind, MINUTE, OperatorId, Problem};
use std::{collections::VecDeque, net::IpAddr, sync::Arc, time::Duration};
use store::BatchRow;
use tokio::sync::Notify;
use uuid::Uuid;

/// While the database is away, or nothing happens.
const PAUSE: Duration = Duration::from_secs(5);

impl Service {
    pub(super) fn run_batch(&self, batch: BatchRow) {
        let notify = Arc::new(Notify::new());
        self.inner.batches.live.lock().insert(batch.id, notify.clone());
        let runner = Runner { service: self.clone(), batch, notify, waiting: None };
        tokio::spawn(runner.run());
    }
}

struct Runner {
    service: Service,
    batch: BatchRow,
    notify: Arc<Notify>,
    /// None until the rows were read.
    waiting: Option<VecDeque<(u32, DeviceId)>>,
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
        if self.waiting.is_none() {
            self.waiting = Some(read.batch_waiting(id).await.or_fail()?.into());
        }
        let (at, waiting) = (self.service.now(), self.waiting.get_or_insert_default());
        match self.batch.state {
            State::Done => return Ok(Then::Over),
            State::Paused => return Ok(Then::Wait(PAUSE)),
            State::Cancelled => waiting.clear(),
            State::Running => {}
        }
        let service = self.service.clone();
        let (next, source) = {
            let mut pacer = service.inner.batches.pacer.lock();
            let sources = waiting.iter().enumerate().map(|(place, (_, device))| (place, service.asked_at(*device)));
            let next = pacer.next(self.batch.pace, at, sources);
            let chosen = if let Next::Start(place) = next { waiting.get(place) } else { None };
            let source = chosen.and_then(|(_, device)| service.asked_at(*device));
            // Counted before it goes out: another batch may be as far.
            if let Some(source) = source {
                pacer.asked(at, source);
            }
            (next, source)
        };
        match next {
            Next::Start(place) => {
                let sent = self.start(place, source).await;
                if let (Some(source), false) = (source, matches!(sent, Ok(true))) {
                    service.inner.batches.pacer.lock().take_back(at, source);
                }
                sent.map(|_| Then::GoOn)
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

    /// True: a phone at `source` is asked.
    async fn start(&mut self, place: usize, source: Option<IpAddr>) -> Result<bool, Problem> {
        let Some((n, device)) = self.waiting.as_ref().and_then(|waiting| waiting.get(place)).copied() else { return Ok(false) };
        let service = self.service.clone();
        let (account, id) = (self.batch.account, self.batch.id);
        let mut write = Write::begin(&service, account, &self.caller()).await?;
        // It may have been paused or cancelled a moment ago.
        if write.tx.batch(account, id).await.or_fail()?.is_none_or(|batch| batch.state != State::Running) {
            return Ok(false);
        }
        let found = write.tx.device_with_secret(account, device).await.or_fail()?.filter(|d| d.deleted.is_none());
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
        self.waiting.as_mut().map(|waiting| waiting.remove(place));
        if let Some(asked) = asked {
            service.begin_reboot(asked);
        }
        self.tell();
        Ok(source.is_some())
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
