//! Why opening or a query failed. Neither text holds a secret, a value of a row or the password of a database.

use sea_orm::{DbErr, SqlErr};
use std::path::PathBuf;

/// What a unique index (or the claim on addresses) protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A realm belongs to one account of the whole system.
    Realm,
    /// A username is taken once in its realm, whatever its case.
    Username,
    /// A MAC address is taken once in its account.
    Mac,
    /// An extension is taken once in its account.
    Extension,
    /// No address stands for two devices.
    Ip,
    /// Names of operators are unique in the system.
    OperatorName,
    /// An identifier that is there already.
    Id,
}

/// Why a query failed. After [`StoreError::Taken`] a transaction is of no more use: `PostgreSQL` refuses everything but its end.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row.
    #[error("taken: {0:?}")]
    Taken(Column),
    /// The row has another version by now.
    #[error("somebody else changed the row meanwhile")]
    Stale,
    #[error("there is no such row")]
    NotFound,
    #[error("a PostgreSQL database is backed up with pg_dump")]
    UsePgDump,
    /// The database's own words, without values.
    #[error("database: {0}")]
    Db(String),
    /// A sealed value does not open: another key, or not its own row.
    #[error("secret: {0}")]
    Crypto(&'static str),
    /// A stored JSON text or word does not read. Only its place is told.
    #[error("stored text does not read: {0}")]
    Json(String),
    /// Writing the key file or the backup failed.
    #[error("file: {0}")]
    File(String),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => Self::Taken(column(&message)),
            _ => Self::Db(words(&error)),
        }
    }
}

/// The message alone: what drivers add in their `Debug` (the row that is in the way) stays out.
pub fn words(error: &DbErr) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.find('\n') {
        text.truncate(end);
    }
    text
}

/// `SQLite` names the columns, `PostgreSQL` the index.
fn column(message: &str) -> Column {
    let about = |index: &str, column: &str| message.contains(index) || message.contains(column);
    if about("devices_username", "devices.username_folded") {
        Column::Username
    } else if about("devices_mac", "devices.mac") {
        Column::Mac
    } else if about("seats_extension", "seats.extension") {
        Column::Extension
    } else if about("realms_name", "realms.name") {
        Column::Realm
    } else if about("operators_name", "operators.name_folded") {
        Column::OperatorName
    } else {
        Column::Id
    }
}

/// A stored text that does not read, named by its place.
pub fn unreadable(place: &str) -> StoreError {
    StoreError::Json(place.into())
}

/// Why the store did not open, as one line for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data folder {path} can't be used: {why}")]
    Folder { path: PathBuf, why: String },
    #[error("--database: {0}")]
    BadUrl(&'static str),
    #[error("another Seatline server is using {0}")]
    InUse(String),
    #[error("the database was made by a newer Seatline than this one: use that one, or restore a backup")]
    Newer,
    #[error("the database is older than this Seatline: stop the running server, then try again")]
    Older,
    #[error("the key file {0} is missing, and the database holds passwords sealed with it: put it back from where it is kept")]
    KeyMissing(PathBuf),
    #[error("the key file {path} does not read: {why}")]
    KeyUnreadable { path: PathBuf, why: String },
    #[error("the key file {0} belongs to another database")]
    KeyWrong(PathBuf),
    #[error("the database can't be reached: {0}")]
    Connect(String),
    #[error("the database refused: {0}")]
    Database(String),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Database(match error {
            StoreError::Db(words) => words,
            other => other.to_string(),
        })
    }
}

impl From<DbErr> for OpenError {
    fn from(error: DbErr) -> Self {
        Self::Database(words(&error))
    }
}
