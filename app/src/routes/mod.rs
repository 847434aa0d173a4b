//! The pages by their addresses. Leptos' router keeps the browser's history and its links; which page an address shows is looked up in a
//! table of our own ([`place`]), since the router's compiles some kilobytes for each of its routes.

mod elsewhere;
mod here;
mod place;

pub use elsewhere::Elsewhere;
pub use here::{use_here, use_query};
use place::Kind;
pub use place::{Page, Place};

use crate::{
    editor::Editor,
    guard::LeaveDialog,
    layout::AccountLayout,
    pages::{
        activity::Activity,
        carriers::{Carrier, Carriers, NewCarrier},
        flags::Flags,
        home::{Home, Nowhere},
        invite::Invite,
        new_seat::NewSeat,
        seat::Seat,
        seats::Seats,
        settings::Settings,
        setup::Setup,
        sign_in::SignIn,
    },
};
use here::Here;
use leptos::{either::Either, prelude::*};
use leptos_router::components::Router;
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
    let turn = turns(move || Some((discriminant(&now.shown.get()), None)));
    move || {
        let turn = turn.get().1;
        let here = now.hold(|held, now| discriminant(&held) == discriminant(&now));
        provide_context(here);
        let page = match here.place.get_untracked() {
            Place::Home => view! { <Home /> }.into_any(),
            Place::Setup => view! { <Setup /> }.into_any(),
            Place::SignIn => view! { <SignIn /> }.into_any(),
            Place::Invite => view! { <Invite /> }.into_any(),
            Place::Account(..) => view! { <AccountLayout /> }.into_any(),
            Place::Nowhere => view! { <Nowhere /> }.into_any(),
        };
        anew(turn, page)
    }
}

/// The page of an account, inside its frame.
#[component]
pub fn AccountPage() -> impl IntoView {
    let now = use_here();
    // None once the whole frame is about to go.
    let turn = turns(move || Some(now.shown.get().kind()).filter(|kind| kind.1.is_some()));
    move || {
        let turn = turn.get().1;
        let here = now.hold(|held, now| held.kind() == now.kind());
        provide_context(here);
        let Place::Account(_, page) = here.place.get_untracked() else { return anew(turn, ().into_any()) };
        let page = match page {
            Page::Seats => view! { <Seats /> }.into_any(),
            Page::NewSeat => view! { <NewSeat /> }.into_any(),
            Page::Seat(seat) => view! { <Seat seat=seat /> }.into_any(),
            Page::Device(_, device) => view! { <Editor device=device /> }.into_any(),
            Page::Carriers => view! { <Carriers /> }.into_any(),
            Page::NewCarrier => view! { <NewCarrier /> }.into_any(),
            Page::Carrier(carrier) => view! { <Carrier carrier=carrier /> }.into_any(),
            Page::Flags => view! { <Flags /> }.into_any(),
            Page::Activity => view! { <Activity /> }.into_any(),
            Page::Settings => view! { <Settings /> }.into_any(),
        };
        anew(turn, page)
    }
}

/// The kind of what is shown, and a turn that changes with it. Where there is none, both stay.
fn turns(kind: impl Fn() -> Option<Kind> + Send + Sync + 'static) -> Memo<(Option<Kind>, bool)> {
    Memo::new(move |last: Option<&(Option<Kind>, bool)>| match (kind(), last) {
        (None, Some(last)) => *last,
        (kind, Some((shown, turn))) => (kind, *turn != (*shown != kind)),
        (kind, None) => (kind, false),
    })
}

/// A page in place of the last one. Two pages of one type would be fitted into each other, and what is left of the old one would read
/// signals that went with it: so each page is of another type than the one before.
fn anew(turn: bool, page: AnyView) -> Either<AnyView, AnyView> {
    if turn { Either::Right(page) } else { Either::Left(page) }
}
