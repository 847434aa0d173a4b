//! The pages by their addresses: which page an address shows is looked up in a table ([`place`]).

mod elsewhere;
mod here;
mod place;

pub use elsewhere::Elsewhere;
pub use here::{use_here, use_query};
use place::Kind;
pub use place::{Page, Place};

use crate::{address, guard::LeaveDialog, layout::AccountLayout, pages::home::Nowhere, parts};
use here::Here;
use leptos::{anew, prelude::*};
use std::mem::discriminant;

/// The root of every page.
#[component]
pub fn App() -> impl IntoView {
    address::provide();
    view! {
        <Places />
        <LeaveDialog />
    }
}

/// What stands at the address: a page, or the frame of an account's pages, which stays from one of them to the next.
#[component]
fn Places() -> AnyView {
    let now = Here::of_address();
    let kind = kept(move || Some((discriminant(&now.shown.get()), None)));
    (move || {
        // Read, not tracked alone: a memo that nobody read does not follow anything.
        let _ = kind.get();
        let here = now.hold(|held, now| discriminant(&held) == discriminant(&now));
        provide_context(here);
        anew(match here.place.get_untracked() {
            Place::Account(..) => view! { <AccountLayout /> }.into_any(),
            Place::Nowhere => view! { <Nowhere /> }.into_any(),
            outside => parts::page(outside),
        })
    })
    .into_any()
}

/// The page of an account, inside its frame.
#[component]
pub fn AccountPage() -> AnyView {
    let now = use_here();
    // None once the whole frame is about to go.
    let kind = kept(move || Some(now.shown.get().kind()).filter(|kind| kind.1.is_some()));
    (move || {
        // Read, not tracked alone: a memo that nobody read does not follow anything.
        let _ = kind.get();
        let here = now.hold(|held, now| held.kind() == now.kind());
        provide_context(here);
        anew(parts::page(here.place.get_untracked()))
    })
    .into_any()
}

/// The kind of what is shown; where there is none, the last one stays.
fn kept(kind: impl Fn() -> Option<Kind> + Send + Sync + 'static) -> Memo<Option<Kind>> {
    Memo::new(move |last: Option<&Option<Kind>>| kind().or_else(|| last.copied().flatten()))
}
