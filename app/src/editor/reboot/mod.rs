//! Reboot and resync: names the device, its seat and the phone's address, and says what will happen. What is asked is in the part of the
//! seats: it needs the server in any case.

mod ask;

use super::context::Ctx;
use crate::{parts, routes::Place, ui::Dialog};
use domain::vendor::Action;
use leptos::prelude::*;

pub use ask::ask;

/// What the question is about.
#[derive(Clone, Copy)]
struct Asked {
    ctx: Ctx,
    open: RwSignal<bool>,
    action: RwSignal<Action>,
}

/// Stands once; `action` says which of both it asks for while it is `open`.
#[component]
pub fn RebootDialog(ctx: Ctx, open: RwSignal<bool>, action: RwSignal<Action>) -> impl IntoView {
    provide_context(Asked { ctx, open, action });
    let title = Signal::derive(move || [action.get().name(), " ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {parts::page(Place::Reboot)}
        </Dialog>
    }
}
