//! Where a page stands, as the page itself sees it.

use super::place::{Page, Place};
use domain::{CarrierId, DeviceId, SeatId};
use leptos::prelude::*;
use leptos_router::{hooks::use_location, params::ParamsMap};
use uuid::Uuid;

/// The place and the query of the page that is shown. They change with the address for as long as the same component shows it; once
/// another is on its way in they hold still, so that a page that goes does nothing any more about an address that is not its own.
#[derive(Clone, Copy)]
pub struct Here {
    pub place: Memo<Place>,
    query: Memo<ParamsMap>,
}

impl Here {
    /// Follows the address.
    pub(super) fn of_router() -> Self {
        let location = use_location();
        Self { place: Memo::new(move |_| location.pathname.with(|path| Place::parse(path))), query: location.query }
    }

    /// Follows the address for as long as `same` holds of what was there and what is there now.
    pub(super) fn hold(self, same: fn(Place, Place) -> bool) -> Self {
        let place = Memo::new(move |held: Option<&Place>| {
            let now = self.place.get();
            held.copied().filter(|held| !same(*held, now)).unwrap_or(now)
        });
        let query = Memo::new(move |held: Option<&ParamsMap>| match held {
            Some(held) if place.get() != self.place.get() => held.clone(),
            _ => self.query.get(),
        });
        Self { place, query }
    }

    fn page(self) -> Option<Page> {
        if let Place::Account(_, page) = self.place.get() { Some(page) } else { None }
    }

    /// The seat of the page; an id that nothing has on pages without.
    pub fn seat(self) -> SeatId {
        if let Some(Page::Seat(seat) | Page::Device(seat, _)) = self.page() { seat } else { SeatId(Uuid::nil()) }
    }

    /// The device of the page; an id that nothing has on pages without.
    pub fn device(self) -> DeviceId {
        if let Some(Page::Device(_, device)) = self.page() { device } else { DeviceId(Uuid::nil()) }
    }

    /// The carrier of the page; an id that nothing has on pages without.
    pub fn carrier(self) -> CarrierId {
        if let Some(Page::Carrier(carrier)) = self.page() { carrier } else { CarrierId(Uuid::nil()) }
    }
}

/// Where the calling page stands.
pub fn use_here() -> Here {
    use_context().expect("every page is shown by the table of places, which provides it")
}

/// What stands behind the `?` of the page's address.
pub fn use_query() -> Memo<ParamsMap> {
    use_here().query
}
