//! The shape of a repository: what it reads through, and the keys for sealed values.

use crate::{StoreError, key::Keys};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};
use tokio::sync::OwnedMutexGuard;

mod sealed {
    pub trait Sealed {}
    impl Sealed for sea_orm::DatabaseConnection {}
    impl Sealed for super::Writing {}
}

/// What a repository reads through: the pool, or the one writing transaction.
pub trait Handle: sealed::Sealed + Send + Sync {
    type Db: ConnectionTrait;
    fn db(&self) -> &Self::Db;
}

/// The writing transaction and the place in the queue of writers that it holds.
pub struct Writing {
    // Dropped in this order: the rollback is on its way before the next writer gets the connection.
    tx: DatabaseTransaction,
    turn: Turn,
}

/// A place in the queue of writers: until it is dropped no other write begins in this process.
pub struct Turn {
    _guard: OwnedMutexGuard<()>,
}

impl Handle for DatabaseConnection {
    type Db = Self;
    fn db(&self) -> &Self {
        self
    }
}

impl Handle for Writing {
    type Db = DatabaseTransaction;
    fn db(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

/// Everything stored, read through a pool or a transaction.
pub struct Repo<H> {
    handle: H,
    keys: Keys,
}

/// Reads outside a transaction: each sees the newest commit.
pub type Reads = Repo<DatabaseConnection>;

/// The one writing transaction. Dropped without [`Tx::commit`] it never was.
pub type Tx = Repo<Writing>;

impl<H: Handle> Repo<H> {
    pub(crate) const fn new(handle: H, keys: Keys) -> Self {
        Self { handle, keys }
    }

    pub(crate) fn db(&self) -> &H::Db {
        self.handle.db()
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The keyed hash (HMAC-SHA256) of `payload` with the newest key, and that key's id: for what is handed out and comes back.
    pub fn keyed_hash(&self, payload: &[u8]) -> Result<(u32, Vec<u8>), StoreError> {
        self.keys.hash(payload)
    }

    /// Whether [`Repo::keyed_hash`] gave this hash for `payload`; false too when its key is no more.
    pub fn is_keyed_hash(&self, key: u32, payload: &[u8], hash: &[u8]) -> bool {
        self.keys.is_hash(key, payload, hash).unwrap_or(false)
    }
}

impl Tx {
    pub(crate) const fn writing(tx: DatabaseTransaction, turn: OwnedMutexGuard<()>, keys: Keys) -> Self {
        Self::new(Writing { tx, turn: Turn { _guard: turn } }, keys)
    }

    /// Makes everything that was written last, and visible, at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_in_turn().await.map(drop)
    }

    /// The same, and the next writer waits until what this one wrote is told, too.
    pub async fn commit_in_turn(self) -> Result<Turn, StoreError> {
        let Writing { tx, turn } = self.handle;
        tx.commit().await?;
        Ok(turn)
    }
}
