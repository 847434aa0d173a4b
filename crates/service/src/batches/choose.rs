//! Which devices, and which of them can be reached now.

use crate::{Service, failure::Stored};
use domain::batch::Pace;
use domain::view::{BatchOf, BatchPreview, SeatsAsk};
use domain::{AccountId, DeviceId, Field, Problem};
use std::net::IpAddr;
use store::{BatchItem, SeatLine, SeatQuery, SeatSort};

/// How many devices at most.
const MOST: usize = 20_000;
/// Seats that are read at once; so many may be ticked.
const PAGE: usize = 1_000;

/// The enabled devices of the chosen seats.
pub(super) struct Chosen {
    pub seats: u64,
    pub items: Vec<BatchItem>,
    /// Of each, whether it authenticates by IP.
    by_ip: Vec<bool>,
}

impl Chosen {
    fn add(&mut self, lines: Vec<SeatLine>) {
        for SeatLine { seat, devices } in lines {
            self.seats += 1;
            for device in devices.into_iter().filter(|d| d.enabled) {
                self.by_ip.push(device.method_ip);
                self.items.push(BatchItem {
                    n: self.items.len() as u32,
                    device: device.id,
                    seat: seat.id,
                    device_name: device.name,
                    seat_name: seat.record.text(Field::SeatName).into(),
                    started: None,
                    source: None,
                    job: None,
                    outcome: None,
                });
            }
        }
    }
}

impl Service {
    pub(super) async fn choose(&self, account: AccountId, of: BatchOf) -> Result<Chosen, Problem> {
        let mut chosen = Chosen { seats: 0, items: Vec::new(), by_ip: Vec::new() };
        let (ask, only) = match of {
            BatchOf::Seats(seats) if seats.len() > PAGE => return Err(crate::setup::refused("At most 1,000 seats can be ticked.")),
            BatchOf::Seats(seats) => (SeatsAsk::default(), Some(seats)),
            BatchOf::Search(ask) => (ask, None),
        };
        let mut after = None;
        loop {
            let query = SeatQuery {
                account,
                text: ask.text.trim(),
                sort: SeatSort::Name,
                descending: false,
                after,
                limit: PAGE as u64,
                only: only.as_deref(),
            };
            let mut page = self.inner.store.read().seats(&query).await.or_fail()?;
            if ask.not_registered {
                let roster = self.inner.phones.roster.read();
                page.seats.retain(|line| roster.is_seat_missing(account, line.seat.id));
            }
            chosen.add(page.seats);
            if chosen.items.len() > MOST {
                return Err(crate::setup::refused("More than 20,000 devices at once: narrow the search."));
            }
            after = page.next;
            if after.is_none() {
                return Ok(chosen);
            }
        }
    }

    pub(super) fn preview(&self, chosen: &Chosen, pace: Pace) -> BatchPreview {
        let mut preview = BatchPreview { seats: chosen.seats, devices: chosen.items.len() as u64, ..BatchPreview::default() };
        let mut sources = Vec::new();
        for (item, by_ip) in chosen.items.iter().zip(&chosen.by_ip) {
            let bindings = self.inner.phones.bindings(item.device);
            match (bindings.first(), by_ip) {
                (Some(binding), _) if binding.reachable => {
                    preview.reachable += 1;
                    sources.push(binding.source.ip());
                }
                (Some(_), _) => preview.not_reachable += 1,
                (None, true) => preview.never_register += 1,
                (None, false) => preview.not_registered += 1,
            }
        }
        preview.minutes = pace.minutes(sources.into_iter());
        preview
    }

    /// Where the device's phone would be asked; none when there is nobody to ask.
    pub(super) fn asked_at(&self, device: DeviceId) -> Option<IpAddr> {
        self.inner.phones.bindings(device).first().filter(|b| b.reachable).map(|b| b.source.ip())
    }
}
