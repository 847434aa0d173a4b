//! Who is not heard for having guessed too often: shown to admins, and lifted by them.

use crate::{Caller, Service, write::Write};
use domain::{AccountId, EventKind, Penalty, PenaltyLine, Problem, Role, shown_site};

impl Service {
    /// The longest first.
    pub async fn penalties(&self, caller: &Caller, account: AccountId) -> Result<Vec<PenaltyLine>, Problem> {
        self.needs(caller, account, Role::Admin, "see blocked sources").await?;
        let current = self.inner.phones.engine().map(|engine| engine.penalties(account)).unwrap_or_default();
        Ok(current.into_iter().map(PenaltyLine::from).collect())
    }

    /// `source` as it is shown. What has ended by itself meanwhile is as good as lifted.
    pub async fn lift_penalty(
        &self,
        caller: &Caller,
        account: AccountId,
        source: &str,
        realm: &str,
        username: &str,
    ) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "lift a block").await?;
        let Some(engine) = self.inner.phones.engine() else { return Ok(()) };
        let named = |p: &Penalty| {
            shown_site(p.source) == source && p.realm.eq_ignore_ascii_case(realm) && p.username.eq_ignore_ascii_case(username)
        };
        // Behind the writer before: whoever lifts the same again finds none, and nothing more is told.
        let mut write = Write::begin(self, account, caller).await?;
        let Some(penalty) = engine.penalties(account).into_iter().find(named) else { return Ok(()) };
        let Penalty { source, realm, username, failures, .. } = penalty;
        let event = write.event(EventKind::BlockLifted, format!("{username}@{realm} from {}", shown_site(source)));
        write.record(event.note(format!("{failures} failures"))).await?;
        write.commit().await?;
        engine.lift_penalty(account, source, &realm, &username);
        Ok(())
    }
}
