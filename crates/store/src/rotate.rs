//! A new key. The file has both keys before the first row is sealed with the new one, and loses the old one after the last: a crash in
//! between leaves a store that opens.

use crate::{
    Store, StoreError, Tx,
    entity::{devices, jobs, operations},
    key_file::{self, KeyFile},
    open::write_check,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use secrecy::ExposeSecret;
use uuid::Uuid;

/// Rows that are sealed anew at a time.
const PAGE: u64 = 500;

impl Store {
    /// Seals every stored secret with a new key and forgets the old ones. Returns how many. Only without another process on the same data.
    pub async fn rotate_key(&self) -> Result<usize, StoreError> {
        let inner = self.inner();
        let path = inner.data.join(key_file::NAME);
        let file = |e: std::io::Error| StoreError::File(format!("{}: {e}", path.display()));
        let tx = self.begin().await?;
        let both = inner.keys.file().with_new_key()?;
        both.save(&path).map_err(file)?;
        inner.keys.replace(both.clone());
        let count = tx.reseal_devices(&both).await? + tx.reseal_jobs(&both).await?;
        write_check(tx.db(), &both).await?;
        let hashes = tx.hash_keys().await?;
        tx.commit().await?;
        let one = both.without_old_keys(&hashes);
        one.save(&path).map_err(file)?;
        inner.keys.replace(one);
        Ok(count)
    }
}

impl Tx {
    async fn reseal_devices(&self, keys: &KeyFile) -> Result<usize, StoreError> {
        let (mut count, mut after) = (0, Uuid::nil());
        loop {
            let page: Vec<(Uuid, Vec<u8>)> = devices::Entity::find()
                .select_only()
                .columns([devices::Column::Id, devices::Column::Password])
                .filter(devices::Column::Password.is_not_null())
                .filter(devices::Column::Id.gt(after))
                .order_by_asc(devices::Column::Id)
                .limit(PAGE)
                .into_tuple()
                .all(self.db())
                .await?;
            let Some((last, _)) = page.last() else { return Ok(count) };
            after = *last;
            count += page.len();
            for (id, blob) in page {
                let sealed = keys.seal(keys.open(&blob, id)?.expose_secret(), id)?;
                let row = devices::ActiveModel { password: Set(Some(sealed)), ..Default::default() };
                devices::Entity::update_many().set(row).filter(devices::Column::Id.eq(id)).exec(self.db()).await?;
            }
        }
    }

    async fn reseal_jobs(&self, keys: &KeyFile) -> Result<usize, StoreError> {
        let sealed = jobs::Entity::find().filter(jobs::Column::PreviousPassword.is_not_null()).all(self.db()).await?;
        let mut count = 0;
        for job in sealed {
            let Some(blob) = &job.previous_password else { continue };
            let blob = keys.seal(keys.open(blob, job.id)?.expose_secret(), job.id)?;
            let row = jobs::ActiveModel { previous_password: Set(Some(blob)), ..Default::default() };
            jobs::Entity::update_many().set(row).filter(jobs::Column::Id.eq(job.id)).exec(self.db()).await?;
            count += 1;
        }
        Ok(count)
    }

    /// The keys that hashed the operations that are still kept.
    async fn hash_keys(&self) -> Result<Vec<u32>, StoreError> {
        let ids: Vec<i64> =
            operations::Entity::find().select_only().column(operations::Column::KeyId).distinct().into_tuple().all(self.db()).await?;
        Ok(ids.into_iter().filter_map(|id| u32::try_from(id).ok()).collect())
    }
}
