//! One server per data folder and per database: two would each hold their own registrations in memory.

use crate::{OpenError, connect, error::words};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

/// First number of Seatline's advisory locks; the second says which.
const CLASS: i32 = 0x5ea7;
const SERVER: i32 = 1;
const WRITER: i32 = 2;

/// Held until dropped; the system takes it back from a process that dies.
pub struct FolderLock {
    file: File,
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // By word, not by closing alone: a child that is being started holds a copy of every descriptor until it runs its own program.
        // An error leaves the lock to that close.
        drop(self.file.unlock());
    }
}

impl FolderLock {
    pub fn take(data: &Path) -> Result<Self, OpenError> {
        let path = data.join("seatline.lock");
        let folder = |e: std::io::Error| OpenError::Folder { path: data.into(), why: e.to_string() };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(format!("the data folder {}", data.display()))),
            Err(TryLockError::Error(error)) => Err(folder(error)),
        }
    }
}

/// The same in `PostgreSQL`: an advisory lock of a connection of its own.
pub struct DatabaseLock(DatabaseConnection);

impl DatabaseLock {
    pub async fn take(url: &str) -> Result<Self, OpenError> {
        let lock = Self(connect::postgres_lock(url).await?);
        if lock.hold().await? { Ok(lock) } else { Err(OpenError::InUse("the database".into())) }
    }

    /// Whether the lock is (still) ours. A connection that broke lost it: then it is taken again if nobody else has it.
    pub async fn hold(&self) -> Result<bool, OpenError> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND classid = {CLASS} AND objid = {SERVER}) OR pg_try_advisory_lock({CLASS}, {SERVER}) AS held"
        );
        let failed = |e| OpenError::Connect(words(&e));
        let row = self.0.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.map_err(failed)?;
        row.map_or(Ok(false), |row| row.try_get("", "held").map_err(failed))
    }

    pub async fn release(self) {
        // By word: a session that was told to end may hold it a moment longer. An error means that it has ended already.
        drop(self.0.execute_unprepared(&format!("SELECT pg_advisory_unlock({CLASS}, {SERVER})")).await);
        drop(self.0.close().await);
    }
}

/// What a `PostgreSQL` transaction says first when it means to write: one writer at a time, as `SQLite` has it.
pub fn writer_turn() -> String {
    format!("SET LOCAL lock_timeout = '5s'; SELECT pg_advisory_xact_lock({CLASS}, {WRITER})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_given_back_is_free_though_a_child_that_starts_still_has_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        // As a child of another thread has it until it runs its own program.
        let copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(FolderLock::take(folder.path()).is_ok());
        drop(copy);
    }
}
