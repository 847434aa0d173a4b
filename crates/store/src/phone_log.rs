//! What phones do, in a file of its own beside either database: registrations never wait for saves, nor saves for registrations.
//! `synchronous=NORMAL`: a power cut may cost the last moments, never the file; phones register again.

mod tries;
mod trim;
mod write;

use crate::{
    OpenError, StoreError, connect,
    connect::Pools,
    device_row::parsed,
    entity::{bindings, phone_events},
    migration,
    store::begin,
};
use domain::{AccountId, Binding, BindingKey, DeviceId, Millis};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sqlx::sqlite::SqliteSynchronous,
};
use std::{path::Path, sync::Arc};
use tokio::sync::Mutex;

pub use trim::Bounds;
use write::{append_all, put_all, remove_all};

/// What a phone did, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPhoneEvent {
    /// None: an unknown realm.
    pub account: Option<AccountId>,
    /// None: an unknown user.
    pub device: Option<DeviceId>,
    pub at: Millis,
    pub kind: String,
    /// JSON: many wait at once, and a text is small.
    pub detail: String,
}

/// What a phone did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneEvent {
    /// Rises; of another series than the numbers of the history.
    pub seq: i64,
    pub account: Option<AccountId>,
    pub device: Option<DeviceId>,
    pub at: Millis,
    pub kind: String,
    pub detail: serde_json::Value,
}

fn event(row: phone_events::Model) -> Result<PhoneEvent, StoreError> {
    Ok(PhoneEvent {
        seq: row.seq,
        account: row.account_id.map(Into::into),
        device: row.device_id.map(Into::into),
        at: row.at,
        kind: row.kind,
        detail: parsed(&row.detail, "phone_events.detail")?,
    })
}

/// A cheap handle to the bindings' file.
#[derive(Clone)]
pub struct PhoneLog(Arc<Inner>);

struct Inner {
    pools: Pools,
    turn: Mutex<()>,
}

impl PhoneLog {
    /// Makes the file when it is missing.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let pools = connect::sqlite(path, SqliteSynchronous::Normal).await?;
        migration::phones(&pools.writes).await?;
        Ok(Self(Arc::new(Inner { pools, turn: Mutex::default() })))
    }

    /// All of them, also expired ones.
    pub async fn load_bindings(&self) -> Result<Vec<Binding>, StoreError> {
        let rows = bindings::Entity::find().all(&self.0.pools.reads).await?;
        rows.iter().map(|row| parsed(&row.data, "bindings.data")).collect()
    }

    /// Everything or nothing. A key that is both put and removed is there afterwards. Returns the numbers of the events.
    pub async fn apply(&self, puts: &[&Binding], removes: &[&BindingKey], events: &[&NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        remove_all(&tx, removes).await?;
        put_all(&tx, puts).await?;
        let numbers = append_all(&tx, events).await?;
        tx.commit().await?;
        Ok(numbers)
    }

    /// As [`apply`](Self::apply), where `all` are the bindings that there are: the file holds no other afterwards.
    pub async fn replace(&self, all: &[&Binding], events: &[&NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        bindings::Entity::delete_many().exec(&tx).await?;
        put_all(&tx, all).await?;
        let numbers = append_all(&tx, events).await?;
        tx.commit().await?;
        Ok(numbers)
    }

    /// A device's, the newest first, before a number.
    pub async fn phone_events(&self, device: DeviceId, limit: u64, before: Option<i64>) -> Result<Vec<PhoneEvent>, StoreError> {
        let mut select =
            numbered().filter(phone_events::Column::DeviceId.eq(device.0)).order_by_desc(phone_events::Column::Seq).limit(limit);
        if let Some(before) = before {
            select = select.filter(phone_events::Column::Seq.lt(before));
        }
        select.all(&self.0.pools.reads).await?.into_iter().map(event).collect()
    }

    /// How many of a kind a device has from a time on, up to a number.
    pub async fn count_phone_events(&self, device: DeviceId, kind: &str, since: Millis, through: Option<i64>) -> Result<u64, StoreError> {
        let select = numbered()
            .filter(phone_events::Column::DeviceId.eq(device.0))
            .filter(phone_events::Column::Kind.eq(kind))
            .filter(phone_events::Column::At.gte(since))
            .filter(phone_events::Column::Seq.lte(through.unwrap_or(i64::MAX)));
        Ok(select.count(&self.0.pools.reads).await?)
    }

    /// An account's behind a number, the oldest first.
    pub async fn phone_events_after(&self, account: AccountId, seq: i64, limit: u64) -> Result<Vec<PhoneEvent>, StoreError> {
        let select = numbered()
            .filter(phone_events::Column::AccountId.eq(account.0))
            .filter(phone_events::Column::Seq.gt(seq))
            .order_by_asc(phone_events::Column::Seq)
            .limit(limit);
        select.all(&self.0.pools.reads).await?.into_iter().map(event).collect()
    }

    /// The newest number of all; 0 before the first.
    pub async fn last_phone_event(&self) -> Result<i64, StoreError> {
        newest(&self.0.pools.reads).await
    }

    /// Ends every connection.
    pub async fn close(self) {
        let _turn = self.0.turn.lock().await;
        for pool in [&self.0.pools.reads, &self.0.pools.writes] {
            // Nothing can be done about a connection that does not close.
            drop(pool.close_by_ref().await);
        }
    }
}

fn numbered() -> Select<phone_events::Entity> {
    phone_events::Entity::find()
}

async fn newest<C: ConnectionTrait>(db: &C) -> Result<i64, StoreError> {
    let column = phone_events::Column::Seq;
    let last: Option<i64> = numbered().select_only().column(column).order_by_desc(column).into_tuple().one(db).await?;
    Ok(last.unwrap_or(0))
}
