//! Unregister: forgets one contact, after asking.

use super::Ctx;
use crate::{
    api,
    ui::{Button, Dialog, ErrorNote, announce},
};
use domain::view::BindingView;
use leptos::prelude::*;

pub fn dialog(ctx: Ctx, of: RwSignal<Option<BindingView>>) -> AnyView {
    let title = Signal::derive(move || ["Unregister a phone of ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=Signal::derive(move || of.with(Option::is_some)) on_close=Callback::new(move |()| of.set(None)) title=title>
            {move || of.get_untracked().map(|binding| question(ctx, of, binding))}
        </Dialog>
    }
    .into_any()
}

fn question(ctx: Ctx, of: RwSignal<Option<BindingView>>, binding: BindingView) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let address = binding.source.to_string();
    let press = Callback::new(move |()| {
        busy.set(true);
        let account = ctx.account.with_untracked(|a| a.id);
        let call = api::unregister(account, ctx.device, binding.contact.clone());
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
