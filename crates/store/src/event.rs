//! The history: append-only, numbered in the order of commits, since the number is taken under the writers' lock.

use crate::{
    StoreError, Tx,
    device_row::{json, parsed},
    entity::events,
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{AccountId, DeviceId, Event, EventKind, NewEvent, OperatorId, SeatId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// Which events, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct EventQuery {
    pub account: AccountId,
    pub device: Option<DeviceId>,
    pub seat: Option<SeatId>,
    pub operator: Option<OperatorId>,
    /// Only those before this number.
    pub before: Option<i64>,
    pub limit: u64,
}

fn event(row: events::Model) -> Result<Event, StoreError> {
    Ok(Event {
        seq: row.seq,
        account: row.account_id.into(),
        at: row.at,
        by: row.by_id.map(OperatorId),
        by_name: row.by_name,
        kind: EventKind::parse(&row.kind).ok_or_else(|| unreadable("events.kind"))?,
        seat: row.seat_id.map(Into::into),
        device: row.device_id.map(Into::into),
        carrier: row.carrier_id.map(Into::into),
        subject: row.subject,
        changes: parsed(&row.changes, "events.changes")?,
        note: row.note,
    })
}

fn of(accounts: &[AccountId]) -> Select<events::Entity> {
    events::Entity::find().filter(events::Column::AccountId.is_in(accounts.iter().map(|account| account.0)))
}

impl<H: Handle> Repo<H> {
    pub async fn events(&self, query: &EventQuery) -> Result<Vec<Event>, StoreError> {
        let mut select = of(&[query.account]).order_by_desc(events::Column::Seq).limit(query.limit);
        for (column, id) in [
            (events::Column::DeviceId, query.device.map(|id| id.0)),
            (events::Column::SeatId, query.seat.map(|id| id.0)),
            (events::Column::ById, query.operator.map(|id| id.0)),
        ] {
            if let Some(id) = id {
                select = select.filter(column.eq(id));
            }
        }
        if let Some(before) = query.before {
            select = select.filter(events::Column::Seq.lt(before));
        }
        select.all(self.db()).await?.into_iter().map(event).collect()
    }

    /// The accounts' events behind a number, the oldest first.
    pub async fn events_after(&self, accounts: &[AccountId], seq: i64, limit: u64) -> Result<Vec<Event>, StoreError> {
        let select = of(accounts).filter(events::Column::Seq.gt(seq)).order_by_asc(events::Column::Seq).limit(limit);
        select.all(self.db()).await?.into_iter().map(event).collect()
    }

    /// The newest number of all accounts; 0 before the first event.
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        let last: Option<i64> = events::Entity::find()
            .select_only()
            .column(events::Column::Seq)
            .order_by_desc(events::Column::Seq)
            .into_tuple()
            .one(self.db())
            .await?;
        Ok(last.unwrap_or(0))
    }
}

impl Tx {
    /// Returns its number. Numbers run through all accounts.
    pub async fn append_event(&self, event: &NewEvent) -> Result<i64, StoreError> {
        let seq = self.last_event().await? + 1;
        let row = events::ActiveModel {
            seq: Set(seq),
            account_id: Set(event.account.0),
            at: Set(event.at),
            by_id: Set(event.by.map(|id| id.0)),
            by_name: Set(event.by_name.clone()),
            kind: Set(event.kind.as_str().into()),
            seat_id: Set(event.seat.map(|id| id.0)),
            device_id: Set(event.device.map(|id| id.0)),
            carrier_id: Set(event.carrier.map(|id| id.0)),
            subject: Set(event.subject.clone()),
            changes: Set(json(&event.changes, "events.changes")?),
            note: Set(event.note.clone()),
        };
        events::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(seq)
    }
}
