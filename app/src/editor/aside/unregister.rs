//! Unregister: forgets one contact, after asking. What is asked is in the part of the seats: it needs the server in any case.

use super::Ctx;
use crate::{
    api, parts,
    routes::Place,
    ui::{Button, Dialog, ErrorNote, announce, focus_safe},
};
use leptos::prelude::*;

/// Which contact of which device.
#[derive(Clone, Copy)]
struct Asked {
    ctx: Ctx,
    of: RwSignal<Option<String>>,
}

/// `of`: the contact.
pub fn dialog(ctx: Ctx, of: RwSignal<Option<String>>) -> AnyView {
    provide_context(Asked { ctx, of });
    let title = Signal::derive(move || ["Unregister a phone of ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=Signal::derive(move || of.with(Option::is_some)) on_close=Callback::new(move |()| of.set(None)) title=title>
            {parts::page(Place::Unregister)}
        </Dialog>
    }
    .into_any()
}

/// Asks; below the dialog.
pub fn ask() -> AnyView {
    let Some(Asked { ctx, of }) = use_context() else { return ().into_any() };
    focus_safe();
    of.get_untracked().map(|contact| question(ctx, of, contact)).into_any()
}

fn question(ctx: Ctx, of: RwSignal<Option<String>>, contact: String) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let address = ctx.network.with_untracked(|network| {
        network.bindings.iter().find(|b| b.contact == contact).map_or_else(|| contact.clone(), |b| b.source.to_string())
    });
    let press = Callback::new(move |()| {
        busy.set(true);
        let account = ctx.account.with_untracked(|a| a.id);
        let call = api::unregister(account, ctx.device, contact.clone());
        leptos::task::spawn_local(async move {
            match call.await {
                Ok(()) => {
                    of.try_set(None);
                    announce("Unregistered.");
                }
                Err(problem) => {
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    view! {
        <p>"The registration at " <code>{address}</code> " ends: calls no longer reach it. The phone can register again by itself."</p>
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| of.set(None))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=press>
                "Unregister"
            </Button>
        </div>
    }
    .into_any()
}
