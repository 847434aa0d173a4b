//! The list: who is not registered, page by page, whichever way it is found out.

use super::house::{House, operation};
use crate::seats::STEP;
use domain::view::{SeatSort, SeatsAsk};
use domain::{DeviceId, Field, SeatId, Value};

impl House {
    /// Seats whose names don't sort as they were made; every third has two devices.
    async fn seats_with_devices(&self, n: u32) -> Vec<(SeatId, Vec<DeviceId>)> {
        let mut out = Vec::new();
        for i in 0..n {
            let made =
                self.seat_at(&format!("{} {}", ["Lobby", "office", "Émile"][i as usize % 3], i * 7 % 101), &format!("{}", 100 + i)).await;
            let mut devices = vec![made.device];
            if i % 3 == 0 {
                let more = self.add_device(&self.admin, self.account, made.seat, operation(), String::new()).await.unwrap();
                devices.push(more.device);
            }
            out.push((made.seat, devices));
        }
        out
    }

    fn registers(&self, device: DeviceId) {
        self.inner.phones.roster.write().registered(device, true);
    }

    /// Every page of what is asked, by the list itself.
    async fn listed(&self, ask: &SeatsAsk) -> Vec<SeatId> {
        let (mut ask, mut out) = (ask.clone(), Vec::new());
        loop {
            let page = self.seats(&self.admin, self.account, ask.clone()).await.unwrap();
            assert!(page.rows.len() == 50 || page.next.is_none(), "only the last page is short");
            out.extend(page.rows.iter().map(|row| row.id));
            ask.after = page.next;
            if ask.after.is_none() {
                return out;
            }
        }
    }

    /// The same by reading the order in steps.
    async fn sifted(&self, ask: &SeatsAsk, step: u64) -> Vec<SeatId> {
        let (mut after, mut out) = (None, Vec::new());
        loop {
            let (lines, next) = self.sift(self.account, ask, after, step).await.unwrap();
            assert!(lines.len() == 50 || next.is_none(), "only the last page is short");
            out.extend(lines.iter().map(|line| line.seat.id));
            after = next;
            if after.is_none() {
                return out;
            }
        }
    }
}

#[tokio::test]
async fn not_registered_is_the_same_whether_seats_are_named_or_sifted() {
    let house = House::new().await;
    let seats = house.seats_with_devices(180).await;
    // Missing are those of whom not every device registers: every fifth seat does, and of two devices one is not enough.
    for (i, (_, devices)) in seats.iter().enumerate() {
        house.registers(devices[0]);
        if i % 5 == 0 {
            for device in devices {
                house.registers(*device);
            }
        }
    }
    let expected = seats.iter().enumerate().filter(|(i, (_, devices))| devices.len() == 2 && i % 5 != 0).count();
    for sort in [SeatSort::Name, SeatSort::Extension, SeatSort::Changed] {
        for (descending, text) in [(false, ""), (true, ""), (false, "lobby"), (true, "1")] {
            let all = SeatsAsk { text: text.into(), sort, descending, ..SeatsAsk::default() };
            let ask = SeatsAsk { not_registered: true, ..all.clone() };
            let named = house.listed(&ask).await;
            let roster = house.inner.phones.roster.read().missing_seats(house.account, usize::MAX).unwrap();
            let mut naive = house.listed(&all).await;
            naive.retain(|seat| roster.contains(seat));
            assert_eq!(named, naive, "{sort:?} {descending} {text}");
            for step in [1, 7, 60, STEP] {
                assert_eq!(house.sifted(&ask, step).await, naive, "{sort:?} {descending} {text}, steps from {step}");
            }
            if text.is_empty() {
                assert_eq!(named.len(), expected);
            }
        }
    }
}

#[tokio::test]
async fn the_head_of_the_list_counts_what_is_there() {
    let house = House::new().await;
    let counts = async || {
        let page = house.seats(&house.admin, house.account, SeatsAsk::default()).await.unwrap();
        (page.seats, page.devices, page.registered)
    };
    assert_eq!(counts().await, (0, 0, 0));
    let seats = house.seats_with_devices(4).await;
    assert_eq!(counts().await, (4, 6, 0));
    house.registers(seats[0].1[0]);
    house.delete_device(&house.admin, house.account, seats[0].1[1], operation()).await.unwrap();
    house.delete_seat(&house.admin, house.account, seats[3].0, operation()).await.unwrap();
    assert_eq!(counts().await, (3, 3, 1));
    house.restore_seat(&house.admin, house.account, seats[3].0, operation(), Vec::new()).await.unwrap();
    house.restore_device(&house.admin, house.account, seats[0].1[1], operation(), Vec::new()).await.unwrap();
    house.save(seats[1].1[0], &[(Field::Enabled, Value::Switch(false))]).await;
    assert_eq!(counts().await, (4, 6, 1), "a disabled device is a device");
    // After a restart the same is read from the database.
    *house.inner.phones.roster.write() = crate::phones::Roster::default();
    assert_eq!(counts().await, (0, 0, 0));
    house.load_phones().await.unwrap();
    assert_eq!(counts().await, (4, 6, 0));
}
