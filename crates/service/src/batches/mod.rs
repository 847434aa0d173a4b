//! Many at once: chosen, asked for one after another at a pace, followed to the end of each. Across restarts of the server.

mod choose;
mod run;
mod show;

use crate::{Caller, Service, failure::Stored, live::Signal, setup::refused, write::Write};
use domain::batch::{Control, Outcome, Pace, Pacer, State};
use domain::vendor::Action;
use domain::view::{BatchOf, BatchPreview};
use domain::{AccountId, BatchId, EventKind, JobId, MINUTE, OperationId, Problem, Role, reboot::End};
use parking_lot::Mutex;
use std::{collections::HashMap, sync::Arc};
use store::{BatchRow, Tx};
use tokio::sync::Notify;
use uuid::Uuid;

/// Those that go on: how to wake each.
#[derive(Default)]
pub(crate) struct Batches {
    live: Mutex<HashMap<BatchId, Arc<Notify>>>,
    /// Of all of them together, whatever account they are in.
    pacer: Mutex<Pacer>,
}

impl Batches {
    /// Something changed for it.
    fn wake(&self, id: BatchId) {
        if let Some(notify) = self.live.lock().get(&id) {
            notify.notify_one();
        }
    }
}

impl Service {
    /// What would come of it now, at this pace.
    pub async fn batch_preview(&self, caller: &Caller, account: AccountId, of: BatchOf, pace: Pace) -> Result<BatchPreview, Problem> {
        self.needs(caller, account, Role::Operator, "see who a reboot of many reaches").await?;
        let chosen = self.choose(account, of).await?;
        Ok(self.preview(&chosen, pace))
    }

    /// Begins; one at a time in an account, so that the pace holds.
    pub async fn batch_start(
        &self,
        caller: &Caller,
        account: AccountId,
        operation: OperationId,
        of: BatchOf,
        action: Action,
        pace: Pace,
    ) -> Result<BatchId, Problem> {
        self.needs(caller, account, Role::Operator, "reboot many devices").await?;
        let pace = checked(pace)?;
        let payload = ("batch", &of, action, pace);
        // Before the write begins: it is much to read.
        let chosen = self.choose(account, of.clone()).await?;
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(id) = write.replay::<BatchId>(operation, &payload).await? {
            return Ok(id);
        }
        if chosen.items.is_empty() {
            return Err(refused("There is no enabled device among them."));
        }
        if write.tx.live_batches().await.or_fail()?.iter().any(|batch| batch.account == account) {
            return Err(refused("Many are asked already. Wait until that has ended, or cancel it."));
        }
        let stamp = write.stamp(0);
        let batch = BatchRow {
            id: BatchId(Uuid::now_v7()),
            account,
            action,
            asked_by: stamp.by_id,
            asked_by_name: stamp.by,
            asked: write.at(),
            pace,
            state: State::Running,
            ended: None,
        };
        write.tx.insert_batch(&batch, &chosen.items).await.or_fail()?;
        let event = write.event(EventKind::BatchAsked, subject(action, chosen.items.len() as u64));
        write.record(event).await?;
        write.answer(operation, &payload, &batch.id).await?;
        write.commit().await?;
        let id = batch.id;
        self.run_batch(batch);
        Ok(id)
    }

    /// Pauses, goes on, cancels, or changes the pace. What was asked of a phone already is followed to its end in any case.
    pub async fn batch_control(&self, caller: &Caller, account: AccountId, id: BatchId, control: Control) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "handle reboots of many devices").await?;
        let write = Write::begin(self, account, caller).await?;
        let batch = write.tx.batch(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if batch.state.is_over() {
            return Err(refused("It is over already."));
        }
        let (state, pace) = match control {
            Control::Pause => (State::Paused, batch.pace),
            Control::Resume => (State::Running, batch.pace),
            Control::Cancel => (State::Cancelled, batch.pace),
            Control::Pace(pace) => (batch.state, checked(pace)?),
        };
        if state == State::Cancelled {
            write.tx.cancel_batch_items(id).await.or_fail()?;
        }
        write.tx.update_batch(id, state, pace, None).await.or_fail()?;
        write.commit().await?;
        self.inner.batches.wake(id);
        self.inner.hub.send(Signal::Batch { account, batch: id });
        Ok(())
    }

    /// Goes on with those that a stopped server left. After the jobs.
    pub async fn resume_batches(&self) -> Result<(), Problem> {
        let since = self.now() - MINUTE;
        for batch in self.inner.store.read().live_batches().await.or_fail()? {
            let asked = self.inner.store.read().batch_asked(batch.id, since).await.or_fail()?;
            self.inner.batches.pacer.lock().remember(asked);
            self.run_batch(batch);
        }
        Ok(())
    }

    /// Writes the end of a job to the batches that wait for it.
    pub(crate) async fn job_ended(&self, tx: &Tx, job: JobId, end: &End) -> Result<Vec<BatchId>, Problem> {
        tx.end_batch_items(job, &Outcome::Ended(end.clone())).await.or_fail()
    }

    /// Once that is committed.
    pub(crate) fn wake_batches(&self, account: AccountId, batches: Vec<BatchId>) {
        for batch in batches {
            self.inner.batches.wake(batch);
            self.inner.hub.send(Signal::Batch { account, batch });
        }
    }
}

fn checked(pace: Pace) -> Result<Pace, Problem> {
    Pace::new(pace.in_all, pace.of_source).ok_or_else(|| refused("The pace is 1 to 1000 a minute, or none."))
}

/// As Activity names it.
fn subject(action: Action, n: u64) -> String {
    format!("{n} {}{}", action.noun(), if n == 1 { "" } else { "s" })
}
