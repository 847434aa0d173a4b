//! The history of a device: registrations, drops, refused tries, reboots and saves on one axis of time, the newest first.

mod list;
mod row;

use crate::{
    api,
    layout::use_account,
    ui::{ask, loaded, set_title},
};
use domain::DeviceId;
use leptos::prelude::*;

/// `/a/{account}/seats/{seat}/devices/{device}/history`
#[component]
pub fn History(device: DeviceId) -> impl IntoView {
    let account = use_account();
    let page = ask(move || api::device_history(account.with(|a| a.id), device, None));
    loaded(page, move |page| {
        let (account, seat) = (account.get_untracked(), page.seat.id);
        let path = account.href(&["/seats/", &seat.to_string()].concat());
        let name = page.device.clone();
        set_title(["History of ", &name].concat());
        view! {
            <p class="crumbs">
                <a href=account.href("/seats")>"Seats"</a>
                " / "
                <a href=path.clone()>{page.seat.name.clone()}</a>
                " / "
                <a href=[&path, "/devices/", &device.to_string()].concat()>{name.clone()}</a>
                " / History"
            </p>
            <header class="page">
                <div class="grow">
                    <h1>"History of " {name}</h1>
                    <p class="sub">
                        "Registrations, refused tries, reboots and saves, newest first. What phones do is kept for 30 days."
                    </p>
                </div>
            </header>
            <list::List account=account.id device=device first=page />
        }
        .into_any()
    })
}
