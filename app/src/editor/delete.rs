//! Delete: names the device, its seat, the phone's address and the effect.

use super::context::Ctx;
use crate::{
    api,
    guard::guarded_navigate,
    ui::{Deleting, Deletion, delete_dialog},
};
use leptos::prelude::*;

pub fn dialog(ctx: Ctx, open: RwSignal<bool>) -> AnyView {
    let deletion = Deletion {
        open,
        name: Signal::derive(move || ctx.name()),
        button: "Delete Device",
        deleting: ctx.deleting,
        unsaved: ctx.form.unsaved_count(),
        restorable: true,
        delete: Callback::new(move |operation| -> Deleting {
            Box::pin(api::delete_device(ctx.account.with_untracked(|a| a.id), ctx.device, operation))
        }),
        gone: Callback::new(move |()| {
            ctx.form.discard();
            guarded_navigate(ctx.seat_path());
        }),
    };
    delete_dialog(deletion, Callback::new(move |()| what(ctx)))
}

fn what(ctx: Ctx) -> AnyView {
    let phones = ctx.phones();
    let seat = ctx.seat.with_value(|seat| seat.name.clone());
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
    }
    .into_any()
}
