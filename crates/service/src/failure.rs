//! What fails inside becomes a problem with a reference; the log keeps the cause under it.

use domain::Problem;
use std::fmt::Display;
use store::StoreError;
use uuid::Uuid;

/// Logs the cause and answers the reference to it.
pub fn failed(cause: impl Display) -> Problem {
    let reference = Uuid::now_v7().simple().to_string().split_off(20);
    tracing::error!(%reference, %cause, "a use case failed");
    Problem::Failed { reference }
}

/// A storage error as a problem: a stale write says so, all else failed.
pub fn stored(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound => Problem::NotFound,
        other => failed(other),
    }
}

/// Short for `map_err(stored)`.
pub trait Stored<T> {
    fn or_fail(self) -> Result<T, Problem>;
}

impl<T> Stored<T> for Result<T, StoreError> {
    fn or_fail(self) -> Result<T, Problem> {
        self.map_err(stored)
    }
}
