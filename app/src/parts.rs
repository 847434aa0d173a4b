//! The pages in parts. The editor, which everybody comes for, is in the main file; in the browser each part beside it is a file of its own,
//! loaded when its first page is shown: who opens the editor does not wait for the settings. The server has them all.

use crate::{
    editor::{Editor, reboot, unregister},
    form,
    layout::SignInAgain,
    pages::{
        activity::{Activity, Tries},
        batches::{Batch, Batches},
        carriers::{Carrier, Carriers, NewCarrier},
        flags::Flags,
        history::History,
        home::Home,
        invite::Invite,
        new_seat::NewSeat,
        seat::Seat,
        seats::Seats,
        settings::Settings,
        setup::Setup,
        sign_in::SignIn,
        signed_out::SignedOut,
    },
    routes::{Page, Place},
};
use leptos::prelude::*;

/// A part of the pages that is a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// On the way in: start, setup, sign-in, invitation.
    Door,
    /// The seats, one of them, a new one; many at once.
    Seats,
    /// Carriers and their flags.
    Carriers,
    /// Activity, a device's history, settings.
    Office,
}

impl Part {
    /// The part that shows a place; the editor, and the word that nothing is there, need none.
    pub fn of(place: Place) -> Option<Self> {
        Some(match place {
            Place::Nowhere | Place::Account(_, Page::Device(..)) => return None,
            Place::Home | Place::Setup | Place::SignIn | Place::Invite | Place::SignedOut | Place::SignInAgain => Self::Door,
            Place::Reboot
            | Place::Unregister
            | Place::Conflict
            | Place::Account(_, Page::Seats | Page::NewSeat | Page::Seat(_) | Page::Batches | Page::Batch(_)) => Self::Seats,
            Place::Account(_, Page::Carriers | Page::NewCarrier | Page::Carrier(_) | Page::Flags) => Self::Carriers,
            Place::Account(_, Page::Activity | Page::Tries | Page::History(..) | Page::Settings) => Self::Office,
        })
    }

    /// The name of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Seats => "seats",
            Self::Carriers => "carriers",
            Self::Office => "office",
        }
    }
}

/// [`Part::Door`].
pub fn door(place: Place) -> AnyView {
    match place {
        Place::Home => view! { <Home /> }.into_any(),
        Place::Setup => view! { <Setup /> }.into_any(),
        Place::SignIn => view! { <SignIn /> }.into_any(),
        Place::Invite => view! { <Invite /> }.into_any(),
        Place::SignedOut => view! { <SignedOut /> }.into_any(),
        Place::SignInAgain => view! { <SignInAgain /> }.into_any(),
        Place::Account(..) | Place::Reboot | Place::Unregister | Place::Conflict | Place::Nowhere => ().into_any(),
    }
}

/// [`Part::Seats`].
pub fn seats(place: Place) -> AnyView {
    match place {
        Place::Reboot => reboot::ask(),
        Place::Unregister => unregister::ask(),
        Place::Conflict => form::choose(),
        Place::Account(_, Page::NewSeat) => view! { <NewSeat /> }.into_any(),
        Place::Account(_, Page::Seat(seat)) => view! { <Seat seat=seat /> }.into_any(),
        Place::Account(_, Page::Batches) => view! { <Batches /> }.into_any(),
        Place::Account(_, Page::Batch(batch)) => view! { <Batch batch=batch /> }.into_any(),
        _ => view! { <Seats /> }.into_any(),
    }
}

/// [`Part::Carriers`].
pub fn carriers(place: Place) -> AnyView {
    match place {
        Place::Account(_, Page::NewCarrier) => view! { <NewCarrier /> }.into_any(),
        Place::Account(_, Page::Carrier(carrier)) => view! { <Carrier carrier=carrier /> }.into_any(),
        Place::Account(_, Page::Flags) => view! { <Flags /> }.into_any(),
        _ => view! { <Carriers /> }.into_any(),
    }
}

/// [`Part::Office`].
pub fn office(place: Place) -> AnyView {
    match place {
        Place::Account(_, Page::Settings) => view! { <Settings /> }.into_any(),
        Place::Account(_, Page::History(_, device)) => view! { <History device=device /> }.into_any(),
        Place::Account(_, Page::Tries) => view! { <Tries /> }.into_any(),
        _ => view! { <Activity /> }.into_any(),
    }
}

/// The page of a place.
pub fn page(place: Place) -> AnyView {
    if let Place::Account(_, Page::Device(seat, device)) = place {
        return view! { <Editor seat=seat device=device /> }.into_any();
    }
    let Some(part) = Part::of(place) else { return ().into_any() };
    #[cfg(feature = "ssr")]
    let page = move || make(part, place);
    #[cfg(not(feature = "ssr"))]
    let page = crate::loading::page(part, place);
    page.into_any()
}

#[cfg(feature = "ssr")]
fn make(part: Part, place: Place) -> AnyView {
    match part {
        Part::Door => door(place),
        Part::Seats => seats(place),
        Part::Carriers => carriers(place),
        Part::Office => office(place),
    }
}
