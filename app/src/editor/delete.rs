//! Delete: names the device, its seat, the phone's address and the effect.

use super::context::Ctx;
use crate::{
    api,
    guard::guarded_navigate,
    ui::{Button, Dialog, ErrorNote, announce, count, ids::new_operation},
};
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn DeleteDialog(ctx: Ctx, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(move || ["Delete ", &ctx.name(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {question(ctx, open)}
        </Dialog>
    }
}

fn question(ctx: Ctx, open: RwSignal<bool>) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // One name for this deletion, however often it is sent.
    let operation = new_operation();
    let delete = Callback::new(move |()| {
        busy.set(true);
        ctx.deleting.set(true);
        let account = ctx.account.with_untracked(|a| a.id);
        leptos::task::spawn_local(async move {
            let answer = api::delete_device(account, ctx.device, operation).await;
            // The page may be gone by now.
            if ctx.deleting.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(()) => gone(ctx, open),
                Err(problem) => {
                    ctx.deleting.try_set(false);
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let phones = ctx.phones();
    let seat = ctx.seat.with_value(|seat| seat.name.clone());
    let modified = ctx.form.unsaved_count().get_untracked();
    let addresses = phones.join(", ");
    view! {
        <p>
            "The device of seat " <strong>{seat}</strong> " is removed, "
            {if phones.is_empty() {
                "it can't register any more".into_any()
            } else {
                view! { "its registration at " <code>{addresses}</code> " ends" }.into_any()
            }} ", and its username can be used again. You can restore it from Activity for 30 days."
        </p>
        {(modified > 0)
            .then(|| view! { <p class="sub">"You have " {count(modified as u64, "unsaved field")} ": what was typed there is lost with it."</p> })}
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=delete>
                "Delete Device"
            </Button>
        </div>
    }
    .into_any()
}

fn gone(ctx: Ctx, open: RwSignal<bool>) {
    let said = ctx.name() + " was deleted. It can be restored from Activity for 30 days.";
    open.set(false);
    ctx.form.discard();
    guarded_navigate(ctx.seat_path());
    // After the title of the new page.
    set_timeout(move || announce(said), Duration::from_millis(700));
}
