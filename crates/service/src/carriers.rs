//! Carriers: the ways out.

use crate::{Caller, Service, failure::Stored, write::Write};
use domain::few::Map;
use domain::view::{CarrierView, CarriersView};
use domain::{AccountId, CarrierId, EventKind, Field, Kind, OperationId, Problem, Role, Stamp, Value, routing};
use store::Carrier;
use uuid::Uuid;

/// A row as routing sees it.
pub(crate) fn way_out(row: &Carrier) -> routing::Carrier {
    let on = |field| row.record.value(field).is_on();
    routing::Carrier {
        id: Some(row.id),
        name: row.record.text(Field::CarrierName).into(),
        uri: row.record.text(Field::CarrierUri).into(),
        flags: row.record.value(Field::CarrierFlags).as_list().to_vec(),
        require_flags: on(Field::RequireFlags),
        ignore_flags: on(Field::IgnoreFlags),
        weight: row.record.text(Field::Weight).parse().unwrap_or(50),
        enabled: on(Field::CarrierEnabled),
    }
}

impl Service {
    pub async fn carriers(&self, caller: &Caller, account: AccountId) -> Result<CarriersView, Problem> {
        let role = self.role(caller, account).await?;
        let rows = self.inner.store.read().carriers(account).await.or_fail()?;
        let mut known_flags: Vec<String> = rows.iter().flat_map(|row| way_out(row).flags).collect();
        known_flags.sort();
        known_flags.dedup();
        let carriers = rows.into_iter().map(|row| CarrierView { id: row.id, record: row.record }).collect();
        Ok(CarriersView { carriers, known_flags, role })
    }

    pub async fn new_carrier(
        &self,
        caller: &Caller,
        account: AccountId,
        operation: OperationId,
        values: Map<Field, Value>,
    ) -> Result<CarrierId, Problem> {
        self.needs(caller, account, Role::Operator, "make a carrier").await?;
        let payload = ("new carrier", account, &values);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(id) = write.replay::<CarrierId>(operation, &payload).await? {
            return Ok(id);
        }
        let mut record = Kind::Carrier.blank();
        for (field, value) in &values {
            if Field::of(Kind::Carrier).contains(field) {
                record.set(*field, value.clone());
            }
        }
        let mut faults = Map::new();
        for field in Field::of(Kind::Carrier) {
            match field.normal(&record.value(*field)) {
                Ok(value) => record.set(*field, value),
                Err(fault) => drop(faults.insert(*field, fault)),
            }
            record.set_stamp(field.unit(), Stamp { ..write.stamp(1) });
        }
        crate::checks::no_faults(faults)?;
        let at = write.at();
        let id = CarrierId(Uuid::now_v7());
        let row = Carrier { id, account, record, version: 1, created: at, changed: at, changed_by: caller.name.clone(), deleted: None };
        write.tx.insert_carrier(&row).await.or_fail()?;
        let event = write.event(EventKind::CarrierCreated, row.record.text(Field::CarrierName)).carrier(id);
        write.record(event).await?;
        write.answer(operation, &payload, &id).await?;
        write.commit().await?;
        self.refresh_carriers(account).await;
        Ok(id)
    }

    pub async fn delete_carrier(&self, caller: &Caller, account: AccountId, id: CarrierId, operation: OperationId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "delete a carrier").await?;
        let payload = ("delete carrier", id);
        let mut write = Write::begin(self, account, caller).await?;
        if write.replay::<()>(operation, &payload).await?.is_some() {
            return Ok(());
        }
        let row = write.tx.carrier(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let name = row.record.text(Field::CarrierName).to_owned();
        if let Some(at) = row.deleted {
            return Err(Problem::Deleted { name, by: row.changed_by, at });
        }
        write.tx.delete_carrier(account, id, write.at(), &caller.name).await.or_fail()?;
        let event = write.event(EventKind::CarrierDeleted, name).carrier(id);
        write.record(event).await?;
        write.answer(operation, &payload, &()).await?;
        write.commit().await?;
        self.refresh_carriers(account).await;
        Ok(())
    }
}
