//! The store: opened once, cloned everywhere.

use crate::{
    Reads, StoreError, Tx,
    connect::Pools,
    key::Keys,
    lock::{DatabaseLock, FolderLock, writer_turn},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// How long a writer waits for those before it.
const TURN: Duration = Duration::from_secs(30);

/// Where the data is.
#[derive(Clone)]
pub struct Options {
    /// The folder of the key file, the bindings and (without `database`) the database. Made when it is missing.
    pub data: PathBuf,
    /// None: `SQLite` in `data/seatline.db`. Else `postgres://…`.
    pub database: Option<String>,
}

impl Options {
    /// The `SQLite` file, where it is the database.
    pub(crate) fn file(&self) -> PathBuf {
        self.data.join("seatline.db")
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("data", &self.data).field("database", &self.database.as_ref().map(|_| "…")).finish()
    }
}

/// A cheap handle to the one store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub struct Inner {
    pub pools: Pools,
    pub keys: Keys,
    pub data: PathBuf,
    /// Writers of this process queue here, first come first served, before they ask the database.
    pub turn: Arc<Mutex<()>>,
    pub folder_lock: Mutex<Option<FolderLock>>,
    pub database_lock: Mutex<Option<DatabaseLock>>,
}

impl Store {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Reads outside a transaction.
    pub fn read(&self) -> Reads {
        Reads::new(self.0.pools.reads.clone(), self.0.keys.clone())
    }

    /// The one writer: waits for its turn in this process (up to 30 s) and then (up to 5 s) for other processes.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        // A database that went away without a word keeps a writer for as long as the system's network does.
        let turn = tokio::time::timeout(TURN, self.0.turn.clone().lock_owned()).await;
        let turn = turn.map_err(|_| StoreError::Db("another write does not end".into()))?;
        let tx = begin(&self.0.pools.writes).await?;
        Ok(Tx::writing(tx, turn, self.0.keys.clone()))
    }

    /// Whether the database answers, and the one-server lock is still held where it was taken.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.0.pools.reads.ping().await?;
        match self.0.database_lock.lock().await.as_ref() {
            Some(lock) if !lock.hold().await.map_err(|e| StoreError::Db(e.to_string()))? => {
                Err(StoreError::Db("another server took the database over".into()))
            }
            _ => Ok(()),
        }
    }

    /// Ends every connection and gives the locks back.
    pub async fn close(self) {
        let inner = &self.0;
        let _turn = inner.turn.lock().await;
        for pool in [&inner.pools.reads, &inner.pools.writes] {
            // Nothing can be done about a connection that does not close.
            drop(pool.close_by_ref().await);
        }
        if let Some(lock) = inner.database_lock.lock().await.take() {
            lock.release().await;
        }
        drop(inner.folder_lock.lock().await.take());
    }
}

/// A transaction that holds the writers' lock of the database from its first statement.
pub async fn begin(db: &DatabaseConnection) -> Result<sea_orm::DatabaseTransaction, sea_orm::DbErr> {
    let mode = Some(SqliteTransactionMode::Immediate).filter(|_| db.get_database_backend() == DbBackend::Sqlite);
    let tx = db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() }).await?;
    if mode.is_none() {
        tx.execute_unprepared(&writer_turn()).await?;
    }
    Ok(tx)
}

#[cfg(test)]
mod tests {
    use crate::{Options, Store};
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    /// Of the connection that writes: a setting of `SQLite` is each connection's own.
    #[tokio::test]
    async fn what_is_acknowledged_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { data: folder.path().into(), database: None }, true).await.unwrap();
        let tx = store.begin().await.unwrap();
        let pragma = async |name: &str| {
            let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
            tx.db().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
        };
        assert_eq!(pragma("synchronous").await, 2, "FULL");
        assert_eq!(pragma("foreign_keys").await, 1);
    }
}
