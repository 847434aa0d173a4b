//! Closing and reloading the tab: the browser asks in its own words. Listened to only while something is modified, since a listener
//! keeps some browsers from keeping the page for Back.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use std::cell::RefCell;
use web_sys::Event;

thread_local! {
    static LISTENER: RefCell<Option<EventListener>> = const { RefCell::new(None) };
}

pub(super) fn ask(wanted: bool) {
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
