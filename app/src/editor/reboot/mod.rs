//! Reboot: names the device, its seat and the phone's address, and says what will happen.

mod ask;

use super::context::Ctx;
use crate::ui::Dialog;
use leptos::prelude::*;

#[component]
pub fn RebootDialog(ctx: Ctx, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(move || ["Reboot ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {move || ask::ask(ctx, open)}
        </Dialog>
    }
}
