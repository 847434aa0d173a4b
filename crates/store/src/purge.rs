//! What is kept for a time only.

use crate::{
    StoreError, Tx,
    entity::{batch_items, batches, carriers, devices, invites, jobs, operations, ranges, seats, sessions},
    job::trim::OF_DEVICE,
};
use domain::{DAY, Millis};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

/// How long a deleted row can be restored, and how long batches and jobs are kept.
const DELETED: Millis = 30 * DAY;
/// How long a retry finds the first answer.
const OPERATIONS: Millis = 90 * DAY;

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub devices: u64,
    pub seats: u64,
    pub carriers: u64,
    /// Of devices that are there.
    pub jobs: u64,
    pub operations: u64,
    pub sessions: u64,
    pub invites: u64,
}

impl Tx {
    /// Deleted rows older than 30 days with their secrets and jobs, batches that ended so long ago and jobs that were asked for so long ago, operations older
    /// than 90 days, expired sessions and invites. The history stays.
    pub async fn purge(&self, now: Millis) -> Result<Purged, StoreError> {
        let db = self.db();
        let gone = now - DELETED;
        let old = devices::Column::Deleted.lt(gone);
        let old_devices =
            || -> Select<devices::Entity> { devices::Entity::find().select_only().column(devices::Column::Id).filter(old.clone()) };
        jobs::Entity::delete_many().filter(jobs::Column::DeviceId.in_subquery(old_devices().into_query())).exec(db).await?;
        ranges::Entity::delete_many().filter(ranges::Column::DeviceId.in_subquery(old_devices().into_query())).exec(db).await?;
        let devices = devices::Entity::delete_many().filter(old.clone()).exec(db).await?.rows_affected;
        let over = batches::Entity::find().select_only().column(batches::Column::Id).filter(batches::Column::Ended.lt(gone));
        batch_items::Entity::delete_many().filter(batch_items::Column::BatchId.in_subquery(over.into_query())).exec(db).await?;
        batches::Entity::delete_many().filter(batches::Column::Ended.lt(gone)).exec(db).await?;
        let jobs = self.trim_jobs(gone, OF_DEVICE).await?;
        // A living device has a living seat: only deleted ones can still hold an old seat.
        let kept = devices::Entity::find().select_only().column(devices::Column::SeatId).filter(devices::Column::Deleted.is_not_null());
        let seats = seats::Entity::delete_many()
            .filter(seats::Column::Deleted.lt(gone))
            .filter(seats::Column::Id.not_in_subquery(kept.into_query()))
            .exec(db)
            .await?
            .rows_affected;
        Ok(Purged {
            devices,
            seats,
            jobs,
            carriers: carriers::Entity::delete_many().filter(carriers::Column::Deleted.lt(gone)).exec(db).await?.rows_affected,
            operations: operations::Entity::delete_many().filter(operations::Column::At.lt(now - OPERATIONS)).exec(db).await?.rows_affected,
            sessions: sessions::Entity::delete_many().filter(sessions::Column::Expires.lt(now)).exec(db).await?.rows_affected,
            invites: invites::Entity::delete_many().filter(invites::Column::Expires.lt(now)).exec(db).await?.rows_affected,
        })
    }
}
