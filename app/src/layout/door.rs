//! The frame of pages without an account: setup, sign-in, an invitation, nothing there.

use super::Insecure;
use crate::ui::{Icon, LiveRegion};
use leptos::prelude::*;

/// A narrow column with the product's name above it.
#[component]
pub fn Door(children: Children) -> impl IntoView {
    view! {
        <div class="door">
            <header>
                <a class="brand" href="/">
                    <Icon name="brand" />
                    "Seatline"
                </a>
            </header>
            <main id="main" tabindex="-1">
                <Insecure />
                {children()}
            </main>
            <LiveRegion />
        </div>
    }
}
