//! What phones did is kept for a time and in a bound: a phone that comes and goes all day must not fill the disk, nor take the place of others.

use super::{PhoneLog, newest};
use crate::{
    StoreError,
    entity::{phone_events, tries},
    store::begin,
};
use domain::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait};
use uuid::Uuid;

/// How much is kept at most: events in all, events of a device, sources that tried something in an account.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub events: i64,
    pub of_device: u64,
    pub sources: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { events: 1_000_000, of_device: 5_000, sources: 1_000 }
    }
}

impl PhoneLog {
    /// Forgets what is from before `older_than` and what is beyond the bounds, the oldest first; but for the newest event: numbers are
    /// never given twice. Returns how many events went.
    pub async fn trim(&self, older_than: Millis, bounds: Bounds) -> Result<u64, StoreError> {
        use phone_events::Column::{At, DeviceId, Seq};
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        let last = newest(&tx).await?;
        let old = At.lt(older_than).or(Seq.lte(last - bounds.events));
        let mut gone = phone_events::Entity::delete_many().filter(old).filter(Seq.lt(last)).exec(&tx).await?.rows_affected;
        let many: Vec<Option<Uuid>> = phone_events::Entity::find()
            .select_only()
            .column(DeviceId)
            .filter(DeviceId.is_not_null())
            .group_by(DeviceId)
            .having(Seq.count().gt(i64::try_from(bounds.of_device).unwrap_or(i64::MAX)))
            .into_tuple()
            .all(&tx)
            .await?;
        for device in many.into_iter().flatten() {
            let of = || phone_events::Entity::find().select_only().column(Seq).filter(DeviceId.eq(device)).order_by_desc(Seq);
            let first_kept: Option<i64> = of().offset(bounds.of_device - 1).limit(1).into_tuple().one(&tx).await?;
            if let Some(first_kept) = first_kept {
                let more = phone_events::Entity::delete_many().filter(DeviceId.eq(device)).filter(Seq.lt(first_kept));
                gone += more.exec(&tx).await?.rows_affected;
            }
        }
        trim_tries(&tx, older_than, bounds.sources).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

async fn trim_tries<C: ConnectionTrait>(db: &C, older_than: Millis, most: u64) -> Result<(), StoreError> {
    use tries::Column::{AccountId, Last, Source};
    tries::Entity::delete_many().filter(Last.lt(older_than)).exec(db).await?;
    let many: Vec<Uuid> = tries::Entity::find()
        .select_only()
        .column(AccountId)
        .group_by(AccountId)
        .having(Source.count().gt(i64::try_from(most).unwrap_or(i64::MAX)))
        .into_tuple()
        .all(db)
        .await?;
    for account in many {
        let of = tries::Entity::find().filter(AccountId.eq(account)).order_by_desc(Last).order_by_desc(Source);
        let more: Vec<String> = of.select_only().column(Source).offset(most).limit(i64::MAX as u64).into_tuple().all(db).await?;
        // In pieces: a statement takes so many values and no more.
        for sources in more.chunks(500) {
            tries::Entity::delete_many().filter(AccountId.eq(account)).filter(Source.is_in(sources)).exec(db).await?;
        }
    }
    Ok(())
}
