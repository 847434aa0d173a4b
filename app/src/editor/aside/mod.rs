//! Beside the form: how the phone stands on the network, how to set it up, its last reboot.

mod network;
mod setup;
mod steps;
pub mod unregister;

pub use steps::steps;

use super::context::Ctx;
use leptos::prelude::*;

pub fn panels(ctx: Ctx) -> AnyView {
    view! {
        <section class="card" aria-labelledby="p-network">
            <h2 id="p-network">"On the network"</h2>
            {network::panel(ctx)}
        </section>
        <section class="card" aria-labelledby="p-setup">
            <h2 id="p-setup">"Set up the phone"</h2>
            {setup::panel(ctx)}
        </section>
        {move || steps::panel(ctx)}
    }
    .into_any()
}
