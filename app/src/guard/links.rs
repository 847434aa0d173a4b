//! Links to other pages of the app. Enter on a link is a click too. A capturing listener asks before edits are lost; whatever a page does
//! about the click itself comes next; what is left of it is followed by the second listener.

use super::registry::{Way, ask, can_ask, dirty};
#[cfg(feature = "hydrate")]
use crate::address;
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};

pub(super) fn install() {
    listen(EventListenerPhase::Capture, |event, to| {
        if dirty().is_some() && can_ask() && !to.same_page {
            event.prevent_default();
            event.stop_propagation();
            ask(Way::Path { path: to.path, replace: false });
        }
    });
}

/// From now on a link is followed without loading the page anew: there is a page that follows its address.
#[cfg(feature = "hydrate")]
pub fn follow_links() {
    listen(EventListenerPhase::Bubble, |event, to| {
        event.prevent_default();
        #[expect(clippy::disallowed_methods, reason = "the listener before asked")]
        address::go(&to.path, to.replaces, to.scrolls);
    });
}

fn listen(phase: EventListenerPhase, clicked: fn(&Event, To)) {
    let options = EventListenerOptions { phase, passive: false };
    let heard = move |event: &Event| {
        if let Some(to) = leads_to(event) {
            clicked(event, to);
        }
    };
    EventListener::new_with_options(&window(), "click", options, heard).forget();
}

#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "nothing is followed on the server"))]
struct To {
    /// Path, query and fragment.
    path: String,
    /// The page that is shown already.
    same_page: bool,
    /// In the place of the current entry of the history (`data-replace`).
    replaces: bool,
    /// Seen from its top (not with `data-stays`).
    scrolls: bool,
}

/// Where the click would take this tab: to a page of the app. Anywhere else, and to a place on the same page, the browser goes itself.
fn leads_to(event: &Event) -> Option<To> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if click.default_prevented() || click.button() != 0 || click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    if !matches!(link.target().as_str(), "" | "_self") || link.has_attribute("download") || link.rel().contains("external") {
        return None;
    }
    let (here, fragment) = (window().location(), link.hash());
    let same_page = Some(link.pathname()) == here.pathname().ok() && Some(link.search()) == here.search().ok();
    if Some(link.origin()) != here.origin().ok() || same_page && !fragment.is_empty() {
        return None;
    }
    let (replaces, scrolls) = (same_page || link.has_attribute("data-replace"), !link.has_attribute("data-stays"));
    Some(To { path: link.pathname() + &link.search() + &fragment, same_page, replaces, scrolls })
}
