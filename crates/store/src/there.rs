//! Whether there is anything to open. Looking makes nothing: a command that was pointed at the wrong folder must not leave a database in it.

use crate::{OpenError, Options, connect, migration};

impl Options {
    /// Whether a database of Seatline is there, of whichever version.
    pub async fn is_there(&self) -> Result<bool, OpenError> {
        let Some(url) = &self.database else { return Ok(self.file().exists()) };
        let pools = connect::postgres(url).await?;
        let any = migration::any(&pools.reads).await;
        for pool in [pools.reads, pools.writes] {
            // Nothing can be done about a connection that does not close.
            drop(pool.close().await);
        }
        any
    }
}
