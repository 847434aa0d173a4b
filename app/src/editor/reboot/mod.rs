//! Reboot and resync: names the device, its seat and the phone's address, and says what will happen.

mod ask;

use super::context::Ctx;
use crate::ui::Dialog;
use domain::vendor::Action;
use leptos::prelude::*;

#[component]
pub fn RebootDialog(ctx: Ctx, open: RwSignal<bool>, action: Action) -> impl IntoView {
    let title = Signal::derive(move || [action.name(), " ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {move || ask::ask(ctx, open, action)}
        </Dialog>
    }
}
