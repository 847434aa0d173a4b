//! Devices: everything of one, a new one, the look at its password, and its end.

use crate::{
    Caller, Service,
    account::realm_ref,
    failure::{Stored, failed},
    gate::slow_down,
    write::Write,
};
use domain::routing::Carrier;
use domain::view::{DeviceView, Made, SeatRef};
use domain::{
    AccountId, DeviceId, Dropped, EventKind, Fault, Field, Kind, OperationId, Problem, Role, SeatId, Secret, Value, rules::secret,
};
use store::Device;
use uuid::Uuid;

/// The name of a new device.
#[derive(Debug, Default)]
pub(crate) struct NewDevice {
    name: Option<String>,
}

impl NewDevice {
    /// Empty: the default name.
    pub fn named(typed: &str) -> Result<Self, Fault> {
        if typed.trim().is_empty() {
            return Ok(Self::default());
        }
        let name = Field::Name.normal(&Value::text(typed))?;
        Ok(Self { name: Some(name.as_text().into()) })
    }
}

fn random(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the system's random numbers are there once the server runs");
}

impl Service {
    pub async fn device(&self, caller: &Caller, account: AccountId, id: DeviceId) -> Result<DeviceView, Problem> {
        let role = self.role(caller, account).await?;
        let read = self.inner.store.read();
        let device = read.device(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name: device.record.text(Field::Name).into(), by: device.changed_by, at });
        }
        let seat = read.seat(account, device.seat).await.or_fail()?.ok_or(Problem::NotFound)?;
        let carriers: Vec<Carrier> = read.carriers(account).await.or_fail()?.iter().map(crate::carriers::way_out).collect();
        let mut known_flags: Vec<String> = carriers.iter().flat_map(|c| c.flags.clone()).collect();
        known_flags.sort();
        known_flags.dedup();
        Ok(DeviceView {
            id,
            seat: SeatRef {
                id: seat.id,
                name: seat.record.text(Field::SeatName).into(),
                extension: seat.record.text(Field::Extension).into(),
            },
            record: device.record.hidden(),
            effective_realm: device.effective_realm,
            realms: read.realms(account).await.or_fail()?.iter().map(realm_ref).collect(),
            carriers,
            known_flags,
            server: self.phones_server(),
            network: self.network(id).await,
            last_job: self.last_job(id).await?,
            role,
            now: self.now(),
        })
    }

    /// Inserts a device with generated username and password, and its event.
    pub(crate) async fn insert_device(&self, write: &mut Write<'_>, seat: SeatId, new: NewDevice) -> Result<DeviceId, Problem> {
        let (account, at) = (write.account(), write.at());
        let mut record = Kind::Device.blank();
        if let Some(name) = new.name {
            record.set(Field::Name, Value::Text(name));
        }
        record.set(Field::Password, Value::secret(secret::new_password(&mut random)));
        let mut realm = None;
        // 31^8 names: a second round is rare, a fifth is a fault.
        for _ in 0..5 {
            record.set(Field::Username, Value::text(secret::new_username(&mut random)));
            let (effective, faults) = self.check_device(&write.tx, account, &record, None).await?;
            if faults.is_empty() {
                realm = Some(effective);
                break;
            }
        }
        let effective_realm = realm.ok_or_else(|| failed("no free username was found"))?;
        let device = Device {
            id: DeviceId(Uuid::now_v7()),
            account,
            seat,
            record,
            version: 1,
            effective_realm,
            created: at,
            changed: at,
            changed_by: write.stamp(1).by,
            deleted: None,
            extra: None,
        };
        write.tx.insert_device(&device).await.or_fail()?;
        let event = write.event(EventKind::DeviceCreated, device.record.text(Field::Name)).device(device.id).seat(seat);
        write.record(event).await?;
        Ok(device.id)
    }

    pub async fn add_device(
        &self,
        caller: &Caller,
        account: AccountId,
        seat: SeatId,
        operation: OperationId,
        name: String,
    ) -> Result<Made, Problem> {
        self.needs(caller, account, Role::Operator, "add a device").await?;
        let payload = ("add device", seat, &name);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(made) = write.replay::<Made>(operation, &payload).await? {
            return Ok(made);
        }
        let row = write.tx.seat(account, seat).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = row.deleted {
            return Err(Problem::Deleted { name: row.record.text(Field::SeatName).into(), by: row.changed_by, at });
        }
        let new = NewDevice::named(&name).map_err(|fault| Problem::Invalid { faults: [(Field::Name, fault)].into() })?;
        let device = self.insert_device(&mut write, seat, new).await?;
        let made = Made { seat, device };
        write.answer(operation, &payload, &made).await?;
        write.commit().await?;
        self.refresh_device(device, None).await;
        Ok(made)
    }

    /// The stored SIP password. Each look is an event; too many in a minute are slowed.
    pub async fn look_password(&self, caller: &Caller, account: AccountId, id: DeviceId) -> Result<Secret, Problem> {
        self.needs(caller, account, Role::Operator, "look at a password").await?;
        {
            let mut gate = self.inner.gate.lock();
            let wait = gate.looks.wait(&caller.id, self.now());
            if wait > 0 {
                return Err(slow_down(wait));
            }
            gate.looks.take(caller.id, 1, self.now());
        }
        let mut write = Write::begin(self, account, caller).await?;
        let device = write.tx.device_with_secret(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name: device.record.text(Field::Name).into(), by: device.changed_by, at });
        }
        let Some(Value::Secret(password)) = device.record.get(Field::Password) else { return Err(Problem::NotFound) };
        let event = write.event(EventKind::PasswordLooked, device.record.text(Field::Name)).device(id).seat(device.seat);
        write.record(event).await?;
        write.commit().await?;
        Ok(password.clone())
    }

    pub async fn delete_device(&self, caller: &Caller, account: AccountId, id: DeviceId, operation: OperationId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "delete a device").await?;
        let payload = ("delete device", id);
        let mut write = Write::begin(self, account, caller).await?;
        if write.replay::<()>(operation, &payload).await?.is_some() {
            return Ok(());
        }
        let device = write.tx.device(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let name = device.record.text(Field::Name).to_owned();
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name, by: device.changed_by, at });
        }
        write.tx.delete_device(account, id, write.at(), &caller.name).await.or_fail()?;
        let event = write.event(EventKind::DeviceDeleted, name).device(id).seat(device.seat);
        write.record(event).await?;
        write.answer(operation, &payload, &()).await?;
        write.commit().await?;
        self.refresh_device(id, Some(Dropped::Deleted)).await;
        Ok(())
    }
}
