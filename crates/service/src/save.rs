//! SAVE: one transaction that merges a patch, checks the whole record, writes it with its event, and answers the same when it is sent again.

use crate::{Caller, Service, checks::no_faults, failure::Stored, jobs::Wanted, write::Write};
use domain::form::{Consequence, Merged, Refusal, merge};
use domain::vendor::Action;
use domain::view::Saved;
use domain::{AccountId, CarrierId, DeviceId, Dropped, EventKind, Field, OperationId, Patch, Problem, Record, Role, SeatId};
use secrecy::SecretString;
use store::Device;

/// A refused merge as a problem.
fn refusal(refusal: Refusal, current: &Record) -> Problem {
    match refusal {
        Refusal::Conflict(units) => Problem::Conflict { units, record: Box::new(current.clone().hidden()) },
        Refusal::Invalid(faults) => Problem::Invalid { faults },
    }
}

fn saved(merged: &Merged, effective_realm: String) -> Saved {
    Saved { record: merged.record.clone().hidden(), effective_realm, changed: merged.changed.clone(), job: None }
}

/// What the phone proved itself with before the save: for the challenge of a NOTIFY that goes over the old registration, and to tell a phone
/// that comes back with it.
pub(crate) struct Before {
    pub username: String,
    pub realm: String,
    pub password: Option<SecretString>,
}

impl Before {
    pub(crate) fn of(device: &Device) -> Self {
        // One that authenticates by IP may have a password too, which proves nothing.
        let password = match device.record.get(Field::Password) {
            Some(domain::Value::Secret(secret)) if device.record.text(Field::Method) != "ip" => Some(SecretString::from(secret.expose())),
            _ => None,
        };
        Self { username: device.record.text(Field::Username).into(), realm: device.effective_realm.clone(), password }
    }
}

impl Service {
    /// Saves a patch of a device; `then_reboot` (over `contact`, the newest binding when none is given): the reboot's NOTIFY goes first, over the registration as it is, then that ends.
    pub async fn save_device(
        &self,
        caller: &Caller,
        account: AccountId,
        id: DeviceId,
        patch: Patch,
        then_reboot: bool,
        contact: Option<String>,
    ) -> Result<Saved, Problem> {
        self.needs(caller, account, Role::Operator, "save a device").await?;
        let payload = (id, &patch, then_reboot);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(done) = write.replay::<Saved>(patch.operation, &payload).await? {
            return Ok(done);
        }
        let device = write.tx.device_with_secret(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name: device.record.text(Field::Name).into(), by: device.changed_by, at });
        }
        let version = device.version + 1;
        let merged = merge(&device.record, &patch, &write.author(version)).map_err(|r| refusal(r, &device.record))?;
        let (realm, faults) = self.check_device(&write.tx, account, &merged.record, Some(id)).await?;
        no_faults(faults)?;
        let mut result = saved(&merged, realm.clone());
        // Another way to the same realm (inherited, or set) is nothing to the phone.
        let moved = realm != device.effective_realm;
        let ends = merged.changed.iter().any(|f| f.consequence() == Consequence::EndsRegistration && (*f != Field::Realm || moved));
        if !merged.changed.is_empty() {
            let next = Device {
                record: merged.record.clone(),
                version,
                effective_realm: realm,
                changed: write.at(),
                changed_by: caller.name.clone(),
                ..device.clone()
            };
            write.tx.update_device(&next, device.version).await.or_fail()?;
            let name = next.record.text(Field::Name);
            let event = write.event(EventKind::DeviceChanged, name).device(id).seat(device.seat).changes(merged.changes);
            write.record(event).await?;
        }
        let wanted = Wanted { action: Action::Reboot, contact: contact.as_deref(), ends };
        let asked = if then_reboot { Some(self.ask_reboot(&mut write, &device, wanted).await?) } else { None };
        result.job = asked.as_ref().map(|asked| asked.view.clone());
        // A reboot after the save ends the registration itself, once the phone has its NOTIFY.
        let ends_now = ends && !asked.as_ref().is_some_and(|asked| asked.ends_registration);
        let before = if ends_now { self.note_save(&write, &device).await? } else { None };
        write.answer(patch.operation, &payload, &result).await?;
        write.commit().await?;
        if let Some(before) = before {
            self.saved_meanwhile(id, before);
        }
        if !merged.changed.is_empty() {
            self.refresh_device(id, ends_now.then_some(Dropped::Changed)).await;
        }
        if let Some(asked) = asked {
            self.begin_reboot(asked);
        }
        Ok(result)
    }

    /// What a save in this account under this operation id came to; none when there was none. For a browser whose operator signed out before the answer came.
    pub async fn saved_before(&self, caller: &Caller, account: AccountId, operation: OperationId) -> Result<Option<Saved>, Problem> {
        self.role(caller, account).await?;
        let result = self.inner.store.read().operation_result(caller.id, account, operation).await.or_fail()?;
        // Another kind of write has another kind of result.
        Ok(result.and_then(|result| serde_json::from_value(result).ok()))
    }

    pub async fn save_seat(&self, caller: &Caller, account: AccountId, id: SeatId, patch: Patch) -> Result<Saved, Problem> {
        self.needs(caller, account, Role::Operator, "save a seat").await?;
        let payload = (id, &patch);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(done) = write.replay::<Saved>(patch.operation, &payload).await? {
            return Ok(done);
        }
        let mut seat = write.tx.seat(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = seat.deleted {
            return Err(Problem::Deleted { name: seat.record.text(Field::SeatName).into(), by: seat.changed_by, at });
        }
        let merged = merge(&seat.record, &patch, &write.author(seat.version + 1)).map_err(|r| refusal(r, &seat.record))?;
        no_faults(self.check_seat(&write.tx, account, &merged.record, Some(id)).await?)?;
        let result = saved(&merged, String::new());
        if !merged.changed.is_empty() {
            let expected = seat.version;
            seat.record = merged.record;
            seat.version += 1;
            seat.changed = write.at();
            seat.changed_by.clone_from(&caller.name);
            write.tx.update_seat(&seat, expected).await.or_fail()?;
            let event = write.event(EventKind::SeatChanged, seat.record.text(Field::SeatName)).seat(id).changes(merged.changes);
            write.record(event).await?;
        }
        write.answer(patch.operation, &payload, &result).await?;
        write.commit().await?;
        self.refresh_seat(id).await;
        Ok(result)
    }

    pub async fn save_carrier(&self, caller: &Caller, account: AccountId, id: CarrierId, patch: Patch) -> Result<Saved, Problem> {
        self.needs(caller, account, Role::Operator, "save a carrier").await?;
        let payload = (id, &patch);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(done) = write.replay::<Saved>(patch.operation, &payload).await? {
            return Ok(done);
        }
        let mut carrier = write.tx.carrier(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = carrier.deleted {
            return Err(Problem::Deleted { name: carrier.record.text(Field::CarrierName).into(), by: carrier.changed_by, at });
        }
        let merged = merge(&carrier.record, &patch, &write.author(carrier.version + 1)).map_err(|r| refusal(r, &carrier.record))?;
        let result = saved(&merged, String::new());
        if !merged.changed.is_empty() {
            let expected = carrier.version;
            carrier.record = merged.record;
            carrier.version += 1;
            carrier.changed = write.at();
            carrier.changed_by.clone_from(&caller.name);
            write.tx.update_carrier(&carrier, expected).await.or_fail()?;
            let event = write.event(EventKind::CarrierChanged, carrier.record.text(Field::CarrierName)).carrier(id).changes(merged.changes);
            write.record(event).await?;
        }
        write.answer(patch.operation, &payload, &result).await?;
        write.commit().await?;
        self.refresh_carriers(account).await;
        Ok(result)
    }
}
