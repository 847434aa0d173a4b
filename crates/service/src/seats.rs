//! Seats: the list, one seat, a new one, and its end.

use crate::{
    Caller, Service,
    checks::no_faults,
    devices::NewDevice,
    failure::{Stored, failed},
    phones::Phones,
    write::Write,
};
use domain::few::Map;
use domain::view::{BindingView, DeviceRef, DeviceRow, Made, SeatPhone, SeatRow, SeatSort, SeatView, SeatsAsk, SeatsPage};
use domain::{AccountId, DeviceId, Dropped, EventKind, Field, Kind, OperationId, Problem, Role, SeatId, Value};
use store::{Cursor, DeviceLine, Place, Seat, SeatLine, SeatQuery};
use uuid::Uuid;

/// Seats of one page.
const PAGE: u64 = 50;
/// Up to so many seats are named to the database; beyond, its order is sifted.
const NAMED: usize = 10_000;
/// How much of the order is read first when it is sifted; each step reads so many times more than the one before.
pub(crate) const STEP: u64 = 1_000;
const GROWS: u64 = 8;

fn row(line: SeatLine, phones: &Phones) -> SeatRow {
    // The roster is let go of before the engine is asked: the engine's news take it the other way round.
    let live: Vec<&DeviceLine> = {
        let roster = phones.roster.read();
        line.devices.iter().filter(|d| d.enabled && roster.is_registered(d.id)).collect()
    };
    // A device that never registers is not missing.
    let waits = line.devices.iter().filter(|d| d.enabled && !d.method_ip && !live.iter().any(|l| l.id == d.id)).count();
    let of = |d: &&DeviceLine| {
        let device = d.name.clone();
        phones.bindings(d.id).into_iter().map(move |b| SeatPhone { device: device.clone(), binding: BindingView::from(&b) })
    };
    let (registered, enabled) = (live.len() as u32, (live.len() + waits) as u32);
    let phones = live.iter().flat_map(of).collect();
    SeatRow {
        id: line.seat.id,
        name: line.seat.record.text(Field::SeatName).into(),
        extension: line.seat.record.text(Field::Extension).into(),
        devices: line.devices.into_iter().map(|d| DeviceRef { id: d.id, name: d.name }).collect(),
        registered,
        enabled,
        phones,
        changed: line.seat.changed,
        changed_by: line.seat.changed_by,
    }
}

fn query(account: AccountId, ask: &SeatsAsk, after: Option<Cursor>, limit: u64) -> SeatQuery<'_> {
    let sort = match ask.sort {
        SeatSort::Name => store::SeatSort::Name,
        SeatSort::Extension => store::SeatSort::Extension,
        SeatSort::Changed => store::SeatSort::Changed,
    };
    SeatQuery { account, text: ask.text.trim(), sort, descending: ask.descending, after, limit, only: None }
}

impl Service {
    pub async fn seats(&self, caller: &Caller, account: AccountId, ask: SeatsAsk) -> Result<SeatsPage, Problem> {
        self.role(caller, account).await?;
        let after = ask.after.as_deref().map(serde_json::from_str::<Cursor>).transpose().map_err(|_| Problem::NotFound)?;
        let named = ask.not_registered.then(|| self.inner.phones.roster.read().missing_seats(account, NAMED));
        let (lines, next) = match named {
            None => self.seat_page(account, &ask, after, None).await?,
            Some(Ok(seats)) => self.seat_page(account, &ask, after, Some(&seats)).await?,
            Some(Err(_)) => self.sift(account, &ask, after, STEP).await?,
        };
        let next = next.map(|cursor| serde_json::to_string(&cursor)).transpose().map_err(failed)?;
        let rows = lines.into_iter().map(|line| row(line, &self.inner.phones)).collect();
        let roster = self.inner.phones.roster.read();
        let (seats, devices) = roster.counted(account);
        Ok(SeatsPage { rows, next, seats, devices, registered: roster.registered_in(account) })
    }

    async fn seat_page(
        &self,
        account: AccountId,
        ask: &SeatsAsk,
        after: Option<Cursor>,
        only: Option<&[SeatId]>,
    ) -> Result<(Vec<SeatLine>, Option<Cursor>), Problem> {
        let query = SeatQuery { only, ..query(account, ask, after, PAGE) };
        let page = self.inner.store.read().seats(&query).await.or_fail()?;
        Ok((page.seats, page.next))
    }

    /// Many seats are missing: the list's order is read, in steps that grow, until the roster has found a page in it. A step is one
    /// query, whatever it finds: where the missing ones are all at the end there are few of them still.
    pub(crate) async fn sift(
        &self,
        account: AccountId,
        ask: &SeatsAsk,
        mut after: Option<Cursor>,
        mut step: u64,
    ) -> Result<(Vec<SeatLine>, Option<Cursor>), Problem> {
        let (read, page) = (self.inner.store.read(), PAGE as usize);
        let mut found: Vec<Place> = Vec::new();
        loop {
            let places = read.seat_order(&query(account, ask, after, step)).await.or_fail()?;
            let is_last = (places.len() as u64) < step;
            after = places.last().map(|place| place.cursor.clone());
            {
                let roster = self.inner.phones.roster.read();
                found.extend(places.into_iter().filter(|place| roster.is_seat_missing(account, place.seat)));
            }
            if is_last || found.len() > page {
                break;
            }
            step *= GROWS;
        }
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|place| place.cursor.clone());
        let ids: Vec<SeatId> = found.iter().map(|place| place.seat).collect();
        Ok((read.seat_lines(&ids).await.or_fail()?, next))
    }

    pub async fn seat(&self, caller: &Caller, account: AccountId, id: SeatId) -> Result<SeatView, Problem> {
        let role = self.role(caller, account).await?;
        let read = self.inner.store.read();
        let seat = read.seat(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        if let Some(at) = seat.deleted {
            return Err(Problem::Deleted { name: seat.record.text(Field::SeatName).into(), by: seat.changed_by, at });
        }
        let mut devices = Vec::new();
        for device in read.devices_of(id).await.or_fail()? {
            let text = |field| device.record.text(field).to_owned();
            devices.push(DeviceRow {
                id: device.id,
                name: text(Field::Name),
                enabled: device.record.value(Field::Enabled).is_on(),
                method_ip: device.record.text(Field::Method) == "ip",
                username: text(Field::Username),
                mac: text(Field::Mac),
                network: self.network(device.id).await,
            });
        }
        Ok(SeatView { id, record: seat.record, devices, role })
    }

    /// Seat and first device in one transaction, with realm, username and password filled in.
    pub async fn new_seat(
        &self,
        caller: &Caller,
        account: AccountId,
        operation: OperationId,
        name: String,
        extension: String,
        device: String,
    ) -> Result<Made, Problem> {
        self.needs(caller, account, Role::Operator, "make a seat").await?;
        let payload = ("new seat", account, &name, &extension, &device);
        let mut write = Write::begin(self, account, caller).await?;
        if let Some(made) = write.replay::<Made>(operation, &payload).await? {
            return Ok(made);
        }
        let typed = [(Field::SeatName, &name), (Field::Extension, &extension)];
        let mut faults = Map::new();
        let mut record = Kind::Seat.blank();
        for (field, text) in typed {
            match field.normal(&Value::text(text)) {
                Ok(value) => record.set(field, value),
                Err(fault) => drop(faults.insert(field, fault)),
            }
        }
        let device = NewDevice::named(&device).map_err(|fault| drop(faults.insert(Field::Name, fault))).ok();
        no_faults(faults)?;
        no_faults(self.check_seat(&write.tx, account, &record, None).await?)?;
        let at = write.at();
        let seat = Seat {
            id: SeatId(Uuid::now_v7()),
            account,
            record,
            version: 1,
            created: at,
            changed: at,
            changed_by: caller.name.clone(),
            deleted: None,
        };
        write.tx.insert_seat(&seat).await.or_fail()?;
        let event = write.event(EventKind::SeatCreated, seat.record.text(Field::SeatName)).seat(seat.id);
        write.record(event).await?;
        let device = self.insert_device(&mut write, seat.id, device.unwrap_or_default()).await?;
        let made = Made { seat: seat.id, device };
        write.answer(operation, &payload, &made).await?;
        write.commit().await?;
        self.refresh_seat(made.seat).await;
        self.refresh_device(device, None).await;
        Ok(made)
    }

    pub async fn delete_seat(&self, caller: &Caller, account: AccountId, id: SeatId, operation: OperationId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Operator, "delete a seat").await?;
        let payload = ("delete seat", id);
        let mut write = Write::begin(self, account, caller).await?;
        if write.replay::<()>(operation, &payload).await?.is_some() {
            return Ok(());
        }
        let seat = write.tx.seat(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let name = seat.record.text(Field::SeatName).to_owned();
        if let Some(at) = seat.deleted {
            return Err(Problem::Deleted { name, by: seat.changed_by, at });
        }
        let devices: Vec<(DeviceId, String)> =
            write.tx.devices_of(id).await.or_fail()?.iter().map(|d| (d.id, d.record.text(Field::Name).to_owned())).collect();
        write.tx.delete_seat(account, id, write.at(), &caller.name).await.or_fail()?;
        let names: Vec<&str> = devices.iter().map(|(_, name)| name.as_str()).collect();
        let note = if names.is_empty() { String::new() } else { format!("with {}", names.join(", ")) };
        let event = write.event(EventKind::SeatDeleted, name).seat(id).note(note);
        write.record(event).await?;
        write.answer(operation, &payload, &()).await?;
        write.commit().await?;
        self.refresh_seat(id).await;
        for (device, _) in devices {
            self.refresh_device(device, Some(Dropped::Deleted)).await;
        }
        Ok(())
    }
}
