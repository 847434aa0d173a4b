//! Closing and reloading the tab: the browser asks in its own words. Listened to only while something is modified, since a listener
//! keeps some browsers from keeping the page for Back.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use web_sys::Event;

thread_local! {
    static LISTENER: RefCell<Option<EventListener>> = const { RefCell::new(None) };
    /// For the page, and for what this tab alone holds.
    static WANTED: Cell<(bool, bool)> = const { Cell::new((false, false)) };
}

/// Whether the page has something to lose.
pub(super) fn ask(wanted: bool) {
    listen((wanted, WANTED.get().1));
}

/// Whether this tab holds edits that could not be stored, whatever page it shows.
pub fn unstored(wanted: bool) {
    listen((WANTED.get().0, wanted));
}

fn listen(wants: (bool, bool)) {
    WANTED.set(wants);
    let wanted = wants.0 || wants.1;
    LISTENER.with_borrow_mut(|listener| {
        if wanted == listener.is_some() {
            return;
        }
        *listener = wanted.then(|| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window(), "beforeunload", options, Event::prevent_default)
        });
    });
}
