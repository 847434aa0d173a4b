//! Tries that belong to no device, by source; and what repeats itself, counted in the row of its first time.

use super::PhoneLog;
use crate::{
    StoreError,
    device_row::{json, parsed},
    entity::{phone_events, tries},
    store::begin,
};
use domain::{AccountId, OTHER_SOURCES, Tried};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict};
use std::collections::HashMap;

impl PhoneLog {
    /// Adds tries to what is known of their sources, and writes what became of events that go on: their numbers, their new details. An
    /// account has `most` lines; what comes from further sources is added up in [`OTHER_SOURCES`].
    pub async fn note(&self, tried: &[(AccountId, Tried)], going_on: &[(i64, serde_json::Value)], most: u64) -> Result<(), StoreError> {
        use tries::Column::{Data, Last};
        let _turn = self.0.turn.lock().await;
        let tx = begin(&self.0.pools.writes).await?;
        let mut lines = HashMap::new();
        for (account, tried) in tried {
            let mut source = tried.source.to_string();
            let mut known = tries::Entity::find_by_id((account.0, source.clone())).one(&tx).await?;
            if known.is_none() {
                if !lines.contains_key(account) {
                    lines.insert(*account, tries::Entity::find().filter(tries::Column::AccountId.eq(account.0)).count(&tx).await?);
                }
                let lines = lines.entry(*account).or_default();
                if *lines < most {
                    *lines += 1;
                } else {
                    source = OTHER_SOURCES.to_string();
                    known = tries::Entity::find_by_id((account.0, source.clone())).one(&tx).await?;
                }
            }
            let mut sum = Tried { source: source.parse().unwrap_or(tried.source), ..tried.clone() };
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
