//! Many at once, written.

use super::{BatchItem, BatchRow, outcome_text, word};
use crate::{
    StoreError, Tx,
    account::changed_one,
    entity::{batch_items, batches},
};
use domain::batch::{Outcome, Pace, State};
use domain::{BatchId, JobId, Millis};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::ExprTrait};
use std::net::IpAddr;

/// Rows of one INSERT: an engine takes so many values and no more.
const ROWS: usize = 200;

impl Tx {
    pub async fn insert_batch(&self, batch: &BatchRow, items: &[BatchItem]) -> Result<(), StoreError> {
        let row = batches::ActiveModel {
            id: Set(batch.id.0),
            account_id: Set(batch.account.0),
            action: Set(word(batch.action).into()),
            asked_by: Set(batch.asked_by.map(|id| id.0)),
            asked_by_name: Set(batch.asked_by_name.clone()),
            asked: Set(batch.asked),
            in_all: Set(batch.pace.in_all as i32),
            of_source: Set(batch.pace.of_source as i32),
            state: Set(batch.state.as_str().into()),
            ended: Set(batch.ended),
        };
        batches::Entity::insert(row).exec_without_returning(self.db()).await?;
        for some in items.chunks(ROWS) {
            let rows = some.iter().map(|item| batch_items::ActiveModel {
                batch_id: Set(batch.id.0),
                account_id: Set(batch.account.0),
                n: Set(item.n as i32),
                device_id: Set(item.device.0),
                seat_id: Set(item.seat.0),
                device: Set(item.device_name.clone()),
                seat: Set(item.seat_name.clone()),
                started: Set(None),
                source: Set(None),
                job_id: Set(None),
                outcome: Set(None),
            });
            batch_items::Entity::insert_many(rows).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }

    pub async fn update_batch(&self, id: BatchId, state: State, pace: Pace, ended: Option<Millis>) -> Result<(), StoreError> {
        let row = batches::ActiveModel {
            state: Set(state.as_str().into()),
            in_all: Set(pace.in_all as i32),
            of_source: Set(pace.of_source as i32),
            ended: Set(ended),
            ..Default::default()
        };
        let update = batches::Entity::update_many().set(row).filter(batches::Column::Id.eq(id.0));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    /// Its turn came: a job, or an outcome at once.
    pub async fn start_batch_item(
        &self,
        id: BatchId,
        n: u32,
        at: Millis,
        source: Option<IpAddr>,
        job: Option<JobId>,
        outcome: Option<&Outcome>,
    ) -> Result<(), StoreError> {
        let row = batch_items::ActiveModel {
            started: Set(Some(at)),
            source: Set(source.map(|s| s.to_string())),
            job_id: Set(job.map(|id| id.0)),
            outcome: Set(outcome.map(outcome_text).transpose()?),
            ..Default::default()
        };
        let update = batch_items::Entity::update_many()
            .set(row)
            .filter(batch_items::Column::BatchId.eq(id.0))
            .filter(batch_items::Column::N.eq(n as i32));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    /// A job ended: so did the items that wait for it. Answers the batches that they are of.
    pub async fn end_batch_items(&self, job: JobId, outcome: &Outcome) -> Result<Vec<BatchId>, StoreError> {
        let open = batch_items::Column::JobId.eq(job.0).and(batch_items::Column::Outcome.is_null());
        let rows = batch_items::Entity::find().filter(open.clone()).all(self.db()).await?;
        if !rows.is_empty() {
            let row = batch_items::ActiveModel { outcome: Set(Some(outcome_text(outcome)?)), ..Default::default() };
            batch_items::Entity::update_many().set(row).filter(open).exec(self.db()).await?;
        }
        Ok(rows.into_iter().map(|row| row.batch_id.into()).collect())
    }

    /// Whoever had no turn yet gets none.
    pub async fn cancel_batch_items(&self, id: BatchId) -> Result<(), StoreError> {
        let row = batch_items::ActiveModel { outcome: Set(Some(outcome_text(&Outcome::Cancelled)?)), ..Default::default() };
        batch_items::Entity::update_many()
            .set(row)
            .filter(batch_items::Column::BatchId.eq(id.0))
            .filter(batch_items::Column::Started.is_null())
            .filter(batch_items::Column::Outcome.is_null())
            .exec(self.db())
            .await?;
        Ok(())
    }
}
