//! Links: a capturing click listener that is there before the router's. Enter on a link is a click too.

use super::registry::{Way, ask, can_ask, dirty};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};

pub(super) fn install() {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
    EventListener::new_with_options(&window(), "click", options, |event| {
        if let Some(path) = leads_to(event)
            && dirty().is_some()
            && can_ask()
        {
            event.prevent_default();
            event.stop_propagation();
            ask(Way::Path { path, replace: false });
        }
    })
    .forget();
}

/// Where the click would take this tab: another page of the app. Elsewhere the browser itself asks.
fn leads_to(event: &Event) -> Option<String> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if click.default_prevented() || click.button() != 0 || click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    if !matches!(link.target().as_str(), "" | "_self") || link.has_attribute("download") || link.rel().contains("external") {
        return None;
    }
    let here = window().location();
    let same_page = Some(link.pathname()) == here.pathname().ok() && Some(link.search()) == here.search().ok();
    if Some(link.origin()) != here.origin().ok() || same_page {
        return None;
    }
    Some(link.pathname() + &link.search() + &link.hash())
}
