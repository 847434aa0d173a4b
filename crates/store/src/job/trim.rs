//! Jobs are kept for a time and in a bound. The last one of a device stays however old it is, for "Last reboot"; so does one that runs, and one that
//! many at once still show.

use crate::{StoreError, Tx, entity::jobs};
use domain::Millis;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

/// How many jobs of a device are kept at most.
pub(crate) const OF_DEVICE: u64 = 1_000;

/// Nobody needs it any more. The same words for either database.
fn is_spent() -> SimpleExpr {
    let newer = "EXISTS (SELECT 1 FROM jobs newer WHERE newer.device_id = jobs.device_id \
                 AND (newer.asked > jobs.asked OR (newer.asked = jobs.asked AND newer.id > jobs.id)))";
    let shown = "EXISTS (SELECT 1 FROM batch_items shown WHERE shown.job_id = jobs.id)";
    Expr::cust(format!("NOT jobs.running AND {newer} AND NOT {shown}"))
}

impl Tx {
    /// Forgets what was asked for before `older_than`, and of each device what is beyond its newest `of_device`. Batches that are over long ago
    /// are gone before. Returns how many went.
    pub(crate) async fn trim_jobs(&self, older_than: Millis, of_device: u64) -> Result<u64, StoreError> {
        use jobs::Column::{Asked, DeviceId, Id};
        let db = self.db();
        let old = jobs::Entity::delete_many().filter(Asked.lt(older_than)).filter(is_spent());
        let mut gone = old.exec(db).await?.rows_affected;
        let many: Vec<Uuid> = jobs::Entity::find()
            .select_only()
            .column(DeviceId)
            .group_by(DeviceId)
            .having(Asked.count().gt(i64::try_from(of_device).unwrap_or(i64::MAX)))
            .into_tuple()
            .all(db)
            .await?;
        for device in many {
            let newest = jobs::Entity::find().select_only().columns([Asked, Id]).filter(DeviceId.eq(device));
            let newest = newest.order_by_desc(Asked).order_by_desc(Id).offset(of_device.saturating_sub(1)).limit(1);
            let last: Option<(Millis, Uuid)> = newest.into_tuple().one(db).await?;
            if let Some((asked, id)) = last {
                let same = Condition::all().add(Asked.eq(asked)).add(Id.lt(id));
                let beyond = Condition::any().add(Asked.lt(asked)).add(same);
                let more = jobs::Entity::delete_many().filter(DeviceId.eq(device)).filter(beyond).filter(is_spent());
                gone += more.exec(db).await?.rows_affected;
            }
        }
        Ok(gone)
    }
}
