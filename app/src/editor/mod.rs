//! The device editor: `/a/{account}/seats/{seat}/devices/{device}`.

mod aside;
mod authentication;
mod basic;
mod consequence;
mod context;
mod delete;
mod device;
mod events;
mod fresh;
mod head;
mod others;
mod page;
mod preview;
mod reboot;

pub use aside::steps;

use crate::{
    api,
    layout::use_account,
    ui::{ask, loaded},
};
use domain::DeviceId;
use leptos::prelude::*;

/// Loads the device once; what others save meanwhile comes in under the edits.
#[component]
pub fn Editor(device: DeviceId) -> impl IntoView {
    let account = use_account();
    let device = ask(move || api::device(account.with(|a| a.id), device));
    loaded(device, |view| view! { <page::Page view=view /> }.into_any())
}
