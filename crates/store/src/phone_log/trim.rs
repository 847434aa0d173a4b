//! What phones did is kept for a time and in a bound: a phone that comes and goes all day must not fill the disk, nor take the place of others.

use super::{PhoneLog, newest};
use crate::{
    StoreError,
    entity::{phone_events, tries},
    store::begin,
};
use domain::{Millis, OTHER_SOURCES};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

/// How much is kept at most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Events in all.
    pub events: u64,
    /// Events of a device, without refusals.
    pub of_device: u64,
    /// Refusals of a device for one reason.
    pub of_reason: u64,
    /// Sources that tried something in an account.
    pub sources: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { events: 1_000_000, of_device: 5_000, of_reason: 500, sources: 1_000 }
    }
}

/// Why a phone was refused; the same for all other events.
const REASON: &str = "CASE kind WHEN 'refused' THEN coalesce(json_extract(detail, '$.why'), '') END";

impl PhoneLog {
    /// Forgets what is from before `older_than` and what is beyond the bounds, the oldest first; but for the newest event: numbers are
    /// never given twice. Refusals go before registrations do: anybody can bring them about. Returns how many events went.
    pub async fn trim(&self, older_than: Millis, bounds: Bounds) -> Result<u64, StoreError> {
        use phone_events::Column::{At, DeviceId, Kind, Seq};
        // The long look first: whoever writes does not wait for it.
        let reason = || Expr::cust(REASON);
        let many: Vec<(Option<Uuid>, Option<String>, i64)> = phone_events::Entity::find()
            .select_only()
            .column(DeviceId)
            .column_as(reason(), "reason")
            .column_as(Seq.count(), "many")
            .filter(DeviceId.is_not_null())
            .group_by(DeviceId)
            .group_by(reason())
            .having(Seq.count().gt(i64::try_from(Ord::min(bounds.of_device, bounds.of_reason)).unwrap_or(i64::MAX)))
            .into_tuple()
            .all(&self.0.pools.reads)
            .await?;
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        let last = newest(&tx).await?;
        let mut gone = phone_events::Entity::delete_many().filter(At.lt(older_than)).filter(Seq.lt(last)).exec(&tx).await?.rows_affected;
        for (device, why, many) in many {
            let most = if why.is_some() { bounds.of_reason } else { bounds.of_device };
            let Some(device) = device.filter(|_| many as u64 > most) else { continue };
            let such = why.map_or_else(|| Kind.ne("refused"), |why| Kind.eq("refused").and(reason().eq(why)));
            let such = Condition::all().add(DeviceId.eq(device)).add(such);
            gone += forget(&tx, &such, most, last).await?;
        }
        for such in [Condition::all().add(Kind.eq("refused")), Condition::all()] {
            let all = phone_events::Entity::find().count(&tx).await?;
            let of_these = phone_events::Entity::find().filter(such.clone()).count(&tx).await?;
            if all > bounds.events {
                gone += forget(&tx, &such, of_these.saturating_sub(all - bounds.events), last).await?;
            }
        }
        trim_tries(&tx, older_than, bounds.sources).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

/// Keeps so many of these, the newest ones; and the newest event of all.
async fn forget<C: ConnectionTrait>(db: &C, such: &Condition, most: u64, last: i64) -> Result<u64, StoreError> {
    use phone_events::Column::Seq;
    let of = phone_events::Entity::find().select_only().column(Seq).filter(such.clone()).order_by_desc(Seq);
    let newest_gone: Option<i64> = of.offset(most).limit(1).into_tuple().one(db).await?;
    let Some(newest_gone) = newest_gone else { return Ok(0) };
    let these = phone_events::Entity::delete_many().filter(such.clone()).filter(Seq.lte(newest_gone)).filter(Seq.lt(last));
    Ok(these.exec(db).await?.rows_affected)
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
    let others = OTHER_SOURCES.to_string();
    for account in many {
        let of =
            tries::Entity::find().filter(AccountId.eq(account)).filter(Source.ne(others.clone())).order_by_desc(Last).order_by_desc(Source);
        let more: Vec<String> = of.select_only().column(Source).offset(most).limit(i64::MAX as u64).into_tuple().all(db).await?;
        // In pieces: a statement takes so many values and no more.
        for sources in more.chunks(500) {
            tries::Entity::delete_many().filter(AccountId.eq(account)).filter(Source.is_in(sources)).exec(db).await?;
        }
    }
    Ok(())
}
