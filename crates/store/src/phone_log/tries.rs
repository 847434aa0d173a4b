//! Tries that belong to no device, by source; and what repeats itself, counted in the row of its first time.

use super::PhoneLog;
use crate::{
    StoreError,
    device_row::{json, parsed},
    entity::{phone_events, tries},
    store::begin,
};
use domain::{AccountId, Tried};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict};

impl PhoneLog {
    /// Adds tries to what is known of their sources, and writes what became of events that go on: their numbers, their new details.
    pub async fn note(&self, tried: &[(AccountId, Tried)], going_on: &[(i64, serde_json::Value)]) -> Result<(), StoreError> {
        use tries::Column::{Data, Last};
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        for (account, tried) in tried {
            let source = tried.source.to_string();
            let known = tries::Entity::find_by_id((account.0, source.clone())).one(&tx).await?;
            let mut sum = tried.clone();
            if let Some(row) = known {
                sum = parsed(&row.data, "tries.data")?;
                sum.add(tried);
            }
            let data = json(&sum, "tries.data")?;
            let row = tries::ActiveModel { account_id: Set(account.0), source: Set(source), last: Set(sum.last), data: Set(data) };
            let conflict = OnConflict::columns([tries::Column::AccountId, tries::Column::Source]).update_columns([Last, Data]).to_owned();
            tries::Entity::insert(row).on_conflict(conflict).exec_without_returning(&tx).await?;
        }
        for (seq, detail) in going_on {
            // One that was trimmed meanwhile is gone.
            phone_events::Entity::update_many()
                .set(phone_events::ActiveModel { detail: Set(json(detail, "phone_events.detail")?), ..Default::default() })
                .filter(phone_events::Column::Seq.eq(*seq))
                .exec(&tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The account's, the latest first.
    pub async fn tries(&self, account: AccountId, limit: u64) -> Result<Vec<Tried>, StoreError> {
        let select = tries::Entity::find().filter(tries::Column::AccountId.eq(account.0));
        let rows = select.order_by_desc(tries::Column::Last).limit(limit).all(&self.0.pools.reads).await?;
        rows.iter().map(|row| parsed(&row.data, "tries.data")).collect()
    }
}
