//! The device editor: `/a/{account}/seats/{seat}/devices/{device}`.

mod aside;
mod authentication;
mod basic;
mod consequence;
mod context;
mod delete;
mod device;
mod fresh;
mod head;
mod page;
mod preview;
mod reboot;

use crate::{
    api,
    layout::use_account,
    routes::use_here,
    ui::{ask, loaded},
};
use leptos::prelude::*;

/// Loads the device once; what others save meanwhile comes in under the edits.
#[component]
pub fn Editor() -> impl IntoView {
    let account = use_account();
    let here = use_here();
    let device = ask(move || api::device(account.with(|a| a.id), here.device()));
    loaded(device, |view| view! { <page::Page view=view /> }.into_any())
}
