//! Bringing back what was deleted in the last 30 days. What was taken meanwhile must become something else first.

use crate::{Caller, Service, activity::RESTORABLE, failure::Stored, setup::refused, siblings::Siblings, write::Write};
use domain::form::{Change, change};
use domain::{AccountId, DeviceId, EventKind, Fault, Field, Hindrance, Kind, OperationId, Problem, Record, Role, SeatId, Value};
use store::Device;

type Instead = (Option<DeviceId>, Field, Value);

/// The values to restore with: each in normal form, or the hindrance that it is.
fn put_instead(
    record: &mut Record,
    kind: Kind,
    of: Option<DeviceId>,
    instead: &[Instead],
    name: &str,
    by: &mut Vec<Hindrance>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (_, field, value) in instead.iter().filter(|(device, field, _)| *device == of && Field::of(kind).contains(field)) {
        match field.normal(value) {
            Ok(Value::Hidden) => {}
            Ok(value) => {
                changes.push(change(*field, &record.value(*field), &value));
                record.set(*field, value);
            }
            Err(fault) => by.push(Hindrance { device: of, name: name.into(), field: *field, fault }),
        }
    }
    changes
}

/// What the record as it stands has against it; a value that was typed for it and is wrong says more.
fn hinder(by: &mut Vec<Hindrance>, of: Option<DeviceId>, name: &str, faults: impl IntoIterator<Item = (Field, Fault)>) {
    for (field, fault) in faults {
        if !by.iter().any(|known| known.device == of && known.field == field) {
            by.push(Hindrance { device: of, name: name.to_owned(), field, fault });
        }
    }
}

impl Service {
    /// Sets other values on a deleted device and says what still stands in its way, there and among those that return with it.
    async fn make_ready(
        &self,
        write: &Write<'_>,
        device: Device,
        instead: &[Instead],
        siblings: &mut Siblings,
        by: &mut Vec<Hindrance>,
    ) -> Result<Vec<Change>, Problem> {
        let name = device.record.text(Field::Name).to_owned();
        let mut next = device.clone();
        let of = Some(device.id);
        let changes = put_instead(&mut next.record, Kind::Device, of, instead, &name, by);
        let (realm, mut faults) = match self.check_device(&write.tx, device.account, &next.record, of).await {
            Ok(checked) => checked,
            Err(Problem::Invalid { faults }) => (device.effective_realm.clone(), faults),
            Err(other) => return Err(other),
        };
        for (field, fault) in siblings.admit(&realm, &next.record) {
            faults.or_insert_with(field, || fault);
        }
        hinder(by, of, &name, faults);
        if by.is_empty() && (!changes.is_empty() || realm != device.effective_realm) {
            next.version += 1;
            next.effective_realm = realm;
            for field in changes.iter().map(|c| c.field) {
                next.record.set_stamp(field.unit(), write.stamp(next.version));
            }
            write.tx.update_device(&next, device.version).await.or_fail()?;
        }
        Ok(changes)
    }

    pub async fn restore_device(
        &self,
        caller: &Caller,
        account: AccountId,
        id: DeviceId,
        operation: OperationId,
        instead: Vec<(Field, Value)>,
    ) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "restore a device").await?;
        let instead: Vec<Instead> = instead.into_iter().map(|(field, value)| (Some(id), field, value)).collect();
        let payload = ("restore device", id, &instead);
        let mut write = Write::begin(self, account, caller).await?;
        if write.replay::<()>(operation, &payload).await?.is_some() {
            return Ok(());
        }
        let device = write.tx.device_with_secret(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        self.may_restore(device.deleted)?;
        let seat = write.tx.seat(account, device.seat).await.or_fail()?.ok_or(Problem::NotFound)?;
        if seat.deleted.is_some() {
            return Err(refused(format!("Its seat {} is deleted too. Restore the seat first.", seat.record.text(Field::SeatName))));
        }
        let (name, seat) = (device.record.text(Field::Name).to_owned(), device.seat);
        let mut by = Vec::new();
        let changes = self.make_ready(&write, device, &instead, &mut Siblings::default(), &mut by).await?;
        if !by.is_empty() {
            return Err(Problem::Hindered { by });
        }
        write.tx.restore_device(account, id).await.or_fail()?;
        let event = write.event(EventKind::DeviceRestored, name).device(id).seat(seat).changes(changes);
        write.record(event).await?;
        write.answer(operation, &payload, &()).await?;
        write.commit().await?;
        self.refresh_device(id, None).await;
        Ok(())
    }

    pub async fn restore_seat(
        &self,
        caller: &Caller,
        account: AccountId,
        id: SeatId,
        operation: OperationId,
        instead: Vec<Instead>,
    ) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "restore a seat").await?;
        let payload = ("restore seat", id, &instead);
        let mut write = Write::begin(self, account, caller).await?;
        if write.replay::<()>(operation, &payload).await?.is_some() {
            return Ok(());
        }
        let mut seat = write.tx.seat(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        self.may_restore(seat.deleted)?;
        let name = seat.record.text(Field::SeatName).to_owned();
        let mut by = Vec::new();
        let changes = put_instead(&mut seat.record, Kind::Seat, None, &instead, &name, &mut by);
        let faults = self.check_seat(&write.tx, account, &seat.record, Some(id)).await?;
        hinder(&mut by, None, &name, faults);
        let went = write.tx.devices_gone_with(id).await.or_fail()?;
        let devices: Vec<DeviceId> = went.iter().map(|d| d.id).collect();
        let mut all_changes = changes.clone();
        let mut siblings = Siblings::default();
        for device in went {
            all_changes.extend(self.make_ready(&write, device, &instead, &mut siblings, &mut by).await?);
        }
        if !by.is_empty() {
            return Err(Problem::Hindered { by });
        }
        if !changes.is_empty() {
            let expected = seat.version;
            seat.version += 1;
            for field in changes.iter().map(|c| c.field) {
                seat.record.set_stamp(field.unit(), write.stamp(seat.version));
            }
            write.tx.update_seat(&seat, expected).await.or_fail()?;
        }
        write.tx.restore_seat(account, id).await.or_fail()?;
        let event = write.event(EventKind::SeatRestored, name).seat(id).changes(all_changes);
        write.record(event).await?;
        write.answer(operation, &payload, &()).await?;
        write.commit().await?;
        self.refresh_seat(id).await;
        for device in devices {
            self.refresh_device(device, None).await;
        }
        Ok(())
    }

    fn may_restore(&self, deleted: Option<i64>) -> Result<(), Problem> {
        match deleted {
            None => Err(refused("It is not deleted.")),
            Some(at) if self.now() - at >= RESTORABLE => Err(refused("It was deleted more than 30 days ago.")),
            Some(_) => Ok(()),
        }
    }
}
