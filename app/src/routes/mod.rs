//! The pages by their addresses. Leptos' router keeps the browser's history and its links; which page an address shows is looked up in a
//! table of our own ([`place`]), since the router's compiles some kilobytes for each of its routes.

mod elsewhere;
mod here;
mod place;

pub use elsewhere::Elsewhere;
pub use here::{use_here, use_query};
pub use place::{Page, Place};

use crate::{guard::LeaveDialog, layout::AccountLayout, pages::home::Nowhere, parts};
use here::Here;
use leptos::prelude::*;
use leptos_router::{
    components::Router,
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};
use std::mem::discriminant;

/// The root of every page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Places />
            <LeaveDialog />
        </Router>
    }
}

/// What stands at the address: a page, or the frame of an account's pages, which stays from one of them to the next.
#[component]
fn Places() -> impl IntoView {
    let now = Here::of_router();
    write_address();
    let frame = Memo::new(move |_| discriminant(&now.place.get()));
    move || {
        frame.track();
        let here = now.hold(|held, now| discriminant(&held) == discriminant(&now));
        provide_context(here);
        match here.place.get_untracked() {
            Place::Account(..) => view! { <AccountLayout /> }.into_any(),
            Place::Nowhere => view! { <Nowhere /> }.into_any(),
            outside => parts::page(outside),
        }
    }
}

/// The page of an account, inside its frame.
#[component]
pub fn AccountPage() -> impl IntoView {
    let now = use_here();
    let kind = Memo::new(move |_| now.place.get().kind());
    move || {
        kind.track();
        let here = now.hold(|held, now| held.kind() == now.kind());
        provide_context(here);
        parts::page(here.place.get_untracked())
    }
}

/// After a link was followed the router waits for a word before it writes the new address into the browser's bar.
fn write_address() {
    let path = use_location().pathname;
    if let Some(browser) = use_context::<BrowserUrl>() {
        Effect::new(move || {
            path.track();
            browser.ready_to_complete();
        });
    }
}
