//! The history of a device: what its phones did, what operators did with it and its reboots, on one axis of time. And what strangers tried.

use crate::{Caller, Service, failure::Stored, jobs};
use domain::view::{Flow, HistoryCursor, HistoryPage, Moment, Point, Refused, SeatRef, TriesPage};
use domain::{AccountId, DeviceId, EventKind, Field, JobId, Millis, Problem};
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use store::{EventQuery, PhoneEvent};

/// How many points a page has.
const PAGE: usize = 60;
/// How many sources of tries are shown.
const SOURCES: u64 = 200;

/// Where an entry came from, with its place there.
enum Place {
    Phone(i64),
    Event(i64),
    Job(Millis, JobId),
}

struct Entry {
    at: Millis,
    place: Place,
    /// None: passed over.
    moment: Option<Moment>,
}

/// What a phone did, as it was kept; none for a row of an older or newer kind.
fn phone_moment(event: PhoneEvent) -> Option<Moment> {
    fn read<T: DeserializeOwned>(detail: serde_json::Value) -> Option<T> {
        serde_json::from_value(detail).ok()
    }
    #[derive(serde::Deserialize)]
    struct Dropped {
        source: std::net::SocketAddr,
        why: domain::Dropped,
    }
    let PhoneEvent { at, kind, mut detail, .. } = event;
    match kind.as_str() {
        "registered" => read::<Flow>(detail).map(Moment::Registered),
        "reconnected" => read::<Flow>(detail).map(Moment::Reconnected),
        "unreachable" => read::<Flow>(detail).map(Moment::Unreachable),
        "dropped" => read::<Dropped>(detail).map(|d| Moment::Dropped { source: d.source, why: d.why }),
        "flapping" => read::<domain::Flapping>(detail).map(|f| Moment::Flapping { since: f.since }),
        "refused" => {
            // Rows from before repetitions were counted.
            let fields = detail.as_object_mut()?;
            fields.entry("count").or_insert(1.into());
            fields.entry("last").or_insert(at.into());
            read::<Refused>(detail).map(Moment::Refused)
        }
        _ => None,
    }
}

impl Service {
    /// A page of the device's history, the newest first, behind `before`.
    pub async fn device_history(
        &self,
        caller: &Caller,
        account: AccountId,
        id: DeviceId,
        before: Option<HistoryCursor>,
    ) -> Result<HistoryPage, Problem> {
        self.role(caller, account).await?;
        let read = self.inner.store.read();
        let device = read.device(account, id).await.or_fail()?.ok_or(Problem::NotFound)?;
        let name = device.record.text(Field::Name).to_owned();
        if let Some(at) = device.deleted {
            return Err(Problem::Deleted { name, by: device.changed_by, at });
        }
        let seat = read.seat(account, device.seat).await.or_fail()?.ok_or(Problem::NotFound)?;
        let before = before.unwrap_or_default();
        let (points, next) = page(self.sources(account, id, before).await?, before);
        Ok(HistoryPage {
            device: name,
            seat: SeatRef {
                id: seat.id,
                name: seat.record.text(Field::SeatName).into(),
                extension: seat.record.text(Field::Extension).into(),
            },
            flapping: self.inner.phones.keep.is_flapping(id, self.now()),
            points,
            next,
        })
    }

    /// What each source has behind the cursor, the newest first.
    async fn sources(&self, account: AccountId, id: DeviceId, before: HistoryCursor) -> Result<[Source; 3], Problem> {
        let limit = PAGE as u64 + 1;
        let read = self.inner.store.read();
        let phone = self.inner.phones.keep.events(id, limit, before.phone).await.or_fail()?;
        let phone = phone.into_iter().map(|e| Entry { at: e.at, place: Place::Phone(e.seq), moment: phone_moment(e) });
        let query = EventQuery { account, device: Some(id), seat: None, operator: None, before: before.event, limit };
        let events = read.events(&query).await.or_fail()?.into_iter().map(|event| {
            // The job itself says it better.
            let job =
                matches!(event.kind, EventKind::RebootAsked | EventKind::RebootEnded | EventKind::ResyncAsked | EventKind::ResyncEnded);
            Entry { at: event.at, place: Place::Event(event.seq), moment: (!job).then(|| Moment::Done(Box::new(event))) }
        });
        let rows = read.jobs_of(id, limit, before.job).await.or_fail()?;
        let rows = rows.iter().map(|row| Entry {
            at: row.asked,
            place: Place::Job(row.asked, row.id),
            moment: jobs::parsed(row).map(|job| Moment::Job(Box::new(job))),
        });
        Ok([Source::of(phone), Source::of(events), Source::of(rows)])
    }

    /// What strangers tried, by source.
    pub async fn tries(&self, caller: &Caller, account: AccountId) -> Result<TriesPage, Problem> {
        let role = self.role(caller, account).await?;
        let tries = self.inner.phones.keep.tries(account, SOURCES).await.or_fail()?;
        Ok(TriesPage { tries, realms_too: self.inner.phones.is_sole(account), role })
    }
}

/// Entries of one source in its own order, and whether it has more than was read.
struct Source {
    entries: VecDeque<Entry>,
    more: bool,
}

impl Source {
    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        let entries: VecDeque<Entry> = entries.collect();
        Self { more: entries.len() > PAGE, entries }
    }
}

/// The first points of all sources, the newest first, and where to go on. Clocks may differ by a moment between rows of one source: its
/// own order is kept, so that none is passed over at the end of a page.
fn page(mut sources: [Source; 3], before: HistoryCursor) -> (Vec<Point>, Option<HistoryCursor>) {
    let (mut points, mut cursor) = (Vec::new(), before);
    loop {
        // What comes next is not known once a source that has more is used up.
        if points.len() == PAGE || sources.iter().any(|s| s.more && s.entries.is_empty()) {
            break;
        }
        let newest = sources.iter_mut().filter(|s| !s.entries.is_empty()).max_by_key(|s| s.entries.front().map(|e| e.at));
        let Some(entry) = newest.and_then(|s| s.entries.pop_front()) else { break };
        let key = match entry.place {
            Place::Phone(seq) => {
                cursor.phone = Some(seq);
                format!("p{seq}")
            }
            Place::Event(seq) => {
                cursor.event = Some(seq);
                format!("e{seq}")
            }
            Place::Job(at, id) => {
                cursor.job = Some((at, id));
                id.to_string()
            }
        };
        points.extend(entry.moment.map(|moment| Point { key, at: entry.at, moment }));
    }
    let rest = sources.iter().any(|s| s.more || !s.entries.is_empty());
    (points, rest.then_some(cursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of a source, by times from the newest; the number is the time's place.
    fn source(times: &[Millis], behind: Option<i64>, place: fn(i64, Millis) -> Place) -> Source {
        let flap = |at| Some(Moment::Flapping { since: at });
        let all = times.iter().rev().enumerate().map(|(n, at)| (n as i64 + 1, *at)).collect::<Vec<_>>();
        let rest = all.into_iter().rev().filter(|(n, _)| behind.is_none_or(|b| *n < b));
        Source::of(rest.take(PAGE + 1).map(|(n, at)| Entry { at, place: place(n, at), moment: flap(at) }))
    }

    #[test]
    fn page_after_page_shows_everything_once_and_in_order() {
        let phone: Vec<Millis> = (0..200).rev().map(|n| n * 3).collect();
        // One clock stepped back.
        let mut events: Vec<Millis> = (0..150).rev().map(|n| n * 4).collect();
        events.swap(59, 60);
        let (mut cursor, mut shown, mut pages) = (HistoryCursor::default(), Vec::new(), 0);
        loop {
            let sources = [
                source(&phone, cursor.phone, |n, _| Place::Phone(n)),
                source(&events, cursor.event, |n, _| Place::Event(n)),
                source(&[], None, |_, at| Place::Job(at, JobId(uuid::Uuid::nil()))),
            ];
            let (points, next) = page(sources, cursor);
            assert!(points.len() <= PAGE);
            shown.extend(points.into_iter().map(|p| p.at));
            pages += 1;
            let Some(next) = next else { break };
            cursor = next;
        }
        assert_eq!((shown.len(), pages), (350, 6));
        let mut sorted = shown.clone();
        sorted.sort_by_key(|at| std::cmp::Reverse(*at));
        let out_of_place = shown.iter().zip(&sorted).filter(|(a, b)| a != b).count();
        assert!(out_of_place <= 4, "{out_of_place}");
        let mut all = [phone, events].concat();
        all.sort_by_key(|at| std::cmp::Reverse(*at));
        assert_eq!(sorted, all);
    }
}
