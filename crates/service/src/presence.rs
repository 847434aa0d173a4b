//! Who looks at or edits a device now.

use crate::{Caller, Service, failure::Stored, live::Signal};
use domain::presence::{Doing, others};
use domain::{AccountId, DeviceId, Problem};
use uuid::Uuid;

impl Service {
    /// A tab says what it does with the device; answers in words who else is there now, empty for nobody.
    pub async fn look(&self, caller: &Caller, account: AccountId, device: DeviceId, tab: Uuid, doing: Doing) -> Result<String, Problem> {
        self.role(caller, account).await?;
        self.inner.store.read().device(account, device).await.or_fail()?.ok_or(Problem::NotFound)?;
        let (who, changed) = self.inner.presence.lock().say((account, device), tab, caller.id, &caller.name, doing, self.now());
        if changed {
            self.inner.hub.send(Signal::Presence { account, device });
        }
        Ok(others(&who, caller.id))
    }

    /// Forgets tabs that fell silent. Call it every few seconds.
    pub fn forget_onlookers(&self) {
        for (account, device) in self.inner.presence.lock().expire(self.now()) {
            self.inner.hub.send(Signal::Presence { account, device });
        }
    }
}
