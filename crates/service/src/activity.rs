//! Activity: the history as operators read it.

use crate::{Caller, Service, failure::Stored};
use domain::view::{ActivityAsk, ActivityPage, ActivityRow};
use domain::{AccountId, DAY, Event, EventKind, Field, Millis, Problem};
use store::EventQuery;

/// How long what was deleted can be brought back.
pub(crate) const RESTORABLE: Millis = 30 * DAY;
const PAGE: u64 = 50;

impl Service {
    pub async fn activity(&self, caller: &Caller, account: AccountId, ask: ActivityAsk) -> Result<ActivityPage, Problem> {
        let role = self.role(caller, account).await?;
        let read = self.inner.store.read();
        let query = EventQuery { account, device: ask.device, seat: ask.seat, operator: ask.operator, before: ask.before, limit: PAGE };
        let events = read.events(&query).await.or_fail()?;
        let next = if events.len() as u64 == PAGE { events.last().map(|e| e.seq) } else { None };
        let mut rows = Vec::new();
        for event in events {
            let restorable_until = self.restorable_until(account, &event).await?;
            rows.push(ActivityRow { event, restorable_until });
        }
        let mut operators: Vec<_> = read.members(account).await.or_fail()?.into_iter().map(|(o, _)| (o.id, o.name)).collect();
        operators.sort_by_key(|(_, name)| domain::rules::text::folded(name));
        let device_name = match ask.device {
            Some(id) => read.device(account, id).await.or_fail()?.map(|d| d.record.text(Field::Name).to_owned()),
            None => None,
        };
        let seat_name = match ask.seat {
            Some(id) => read.seat(account, id).await.or_fail()?.map(|s| s.record.text(Field::SeatName).to_owned()),
            None => None,
        };
        Ok(ActivityPage { rows, next, operators, device_name, seat_name, role })
    }

    /// Only the deletion that still stands can be taken back.
    async fn restorable_until(&self, account: AccountId, event: &Event) -> Result<Option<Millis>, Problem> {
        let read = self.inner.store.read();
        let deleted = match (event.kind, event.device, event.seat) {
            (EventKind::DeviceDeleted, Some(device), _) => read.device(account, device).await.or_fail()?.and_then(|d| d.deleted),
            (EventKind::SeatDeleted, _, Some(seat)) => read.seat(account, seat).await.or_fail()?.and_then(|s| s.deleted),
            _ => None,
        };
        let until = event.at + RESTORABLE;
        Ok((deleted == Some(event.at) && self.now() < until).then_some(until))
    }
}
