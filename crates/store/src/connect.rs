//! Connections: a pool that reads and one connection that writes, on either engine.

use crate::{OpenError, key_file::private};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::{
        self, ConnectOptions as _, Connection as _,
        postgres::PgConnectOptions,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use std::{io::ErrorKind, path::Path, time::Duration};

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that read at the same time.
const READERS: u32 = 4;

/// A pool for reading and one for writing.
pub struct Pools {
    pub reads: DatabaseConnection,
    pub writes: DatabaseConnection,
}

/// `synchronous=FULL`: what is acknowledged survives a power cut. NORMAL: only a crash of the process.
pub async fn sqlite(path: &Path, synchronous: SqliteSynchronous) -> Result<Pools, OpenError> {
    // Made by us, readable by its owner alone: SQLite gives its log the same mode.
    match private(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(OpenError::Folder { path: path.into(), why: error.to_string() });
        }
        _ => {}
    }
    let pool = |connections| {
        let path = path.to_owned();
        let mut options = plain("sqlite::memory:".into(), connections);
        // The path goes beside the URL: it may hold any character.
        options.map_sqlx_sqlite_opts(move |o| {
            o.in_memory(false)
                .shared_cache(false)
                .filename(&path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                .pragma("mmap_size", "268435456")
                .optimize_on_close(true, None)
        });
        options
    };
    // The writer first: it makes the file and turns on WAL.
    let writes = open(pool(1)).await?;
    Ok(Pools { reads: open(pool(READERS)).await?, writes })
}

/// One connection to a file that is there, which it leaves as it is.
pub async fn sqlite_as_it_is(path: &Path) -> Result<DatabaseConnection, OpenError> {
    let path = path.to_owned();
    let mut options = plain("sqlite::memory:".into(), 1);
    options.map_sqlx_sqlite_opts(move |o| {
        o.in_memory(false).shared_cache(false).filename(&path).create_if_missing(false).foreign_keys(true).busy_timeout(BUSY)
    });
    open(options).await
}

pub async fn postgres(url: &str) -> Result<Pools, OpenError> {
    reach(check(url)?).await.map_err(|e| scrubbed(e, url))?;
    let reads = open(plain(url.into(), READERS * 2)).await.map_err(|e| scrubbed(e, url))?;
    let writes = open(plain(url.into(), 1)).await.map_err(|e| scrubbed(e, url))?;
    Ok(Pools { reads, writes })
}

/// One connection that stays open for as long as it lasts.
pub async fn postgres_lock(url: &str) -> Result<DatabaseConnection, OpenError> {
    let mut options = plain(url.into(), 1);
    options.min_connections(1);
    open(options).await.map_err(|e| scrubbed(e, url))
}

fn plain(url: String, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // Statements are never logged: a failing one would carry its values into the log.
    options.max_connections(connections).acquire_timeout(BUSY * 2).connect_timeout(BUSY).sqlx_logging(false).record_stmt_in_spans(false);
    // Connections stay: sqlx 0.9.0's task that ends idle and old ones can read a count that is below zero for a moment, and then never yields
    // again (transact-rs/sqlx#3645). Without either of these times there is no such task. A broken connection is still found when it is taken.
    options.idle_timeout(None).max_lifetime(None);
    options
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, OpenError> {
    Database::connect(options).await.map_err(|e| OpenError::Connect(crate::error::words(&e)))
}

fn check(url: &str) -> Result<PgConnectOptions, OpenError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(OpenError::BadUrl("wants postgres://USER:PASSWORD@HOST/NAME (without it, SQLite is used)"));
    }
    // The parser's words may quote the URL, and with it the password.
    url.parse().map_err(|_| OpenError::BadUrl("this postgres:// URL does not read"))
}

/// One connection, opened and closed: a pool would go on trying for seconds, and then say only that it took too long.
async fn reach(options: PgConnectOptions) -> Result<(), OpenError> {
    let words = |error: sqlx::Error| match error {
        // Without the place in the server's code.
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    };
    let reached = tokio::time::timeout(BUSY, options.connect()).await;
    let connection = reached.map_err(|_| OpenError::Connect("it does not answer".into()))?;
    connection.map_err(|e| OpenError::Connect(words(e)))?.close().await.map_err(|e| OpenError::Connect(words(e)))
}

/// No driver is known to repeat the password; should one, it goes.
fn scrubbed(error: OpenError, url: &str) -> OpenError {
    let password = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).and_then(|(user, _)| user.split_once(':'));
    match (error, password) {
        (OpenError::Connect(words), Some((_, password))) if !password.is_empty() => OpenError::Connect(words.replace(password, "…")),
        (error, _) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_pool_has_a_task_that_ends_connections() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seatline.db");
        let Pools { reads, writes } = sqlite(&file, SqliteSynchronous::Full).await.unwrap();
        for pool in [reads, writes, sqlite_as_it_is(&file).await.unwrap()] {
            let pool = pool.get_sqlite_connection_pool().options();
            assert_eq!((pool.get_idle_timeout(), pool.get_max_lifetime()), (None, None));
        }
    }
}
