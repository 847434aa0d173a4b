//! One seat with its devices: `/a/{account}/seats/{seat}`.

mod delete;
mod devices;
mod page;

use crate::{
    api::{self, ApiError},
    layout::use_account,
    ui::loaded,
};
use domain::{Problem, SeatId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn Seat() -> impl IntoView {
    let account = use_account();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        let seat = params.with(|p| p.get("seat").and_then(|id| id.parse::<SeatId>().ok()));
        (account.with(|a| a.id), seat)
    });
    let seat = Resource::new(
        move || asked.get(),
        |(account, seat)| async move {
            let Some(seat) = seat else {
                crate::ui::set_status(404);
                return Err(ApiError::Problem(Problem::NotFound));
            };
            api::seat(account, seat).await
        },
    );
    loaded(seat, |view| view! { <page::Page view=view /> }.into_any())
}
