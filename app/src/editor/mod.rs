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
    api::{self, ApiError},
    layout::use_account,
    ui::loaded,
};
use domain::{DeviceId, Problem};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Loads the device once; what others save meanwhile comes in under the edits.
#[component]
pub fn Editor() -> impl IntoView {
    let account = use_account();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        let device = params.with(|p| p.get("device").and_then(|id| id.parse::<DeviceId>().ok()));
        (account.with(|a| a.id), device)
    });
    let device = Resource::new(
        move || asked.get(),
        |(account, device)| async move {
            let Some(device) = device else {
                crate::ui::set_status(404);
                return Err(ApiError::Problem(Problem::NotFound));
            };
            api::device(account, device).await
        },
    );
    loaded(device, |view| view! { <page::Page view=view /> }.into_any())
}
