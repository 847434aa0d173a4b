//! Back and forward.
//!
//! The browser lets the page cancel a traversal once after each interaction. What it does not let cancel is undone: `currententrychange`
//! (which comes before popstate) tells where the page was at home, a capturing popstate listener keeps the page from hearing of the
//! step, and `traverseTo` goes home again; only there the guard asks. The length of the history never changes by it.

use super::registry::{Way, ask, can_ask, dirty};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, EventTarget};

/// On the way back to the entry of the page with the edits.
struct Homeward {
    home: String,
    /// The entry that the operator was going to.
    target: Option<String>,
}

thread_local! {
    static HOMEWARD: RefCell<Option<Homeward>> = const { RefCell::new(None) };
    /// Address of the last page that was let go to, where there is no Navigation API.
    static HERE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn text(object: &JsValue, key: &str) -> Option<String> {
    get(object, key)?.as_string()
}

fn navigation() -> Option<JsValue> {
    get(&window(), "navigation")
}

fn current_key() -> Option<String> {
    text(&get(&navigation()?, "currentEntry")?, "key")
}

fn listen(target: &EventTarget, name: &'static str, heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
    EventListener::new_with_options(target, name, options, heard).forget();
}

/// Path and query of an address.
fn page(address: &str) -> Option<&str> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    path.split('#').next()
}

fn page_here() -> String {
    window().location().href().ok().as_deref().and_then(page).unwrap_or_default().to_owned()
}

fn is_traverse(event: &Event) -> bool {
    text(event, "navigationType").as_deref() == Some("traverse")
}

pub(super) fn install() {
    let Some(navigation) = navigation() else {
        install_without();
        return;
    };
    let navigation: EventTarget = navigation.unchecked_into();
    listen(&navigation, "navigate", |event| {
        if HOMEWARD.with_borrow(Option::is_some) || !is_traverse(event) || !event.cancelable() || dirty().is_none() || !can_ask() {
            return;
        }
        let Some(destination) = get(event, "destination") else { return };
        let same_page = text(&destination, "url").as_deref().and_then(page) == Some(page_here().as_str());
        if let Some(key) = text(&destination, "key").filter(|_| !same_page) {
            event.prevent_default();
            ask(Way::Entry(key));
        }
    });
    listen(&navigation, "currententrychange", |event| {
        if HOMEWARD.with_borrow(Option::is_some) || !is_traverse(event) || dirty().is_none() || !can_ask() {
            return;
        }
        let Some(from) = get(event, "from") else { return };
        let same_page = text(&from, "url").as_deref().and_then(page) == Some(page_here().as_str());
        if let Some(home) = text(&from, "key").filter(|_| !same_page) {
            HOMEWARD.set(Some(Homeward { home, target: None }));
        }
    });
    listen(&window(), "popstate", |event| {
        let Some(home) = HOMEWARD.with_borrow(|way| way.as_ref().map(|way| way.home.clone())) else { return };
        event.stop_immediate_propagation();
        let now = current_key();
        if now.as_deref() == Some(&home) {
            if let Some(key) = HOMEWARD.take().and_then(|way| way.target) {
                ask(Way::Entry(key));
            }
        } else {
            HOMEWARD.with_borrow_mut(|way| {
                if let Some(way) = way {
                    way.target = now;
                }
            });
            traverse_to(&home);
        }
    });
}

/// Goes to an entry of the session history.
pub(super) fn traverse_to(key: &str) {
    let Some(navigation) = navigation() else { return };
    let Some(traverse) = get(&navigation, "traverseTo").and_then(|f| f.dyn_into::<Function>().ok()) else { return };
    let Ok(result) = traverse.call1(&navigation, &key.into()) else { return };
    // Both promises are rejected when another traversal overtakes this one: nobody else would catch them.
    for name in ["committed", "finished"] {
        if let Some(promise) = get(&result, name).and_then(|p| p.dyn_into::<js_sys::Promise>().ok()) {
            spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

/// Browsers without the Navigation API: the step is hidden from the page and the address put back as a new entry. What was before this
/// page stays reachable; the entries after it go.
fn install_without() {
    listen(&window(), "popstate", |event| {
        let home = HERE.with_borrow(Clone::clone);
        if dirty().is_none() || !can_ask() || home.is_empty() || page(&home) == Some(page_here().as_str()) {
            return;
        }
        event.stop_immediate_propagation();
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&home));
        }
        ask(Way::Back);
    });
}

/// The page that has edits now is the one at this address.
pub(super) fn remember_here() {
    HERE.set(page_here());
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_page_is_its_path_and_query() {
        assert_eq!(page("https://s.example:3000/a/1/seats?x=1#top"), Some("/a/1/seats?x=1"));
        assert_eq!(page("https://s.example"), Some("/"));
        assert_eq!(page("/a/1#x"), Some("/a/1"));
    }
}
