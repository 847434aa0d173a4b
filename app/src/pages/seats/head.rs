//! How many there are.

use crate::ui::{count, thousands};
use domain::view::SeatsPage;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    seats: u64,
    devices: u64,
    registered: u64,
}

impl Totals {
    pub const fn of(page: &SeatsPage) -> Self {
        Self { seats: page.seats, devices: page.devices, registered: page.registered }
    }
}

/// `1,204 seats · 1,377 devices · 1,312 registered now`.
pub fn counts(totals: Option<Totals>) -> String {
    // A space that keeps the line's height.
    totals.map_or_else(
        || "\u{a0}".into(),
        |t| format!("{} · {} · {} registered now", count(t.seats, "seat"), count(t.devices, "device"), thousands(t.registered)),
    )
}
