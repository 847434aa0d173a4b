//! Who is not heard for having guessed too often: shown to admins, and lifted by them.

use crate::{Caller, Service};
use domain::{AccountId, PenaltyLine, Problem, Role};

impl Service {
    /// The longest first.
    pub async fn penalties(&self, caller: &Caller, account: AccountId) -> Result<Vec<PenaltyLine>, Problem> {
        self.needs(caller, account, Role::Admin, "see blocked sources").await?;
        let current = self.inner.phones.engine().map(|engine| engine.penalties(account)).unwrap_or_default();
        Ok(current.into_iter().map(PenaltyLine::from).collect())
    }

    /// What has ended by itself meanwhile is as good as lifted.
    pub async fn lift_penalty(
        &self,
        caller: &Caller,
        account: AccountId,
        source: &str,
        realm: &str,
        username: &str,
    ) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "lift a block").await?;
        let source = source.parse().map_err(|_| Problem::NotFound)?;
        if let Some(engine) = self.inner.phones.engine() {
            engine.lift_penalty(account, source, realm, username);
        }
        Ok(())
    }
}
