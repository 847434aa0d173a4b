//! Many at once: the whole, and each device of it.

mod write;

use crate::{
    StoreError,
    device_row::{json, parsed},
    entity::{batch_items, batches},
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::batch::{Outcome, Pace, State};
use domain::vendor::Action;
use domain::{AccountId, BatchId, DeviceId, JobId, Millis, OperatorId, SeatId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::net::IpAddr;

/// The whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    pub id: BatchId,
    pub account: AccountId,
    pub action: Action,
    pub asked_by: Option<OperatorId>,
    pub asked_by_name: String,
    pub asked: Millis,
    pub pace: Pace,
    pub state: State,
    pub ended: Option<Millis>,
}

/// One device, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    pub n: u32,
    pub device: DeviceId,
    pub seat: SeatId,
    /// Names as they were when it was asked for.
    pub device_name: String,
    pub seat_name: String,
    pub started: Option<Millis>,
    /// Where the phone was then.
    pub source: Option<IpAddr>,
    pub job: Option<JobId>,
    pub outcome: Option<Outcome>,
}

/// How many of a batch stand how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchCounts {
    pub waiting: u64,
    pub running: u64,
    pub outcomes: Vec<(Outcome, u64)>,
}

fn word(action: Action) -> &'static str {
    action.noun()
}

fn batch(row: batches::Model) -> Result<BatchRow, StoreError> {
    let action = [Action::Reboot, Action::Resync].into_iter().find(|a| word(*a) == row.action);
    Ok(BatchRow {
        id: row.id.into(),
        account: row.account_id.into(),
        action: action.ok_or_else(|| unreadable("batches.action"))?,
        asked_by: row.asked_by.map(OperatorId),
        asked_by_name: row.asked_by_name,
        asked: row.asked,
        pace: Pace::new(row.in_all.unsigned_abs(), row.of_source.unsigned_abs()).unwrap_or_default(),
        state: State::parse(&row.state).ok_or_else(|| unreadable("batches.state"))?,
        ended: row.ended,
    })
}

fn item(row: batch_items::Model) -> Result<BatchItem, StoreError> {
    Ok(BatchItem {
        n: row.n.unsigned_abs(),
        device: row.device_id.into(),
        seat: row.seat_id.into(),
        device_name: row.device,
        seat_name: row.seat,
        started: row.started,
        source: row.source.and_then(|text| text.parse().ok()),
        job: row.job_id.map(Into::into),
        outcome: row.outcome.as_deref().map(|text| parsed(text, "batch_items.outcome")).transpose()?,
    })
}

fn items(id: BatchId) -> Select<batch_items::Entity> {
    batch_items::Entity::find().filter(batch_items::Column::BatchId.eq(id.0))
}

impl<H: Handle> Repo<H> {
    pub async fn batch(&self, account: AccountId, id: BatchId) -> Result<Option<BatchRow>, StoreError> {
        let row = batches::Entity::find_by_id(id.0).filter(batches::Column::AccountId.eq(account.0)).one(self.db()).await?;
        row.map(batch).transpose()
    }

    /// The account's, the newest first.
    pub async fn batches(&self, account: AccountId, limit: u64) -> Result<Vec<BatchRow>, StoreError> {
        let of = batches::Entity::find().filter(batches::Column::AccountId.eq(account.0));
        let rows = of.order_by_desc(batches::Column::Asked).order_by_desc(batches::Column::Id).limit(limit).all(self.db()).await?;
        rows.into_iter().map(batch).collect()
    }

    /// Those of every account that are not over: to go on after a restart.
    pub async fn live_batches(&self) -> Result<Vec<BatchRow>, StoreError> {
        let live = batches::Entity::find().filter(batches::Column::Ended.is_null()).order_by_asc(batches::Column::Asked);
        live.all(self.db()).await?.into_iter().map(batch).collect()
    }

    /// In order, behind number `after`.
    pub async fn batch_items(&self, id: BatchId, after: Option<u32>, limit: u64) -> Result<Vec<BatchItem>, StoreError> {
        let mut select = items(id).order_by_asc(batch_items::Column::N).limit(limit);
        if let Some(after) = after {
            select = select.filter(batch_items::Column::N.gt(after as i32));
        }
        select.all(self.db()).await?.into_iter().map(item).collect()
    }

    /// Those that nobody was asked for yet, in order.
    pub async fn batch_waiting(&self, id: BatchId) -> Result<Vec<(u32, DeviceId)>, StoreError> {
        use batch_items::Column::{DeviceId as Device, N, Outcome, Started};
        let rows: Vec<(i32, uuid::Uuid)> = items(id)
            .select_only()
            .columns([N, Device])
            .filter(Started.is_null())
            .filter(Outcome.is_null())
            .order_by_asc(N)
            .into_tuple()
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(|(n, device)| (n.unsigned_abs(), device.into())).collect())
    }

    /// Which sources were asked since then.
    pub async fn batch_asked(&self, id: BatchId, since: Millis) -> Result<Vec<(Millis, IpAddr)>, StoreError> {
        let rows = items(id).filter(batch_items::Column::Started.gte(since)).filter(batch_items::Column::Source.is_not_null());
        let rows = rows.all(self.db()).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.started?, row.source?.parse().ok()?))).collect())
    }

    pub async fn batch_counts(&self, id: BatchId) -> Result<BatchCounts, StoreError> {
        use batch_items::Column::{N, Outcome, Started};
        let mut counts = BatchCounts::default();
        let open = || items(id).select_only().column_as(N.count(), "n").filter(Outcome.is_null());
        for (select, count) in
            [(open().filter(Started.is_null()), &mut counts.waiting), (open().filter(Started.is_not_null()), &mut counts.running)]
        {
            let n: Option<i64> = select.into_tuple().one(self.db()).await?;
            *count = n.unwrap_or(0).unsigned_abs();
        }
        let ended: Vec<(Option<String>, i64)> = items(id)
            .select_only()
            .column(Outcome)
            .column_as(N.count(), "n")
            .filter(Outcome.is_not_null())
            .group_by(Outcome)
            .order_by_desc(N.count())
            .into_tuple()
            .all(self.db())
            .await?;
        for (outcome, n) in ended {
            let outcome = parsed(&outcome.unwrap_or_default(), "batch_items.outcome")?;
            counts.outcomes.push((outcome, n.unsigned_abs()));
        }
        Ok(counts)
    }
}

fn outcome_text(outcome: &Outcome) -> Result<String, StoreError> {
    json(outcome, "batch_items.outcome")
}
