//! What phones are offered when they register.

use super::{Part, State};
use crate::{
    api,
    ui::{Check, ErrorNote},
};
use leptos::prelude::*;

#[component]
pub fn Phones(state: State) -> impl IntoView {
    let part = Part::new();
    let on = Signal::derive(move || state.view.with(|view| view.sha256));
    let disabled = Signal::derive(move || !state.administers() || part.busy.get());
    let change = Callback::new(move |on| {
        let done = if on { "SHA-256 is offered." } else { "SHA-256 is no longer offered." };
        // Loads again also after a refusal: the box shows what is saved.
        state.act(part, api::set_sha256(state.account, on), done, || ());
    });
    view! {
        <section class="card" aria-labelledby="h-phones">
            <h2 id="h-phones">"Phones"</h2>
            <Check label="Offer SHA-256 beside MD5 when phones register" on=on on_change=change disabled=disabled />
            <p class="sub small">"RFC 8760. Newer phones choose it; some older ones stumble over the second offer, so it is off at first."</p>
            <ErrorNote error=part.error />
        </section>
    }
}
