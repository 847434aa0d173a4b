//! Delete a carrier: says what calls lose.

use super::edit::Ctx;
use crate::{
    api,
    guard::guarded_navigate,
    ui::{Button, Dialog, ErrorNote, announce, ids::new_operation},
};
use domain::Field;
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn DeleteDialog(ctx: Ctx, open: RwSignal<bool>) -> impl IntoView {
    let name = move || ctx.form.saved_value(Field::CarrierName).as_text().to_owned();
    let title = Signal::derive(move || ["Delete ", &name(), "?"].concat());
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
            let answer = api::delete_carrier(account.id, ctx.carrier, operation).await;
            // The page may be gone by now.
            if ctx.deleting.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(()) => {
                    open.set(false);
                    ctx.form.discard();
                    guarded_navigate(account.href("/carriers"));
                    set_timeout(|| announce("The carrier was deleted."), Duration::from_millis(700));
                }
                Err(problem) => {
                    ctx.deleting.try_set(false);
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    view! {
        <p>
            "Calls leave by " <code>{ctx.form.saved_value(Field::CarrierUri).as_text().to_owned()}</code>
            " no more. Devices whose flags only this carrier has are left without a way out. A carrier can't be restored."
        </p>
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=delete>
                "Delete carrier"
            </Button>
        </div>
    }
    .into_any()
}
