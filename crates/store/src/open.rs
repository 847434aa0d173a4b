//! Opening: folder, locks, migrations, key file, in this order.

use crate::{
    OpenError, Options, Store, StoreError, connect,
    entity::meta,
    key::Keys,
    key_file::{self, KeyFile},
    lock::{DatabaseLock, FolderLock},
    migration::{self, Schema},
    store::{Inner, begin},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sqlx::sqlite::SqliteSynchronous};
use std::{fs, path::Path, sync::Arc};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Names the row that tells whether the key file belongs to this database.
pub const CHECK: &str = "key check";

impl Store {
    /// Opens, makes what is missing (folder 0700, key file 0600) and runs pending migrations. `exclusive`: as the one server.
    pub async fn open(options: &Options, exclusive: bool) -> Result<Self, OpenError> {
        folder(&options.data)?;
        let mut folder_lock = if exclusive { Some(FolderLock::take(&options.data)?) } else { None };
        let mut database_lock = None;
        let pools = match &options.database {
            None => connect::sqlite(&options.file(), SqliteSynchronous::Full).await?,
            Some(url) => {
                let pools = connect::postgres(url).await?;
                database_lock = if exclusive { Some(DatabaseLock::take(url).await?) } else { None };
                pools
            }
        };
        if migration::schema(&pools.writes).await? == Schema::Old {
            let mut for_now = None;
            if !exclusive {
                // Never under the feet of a running server of the older version.
                let older = |e| if matches!(e, OpenError::InUse(_)) { OpenError::Older } else { e };
                folder_lock = Some(FolderLock::take(&options.data).map_err(older)?);
                if let Some(url) = &options.database {
                    for_now = Some(DatabaseLock::take(url).await.map_err(older)?);
                }
            }
            migration::up(&pools.writes).await?;
            if let Some(lock) = for_now {
                lock.release().await;
            }
            folder_lock = folder_lock.filter(|_| exclusive);
        }
        let keys = keys(&pools.writes, &options.data.join(key_file::NAME)).await?;
        Ok(Self::new(Inner {
            pools,
            keys: Keys::new(keys),
            data: options.data.clone(),
            turn: Arc::default(),
            folder_lock: Mutex::new(folder_lock),
            database_lock: Mutex::new(database_lock),
        }))
    }
}

fn folder(data: &Path) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let wrong = |why: String| OpenError::Folder { path: data.into(), why };
    builder.create(data).map_err(|e| wrong(e.to_string()))?;
    fs::read_dir(data).map(drop).map_err(|e| wrong(e.to_string()))
}

/// The key file of this database. The database keeps a sealed word by which it knows its own; before there is one, any key will do.
async fn keys(db: &sea_orm::DatabaseConnection, path: &Path) -> Result<KeyFile, OpenError> {
    let tx = begin(db).await?;
    let check = meta::Entity::find_by_id(CHECK.to_owned()).one(&tx).await?;
    let file = match (KeyFile::load(path)?, &check) {
        (Some(file), Some(check)) => {
            file.open(&check.value, Uuid::nil()).map_err(|_| OpenError::KeyWrong(path.into()))?;
            return Ok(file);
        }
        (None, Some(_)) => return Err(OpenError::KeyMissing(path.into())),
        (Some(file), None) => file,
        (None, None) => {
            let file = KeyFile::generate()?;
            let folder = path.parent().unwrap_or(path);
            file.save(path).map_err(|e| OpenError::Folder { path: folder.into(), why: e.to_string() })?;
            file
        }
    };
    write_check(&tx, &file).await?;
    tx.commit().await?;
    Ok(file)
}

/// Seals the word anew with the file's newest key.
pub async fn write_check<C: ConnectionTrait>(db: &C, file: &KeyFile) -> Result<(), StoreError> {
    meta::Entity::delete_by_id(CHECK.to_owned()).exec(db).await?;
    let row = meta::ActiveModel { name: Set(CHECK.into()), value: Set(file.seal("seatline", Uuid::nil())?) };
    meta::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
