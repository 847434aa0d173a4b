//! Refusals that repeat themselves: a phone with a wrong password tries every few seconds, and stands in the history once in ten minutes
//! with how often it tried.

use domain::{DeviceId, MINUTE, Millis, RefusedBecause, site, view::Refused};
use std::{collections::HashMap, net::IpAddr};

/// How long repetitions are counted in one row.
const WITHIN: Millis = 10 * MINUTE;
/// How many sources of a device have a row of their own for one reason at most. What the others try is counted in one row more.
const EACH: usize = 16;
/// So many of them always have one, whatever is tried in the name of others.
const OWN: usize = 2;
/// How many go on at the same time at most, beyond those.
const MOST: usize = 10_000;
/// How many counts of rows that are over wait to be written at most.
const MOST_OVER: usize = 50_000;

/// The source as [`site`] has it; none: the row of all the other sources.
pub(super) type Key = (DeviceId, RefusedBecause, Option<IpAddr>);

struct Burst {
    what: Refused,
    began: Millis,
    /// The number of its row; none while that is not written.
    row: Option<i64>,
    /// More came since it was written.
    changed: bool,
}

impl Burst {
    fn goes_on(&self, now: Millis) -> bool {
        now - self.began < WITHIN || self.row.is_none()
    }

    /// Its row, where that says less than there is to say.
    fn unsaid(&self) -> Option<(i64, serde_json::Value)> {
        self.row.filter(|_| self.changed).zip(serde_json::to_value(&self.what).ok())
    }
}

/// Of one device for one reason. None: the other sources.
type Room = HashMap<Option<IpAddr>, Burst>;

/// Each device has a room of its own for each reason: who tries one thing from many sources hides neither what another device's phone
/// tries, nor what else is tried in the name of the same device.
#[derive(Default)]
pub(super) struct Bursts {
    rooms: HashMap<(DeviceId, RefusedBecause), Room>,
    /// What rows that are over have still to say.
    over: HashMap<i64, serde_json::Value>,
    /// How many sources have a row beyond those that each room may have anyway.
    beyond: usize,
}

/// What is to be done with a refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It begins a row.
    Anew(Key),
    Counted,
}

impl Bursts {
    pub fn take(&mut self, device: DeviceId, what: Refused) -> Told {
        let (source, why, at) = (site(what.source.ip()), what.why, what.last);
        let room = self.rooms.entry((device, why)).or_default();
        let before = beyond(room);
        if room.len() >= OWN && room.get(&Some(source)).is_none_or(|burst| !burst.goes_on(at)) {
            forget_old(room, &mut self.over, at);
        }
        let own = room.keys().flatten().count();
        let fits = room.contains_key(&Some(source)) || own < OWN || (own < EACH && self.beyond < MOST);
        let place = fits.then_some(source);
        let told = if let Some(burst) = room.get_mut(&place).filter(|burst| burst.goes_on(at)) {
            burst.what = Refused { count: burst.what.count + 1, others: burst.what.others, ..what };
            burst.changed = true;
            Told::Counted
        } else {
            let burst = Burst { began: at, what: Refused { others: place.is_none(), ..what }, row: None, changed: false };
            self.over.extend(room.insert(place, burst).and_then(|old| old.unsaid()));
            Told::Anew((device, why, place))
        };
        self.beyond = self.beyond + beyond(room) - before;
        told
    }

    fn forget_old(&mut self, now: Millis) {
        self.rooms.retain(|_, room| {
            forget_old(room, &mut self.over, now);
            !room.is_empty()
        });
        self.beyond = self.rooms.values().map(beyond).sum();
    }

    fn get_mut(&mut self, (device, why, place): &Key) -> Option<&mut Burst> {
        self.rooms.get_mut(&(*device, *why))?.get_mut(place)
    }

    /// As its row is to be written now.
    pub fn detail(&mut self, key: &Key) -> Option<serde_json::Value> {
        let burst = self.get_mut(key)?;
        burst.changed = false;
        serde_json::to_value(&burst.what).ok()
    }

    /// Its row was written.
    pub fn written(&mut self, key: &Key, row: i64) {
        if let Some(burst) = self.get_mut(key).filter(|b| b.row.is_none()) {
            burst.row = Some(row);
        }
    }

    /// Its row will never be written: the next try begins another one.
    pub fn unwritten(&mut self, (device, why, place): &Key) {
        if let Some(room) = self.rooms.get_mut(&(*device, *why)) {
            let before = beyond(room);
            room.remove(place);
            self.beyond = self.beyond + beyond(room) - before;
        }
    }

    /// Rows that are to be written again. What is over is forgotten.
    pub fn going_on(&mut self, now: Millis) -> Vec<(i64, serde_json::Value)> {
        let mut out = std::mem::take(&mut self.over);
        for burst in self.rooms.values_mut().flat_map(Room::values_mut) {
            out.extend(burst.unsaid());
            burst.changed &= burst.row.is_none();
        }
        self.forget_old(now);
        out.into_iter().collect()
    }

    /// They could not be written. What came meanwhile is newer.
    pub fn put_back(&mut self, rows: Vec<(i64, serde_json::Value)>) {
        for (row, detail) in rows {
            if self.over.len() < MOST_OVER {
                self.over.entry(row).or_insert(detail);
            }
        }
    }
}

fn beyond(room: &Room) -> usize {
    room.keys().flatten().count().saturating_sub(OWN)
}

fn forget_old(room: &mut Room, over: &mut HashMap<i64, serde_json::Value>, now: Millis) {
    room.retain(|_, burst| {
        let goes_on = burst.goes_on(now);
        over.extend(burst.unsaid().filter(|_| !goes_on));
        goes_on
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SECOND;
    use uuid::Uuid;

    fn refused(at: Millis, port: u16) -> Refused {
        let source = ([192, 0, 2, 7], port).into();
        Refused { source, realm: "r".into(), username: "u".into(), why: RefusedBecause::WrongPassword, count: 1, last: at, others: false }
    }

    #[test]
    fn a_row_in_ten_minutes_counts_what_repeats_itself() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let Told::Anew(key) = bursts.take(device, refused(0, 1)) else { panic!("the first of all") };
        assert_eq!(bursts.take(device, refused(SECOND, 2)), Told::Counted);
        assert_eq!(bursts.detail(&key).unwrap()["count"], 2, "what came before it was written is in it");
        bursts.written(&key, 41);
        assert_eq!(bursts.going_on(SECOND), []);
        bursts.take(device, refused(9 * SECOND, 3));
        let again = bursts.going_on(9 * SECOND);
        assert_eq!((again[0].0, &again[0].1["count"], &again[0].1["source"]), (41, &3.into(), &"192.0.2.7:3".into()));
        assert_eq!(bursts.going_on(10 * SECOND), [], "once");
        let other = Refused { why: RefusedBecause::Disabled, ..refused(10 * SECOND, 1) };
        assert!(matches!(bursts.take(device, other), Told::Anew(_)), "another reason is another row");
        assert!(matches!(bursts.take(device, refused(WITHIN, 1)), Told::Anew(_)), "ten minutes later");
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let mut from = |host: u16| {
            let source = ([0x2001, 0xdb8, 0, 1, 0, 0, 0, host], 5060).into();
            bursts.take(device, Refused { source, ..refused(0, 1) })
        };
        assert!(matches!(from(1), Told::Anew(_)));
        assert_eq!(from(2), Told::Counted);
    }

    fn from(host: u32, what: Refused) -> Refused {
        Refused { source: (host.to_be_bytes(), 1).into(), ..what }
    }

    #[test]
    fn sources_without_number_are_counted_in_one_row_and_hide_no_other_reason_and_no_other_device() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let rows = (0..1_000).filter(|host| matches!(bursts.take(device, from(*host, refused(0, 1))), Told::Anew(_))).count();
        assert_eq!(rows, EACH + 1, "in the name of one device for one reason");
        let rest = (device, RefusedBecause::WrongPassword, None);
        let row = bursts.detail(&rest).unwrap();
        assert_eq!((&row["count"], &row["others"]), (&(1_000 - EACH).into(), &true.into()), "the others are counted");
        assert_eq!(row["source"], "0.0.3.231:1", "with the newest of them");
        assert_eq!(bursts.take(device, from(3, refused(SECOND, 1))), Told::Counted, "those that have a row go on");
        let disabled = Refused { why: RefusedBecause::Disabled, ..refused(SECOND, 1) };
        assert!(matches!(bursts.take(device, from(7, disabled)), Told::Anew((.., Some(_)))), "another reason has a room of its own");
        for n in 0..400 {
            for host in 0..70 {
                bursts.take(DeviceId(Uuid::from_u128(1_000 + n)), from(host, refused(0, 1)));
            }
        }
        assert_eq!(bursts.beyond, 400 * (EACH - OWN) + EACH - OWN, "all have room");
        for n in 0..1_000 {
            for host in 0..70 {
                bursts.take(DeviceId(Uuid::from_u128(2_000 + n)), from(host, refused(0, 1)));
            }
        }
        assert_eq!(bursts.beyond, MOST, "in the name of many");
        let other = DeviceId(Uuid::from_u128(2));
        assert!(
            matches!(bursts.take(other, from(7, refused(0, 1))), Told::Anew((.., Some(_)))),
            "another device's phone is seen all the same"
        );
        assert_eq!(bursts.take(other, from(7, refused(SECOND, 1))), Told::Counted);
        bursts.going_on(2 * WITHIN);
        assert_eq!(bursts.beyond, MOST, "rows that are not written are waited for");
    }

    #[test]
    fn what_could_not_be_written_is_written_later_also_when_it_is_over() {
        let (mut bursts, device) = (Bursts::default(), DeviceId(Uuid::from_u128(1)));
        let Told::Anew(key) = bursts.take(device, refused(0, 1)) else { panic!("the first of all") };
        bursts.detail(&key);
        bursts.written(&key, 41);
        bursts.take(device, refused(SECOND, 1));
        let lost = bursts.going_on(SECOND);
        assert_eq!(lost.len(), 1);
        bursts.put_back(lost.clone());
        assert_eq!(bursts.going_on(SECOND), lost);
        bursts.take(device, refused(2 * SECOND, 1));
        bursts.put_back(lost);
        assert_eq!(bursts.going_on(3 * SECOND)[0].1["count"], 3, "what came meanwhile is newer");
        // Counted within the ten minutes, asked for after them; and another row began meanwhile.
        bursts.take(device, refused(WITHIN - 1, 1));
        let Told::Anew(next) = bursts.take(device, refused(WITHIN, 1)) else { panic!("ten minutes later") };
        let over = bursts.going_on(2 * WITHIN);
        assert_eq!((over.len(), over[0].0, &over[0].1["count"]), (1, 41, &4.into()));
        // While a row is not written, the next one does not begin: both would be the last one.
        assert_eq!(bursts.take(device, refused(2 * WITHIN + 1, 1)), Told::Counted);
        // One that never will be is not waited for.
        bursts.unwritten(&next);
        assert!(matches!(bursts.take(device, refused(2 * WITHIN + 2, 1)), Told::Anew(_)));
    }
}
