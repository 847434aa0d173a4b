//! Where a page stands, as the page itself sees it.

use super::place::Place;
use leptos::prelude::*;
use leptos_router::{hooks::use_location, params::ParamsMap};

/// The place and the query of the page that is shown. They change with the address for as long as it is the same page; once
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
}

/// Where the calling page stands.
pub fn use_here() -> Here {
    use_context().expect("every page is shown by the table of places, which provides it")
}

/// What stands behind the `?` of the page's address.
pub fn use_query() -> Memo<ParamsMap> {
    use_here().query
}
