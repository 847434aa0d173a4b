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
pub mod reboot;

pub use aside::{steps, unregister};

use crate::{
    api::{self, ApiError},
    layout::use_account,
    ui::{ErrorPage, answered, ask},
};
use domain::{DeviceId, Problem, SeatId};
use leptos::prelude::*;

/// Loads the device once; what others save meanwhile comes in under the edits. Under another seat than its own it is not found.
#[component]
pub fn Editor(seat: SeatId, device: DeviceId) -> impl IntoView {
    let account = use_account();
    let device = ask(move || api::device(account.with(|a| a.id), device));
    answered(device, move |answer| match answer {
        Ok(view) if view.seat.id == seat => view! { <page::Page view=view /> }.into_any(),
        answer => view! { <ErrorPage error=answer.err().unwrap_or(ApiError::Problem(Problem::NotFound)) /> }.into_any(),
    })
}
