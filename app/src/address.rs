//! The address of the page: a signal of its path and one of its query, and the one way to change them. The server takes them from the
//! request, the browser from its bar; there, steps through the history change them, and [`go`], for links and for code.

use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsValue;

#[derive(Clone, Copy)]
pub struct Address {
    /// With its slash, as it stands in the bar.
    pub path: RwSignal<String>,
    /// What stands behind the `?`, encoded.
    pub query: RwSignal<String>,
}

thread_local! {
    // Of the browser's one thread. On the server nobody sets them.
    static NOW: Cell<Option<Address>> = const { Cell::new(None) };
    /// A page was gone to that does not stand there yet, and is to be seen from its top.
    static ON_THE_WAY: Cell<bool> = const { Cell::new(false) };
}

/// The address, which the root of every page provides.
pub fn use_address() -> Address {
    use_context().expect("the root of every page provides the address")
}

/// Follows the address from now on.
pub fn provide() -> Address {
    let (path, query) = current();
    let address = Address { path: RwSignal::new(path), query: RwSignal::new(query) };
    provide_context(address);
    #[cfg(not(feature = "ssr"))]
    {
        NOW.set(Some(address));
        window_event_listener_untyped("popstate", |_| _ = follow());
    }
    address
}

#[cfg(feature = "ssr")]
fn current() -> (String, String) {
    let uri = use_context::<http::request::Parts>().map(|parts| parts.uri).unwrap_or_default();
    (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned())
}

#[cfg(not(feature = "ssr"))]
fn current() -> (String, String) {
    let bar = window().location();
    let query = bar.search().unwrap_or_default();
    (bar.pathname().unwrap_or_default(), query.strip_prefix('?').unwrap_or_default().to_owned())
}

/// The signals say what the bar says. True: another path than before.
fn follow() -> bool {
    let Some(Address { path, query }) = NOW.get() else { return false };
    let (new_path, new_query) = current();
    let moved = path.with_untracked(|old| *old != new_path);
    let asked = query.with_untracked(|old| *old != new_query);
    // Both are set before anybody hears of one.
    if asked {
        query.update_untracked(|query| *query = new_query);
    }
    if moved {
        path.set(new_path);
    }
    if asked {
        query.notify();
    }
    moved
}

/// Goes to a page of the app, without asking. `to`: path, query and fragment. `scrolls`: it is seen from its top.
pub fn go(to: &str, replace: bool, scrolls: bool) {
    // Nothing follows the address: the browser goes.
    let Some(history) = NOW.get().and_then(|_| window().history().ok()) else {
        let _ = window().location().set_href(to);
        return;
    };
    let (state, url) = (JsValue::NULL, Some(to));
    let gone = if replace { history.replace_state_with_url(&state, "", url) } else { history.push_state_with_url(&state, "", url) };
    if gone.is_err() {
        // A browser lets a page write only so many entries in a while.
        let _ = window().location().set_href(to);
        return;
    }
    ON_THE_WAY.set(scrolls);
    if !follow() {
        arrived();
    }
}

/// What was gone to stands there: it is seen from its top, or from what the fragment names. After a step through the history the browser
/// does that.
pub fn arrived() {
    if !ON_THE_WAY.replace(false) {
        return;
    }
    let fragment = window().location().hash().unwrap_or_default();
    match fragment.strip_prefix('#').and_then(|id| document().get_element_by_id(id)) {
        Some(element) => element.scroll_into_view(),
        None => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}
