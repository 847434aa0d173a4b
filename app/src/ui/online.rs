//! What works with a connection only: disabled without one, and it says why.

use super::Banner;
use crate::offline::with_standing;
use leptos::prelude::*;

/// True while the server is out of reach.
pub fn offline() -> Memo<bool> {
    Memo::new(|_| with_standing(|standing| standing.unreached))
}

/// Says why beside what is disabled.
#[component]
pub fn NeedsConnection(
    /// What it is, at the start of a sentence: "Reboot and Delete".
    what: &'static str,
) -> AnyView {
    let offline = offline();
    (move || offline.get().then(|| view! { <p class="sub needs">{what} " need a connection."</p> })).into_any()
}

/// Controls that are all disabled without a connection.
#[component]
pub fn OnlineOnly(
    /// What it is, at the start of a sentence.
    what: &'static str,
    children: Children,
) -> impl IntoView {
    let offline = offline();
    view! {
        {move || {
            offline
                .get()
                .then(|| {
                    view! {
                        <Banner icon="offline">
                            <p>{what} " need a connection. They can be read, and changed again when it is back."</p>
                        </Banner>
                    }
                })
        }}
        <fieldset class="bare" disabled=move || offline.get()>
            {children()}
        </fieldset>
    }
}
