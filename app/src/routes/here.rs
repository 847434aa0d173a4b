//! Where a page stands, as the page itself sees it.

use super::place::Place;
use crate::address::{self, use_address};
use leptos::prelude::*;
use std::time::Duration;

/// The place and the query of the page that is shown. They change with the address for as long as it is the same page; once
/// another is on its way in they hold still, so that a page that goes does nothing any more about an address that is not its own.
#[derive(Clone, Copy)]
pub struct Here {
    pub place: Memo<Place>,
    query: Memo<String>,
    /// The place that is shown, or about to be: it follows the address once what was under way has come to rest.
    pub(super) shown: RwSignal<Place>,
}

impl Here {
    /// Follows the address.
    pub(super) fn of_address() -> Self {
        let address = use_address();
        let place = Memo::new(move |_| address.path.with(|path| Place::parse(path)));
        let query = Memo::new(move |_| address.query.get());
        let shown = RwSignal::new(place.get_untracked());
        follow(address.path, place, shown);
        Self { place, query, shown }
    }

    /// Follows the address for as long as `same` holds of what was there and what is there now.
    pub(super) fn hold(self, same: fn(Place, Place) -> bool) -> Self {
        let place = Memo::new(move |held: Option<&Place>| {
            let now = self.place.get();
            held.copied().filter(|held| !same(*held, now)).unwrap_or(now)
        });
        let query = Memo::new(move |held: Option<&String>| match held {
            Some(held) if place.get() != self.place.get() => held.clone(),
            _ => self.query.get(),
        });
        Self { place, query, ..self }
    }
}

/// A page goes with its signals at once, but what it rendered a moment later: what was set in the same moment, by a save that went
/// through before the page was left, would still be rendered and find nothing. So the page goes when that is done.
fn follow(path: RwSignal<String>, place: Memo<Place>, shown: RwSignal<Place>) {
    Effect::new(move |before: Option<()>| {
        path.with(|_| ());
        if before.is_some() {
            set_timeout(move || shown.set(place.get_untracked()), Duration::ZERO);
        }
    });
    Effect::new(move || {
        shown.track();
        address::arrived();
    });
}

/// Where the calling page stands.
pub fn use_here() -> Here {
    use_context().expect("every page is shown by the table of places, which provides it")
}

/// What stands behind the `?` of the page's address, encoded.
pub fn use_query() -> Memo<String> {
    use_here().query
}
