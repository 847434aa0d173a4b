//! One registration of a device, ended by an operator.

use crate::{Caller, Service, failure::Stored, setup::refused, write::Write};
use domain::{AccountId, DeviceId, Dropped, EventKind, Field, Problem, Role};

impl Service {
    /// Ends one registration. The phone may register again at once: this forgets a contact, it does not lock anybody out.
    pub async fn unregister(&self, caller: &Caller, account: AccountId, id: DeviceId, contact: String) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "unregister a contact").await?;
        let mut write = Write::begin(self, account, caller).await?;
        let device = write.tx.device(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let name = device.record.text(Field::Name).to_owned();
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name, by: device.changed_by, at });
        }
        let binding = self.inner.phones.bindings(id).into_iter().find(|b| b.contact == contact);
        let binding = binding.ok_or_else(|| refused("This contact is not registered any more."))?;
        let event = write.event(EventKind::ContactRemoved, name).device(id).seat(device.seat).note(binding.source.to_string());
        write.record(event).await?;
        write.commit().await?;
        if let Some(engine) = self.inner.phones.engine() {
            engine.end_binding(&binding.key(), Dropped::Removed);
        }
        Ok(())
    }
}
