//! Who may do what: looked up anew for each request, so that a role that was taken away is gone at once.

use crate::{Caller, Service, failure::Stored, write::Write};
use domain::{AccountId, EventKind, Problem, Role};

impl Service {
    /// The caller's role in the account. An account where the caller has none is not there at all.
    pub(crate) async fn role(&self, caller: &Caller, account: AccountId) -> Result<Role, Problem> {
        self.inner.store.read().role(account, caller.id).await.or_fail()?.ok_or(Problem::NotFound)
    }

    /// Like [`Service::role`], and at least `needs`. A refused try is recorded, once a minute for each operator and `what`.
    pub(crate) async fn needs(&self, caller: &Caller, account: AccountId, needs: Role, what: &'static str) -> Result<Role, Problem> {
        let role = self.role(caller, account).await?;
        if role >= needs {
            return Ok(role);
        }
        {
            let (mut gate, key, now) = (self.inner.gate.lock(), (account, caller.id, what), self.now());
            if gate.refusals.wait(&key, now) > 0 {
                return Err(Problem::NotAllowed { needs });
            }
            gate.refusals.take(key, 1, now);
        }
        let mut write = Write::begin(self, account, caller).await?;
        let event = write.event(EventKind::Forbidden, what).note(format!("needs {}, is {}", needs.shown_as(), role.shown_as()));
        write.record(event).await?;
        write.commit().await?;
        Err(Problem::NotAllowed { needs })
    }
}
