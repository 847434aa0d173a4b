//! Tells a screen reader what happened, without moving the focus.

use leptos::prelude::*;
use std::time::Duration;

const ID: &str = "announcer";

/// Where [`announce`] speaks. Stands once in the page, outside of dialogs.
#[component]
pub fn LiveRegion() -> impl IntoView {
    view! { <div id=ID class="visually-hidden" role="status" aria-live="polite"></div> }
}

/// Says `text` politely. Inside an open modal dialog only what stands in the dialog is read: close it first.
pub fn announce(text: impl Into<String>) {
    say(text.into());
}

fn say(text: String) {
    let Some(region) = document().get_element_by_id(ID) else { return };
    // Emptied first, and filled a moment later: the same words twice are read twice, and a dialog has closed by then.
    region.set_text_content(None);
    set_timeout(move || region.set_text_content(Some(&text)), Duration::from_millis(60));
}
