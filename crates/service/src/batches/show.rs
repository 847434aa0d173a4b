//! How it stands.

use crate::{Caller, Service, failure::Stored};
use domain::view::{BatchLine, BatchRow, BatchView, BatchesView};
use domain::{AccountId, BatchId, Problem};

/// Devices of one page.
const PAGE: u64 = 200;
/// How many of the account's are listed.
const LISTED: u64 = 50;

fn line(row: store::BatchRow) -> BatchLine {
    BatchLine { id: row.id, action: row.action, asked: row.asked, asked_by: row.asked_by_name, state: row.state, ended: row.ended }
}

fn row(item: store::BatchItem) -> BatchRow {
    BatchRow {
        n: item.n,
        device: item.device,
        seat: item.seat,
        device_name: item.device_name,
        seat_name: item.seat_name,
        started: item.started,
        source: item.source,
        job: item.job,
        outcome: item.outcome,
    }
}

impl Service {
    pub async fn batches(&self, caller: &Caller, account: AccountId) -> Result<BatchesView, Problem> {
        let role = self.role(caller, account).await?;
        let rows = self.inner.store.read().batches(account, LISTED).await.or_fail()?;
        Ok(BatchesView { batches: rows.into_iter().map(line).collect(), role })
    }

    /// With the devices behind number `after`.
    pub async fn batch(&self, caller: &Caller, account: AccountId, id: BatchId, after: Option<u32>) -> Result<BatchView, Problem> {
        let role = self.role(caller, account).await?;
        let read = self.inner.store.read();
        let batch = read.batch(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let counts = read.batch_counts(id).await.or_fail()?;
        let items = read.batch_items(id, after, PAGE).await.or_fail()?;
        let next = items.last().filter(|_| items.len() as u64 == PAGE).map(|item| item.n);
        Ok(BatchView {
            pace: batch.pace,
            line: line(batch),
            waiting: counts.waiting,
            running: counts.running,
            outcomes: counts.outcomes,
            rows: items.into_iter().map(row).collect(),
            next,
            role,
        })
    }
}
