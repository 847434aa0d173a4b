//! A copy of the database, beside a running server too, and of whichever version: what is copied is never migrated.

use crate::{OpenError, Options, StoreError, connect, key_file};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{fs, path::Path};

impl Options {
    /// A copy of the `SQLite` database in a new file (0600), without the key file and the bindings. Saves go on meanwhile.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if self.database.is_some() {
            return Err(StoreError::UsePgDump);
        }
        let file = |e: std::io::Error| StoreError::File(format!("{}: {e}", to.display()));
        let name = to.to_str().ok_or_else(|| StoreError::File("the name is no Unicode".into()))?;
        let db = connect::sqlite_as_it_is(&self.file()).await.map_err(|error| match error {
            OpenError::Connect(words) => StoreError::Db(words),
            other => StoreError::File(other.to_string()),
        })?;
        // SQLite fills an empty file that is there, so it is made by us, readable by its owner alone.
        drop(key_file::private(to).map_err(file)?);
        let done = db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()])).await;
        // What was copied is copied, whether or not this closes.
        drop(db.close().await);
        if let Err(error) = done {
            drop(fs::remove_file(to));
            return Err(error.into());
        }
        fs::File::open(to).and_then(|f| f.sync_all()).map_err(file)
    }
}
