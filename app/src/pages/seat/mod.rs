//! One seat with its devices: `/a/{account}/seats/{seat}`.

mod delete;
mod devices;
mod page;

use crate::{
    api,
    layout::use_account,
    routes::use_here,
    ui::{ask, loaded},
};
use leptos::prelude::*;

#[component]
pub fn Seat() -> impl IntoView {
    let account = use_account();
    let here = use_here();
    let seat = ask(move || api::seat(account.with(|a| a.id), here.seat()));
    loaded(seat, |view| view! { <page::Page view=view /> }.into_any())
}
