//! One seat with its devices: `/a/{account}/seats/{seat}`.

mod delete;
mod devices;
mod fresh;
mod page;

use crate::{
    api,
    layout::use_account,
    ui::{ask, loaded},
};
use domain::SeatId;
use leptos::prelude::*;

#[component]
pub fn Seat(seat: SeatId) -> impl IntoView {
    let account = use_account();
    let seat = ask(move || api::seat(account.with(|a| a.id), seat));
    loaded(seat, |view| view! { <page::Page view=view /> }.into_any())
}
