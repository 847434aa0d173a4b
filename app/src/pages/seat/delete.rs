//! Delete a seat: names what goes with it.

use super::page::Ctx;
use crate::{
    api,
    guard::guarded_navigate,
    ui::{Button, Dialog, ErrorNote, announce, ids::new_operation},
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
        let account = ctx.account.get_untracked();
        leptos::task::spawn_local(async move {
            let answer = api::delete_seat(account.id, ctx.seat, operation).await;
            // The page may be gone by now.
            if ctx.deleting.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(()) => {
                    let said = ctx.name() + " was deleted. It can be restored from Activity for 30 days.";
                    open.set(false);
                    ctx.form.discard();
                    guarded_navigate(account.href("/seats"));
                    // After the title of the new page.
                    set_timeout(move || announce(said), Duration::from_millis(700));
                }
                Err(problem) => {
                    ctx.deleting.try_set(false);
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let devices = ctx.devices.get_untracked();
    let lines = devices.iter().map(|device| {
        let at: Vec<String> = device.network.bindings.iter().map(|binding| binding.source.ip().to_string()).collect();
        let ends = (!at.is_empty()).then(|| view! { ": its registration at " <code>{at.join(", ")}</code> " ends" });
        view! { <li><strong>{device.name.clone()}</strong> {ends}</li> }
    });
    let lines = lines.collect_view();
    view! {
        {if devices.is_empty() {
            view! { <p>"The seat has no device. Its extension can be used again. You can restore it from Activity for 30 days."</p> }.into_any()
        } else {
            view! {
                <p>"With the seat go its devices:"</p>
                <ul>{lines}</ul>
                <p>"Its extension and their usernames can be used again. You can restore the seat with its devices from Activity for 30 days."</p>
            }
                .into_any()
        }}
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=delete>
                "Delete seat"
            </Button>
        </div>
    }
    .into_any()
}
