//! Delete a seat: names what goes with it.

use super::page::Ctx;
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
        button: "Delete seat",
        deleting: ctx.deleting,
        unsaved: ctx.form.unsaved_count(),
        restorable: true,
        delete: Callback::new(move |operation| -> Deleting {
            Box::pin(api::delete_seat(ctx.account.with_untracked(|a| a.id), ctx.seat, operation))
        }),
        gone: Callback::new(move |()| {
            ctx.form.discard();
            guarded_navigate(ctx.account.with_untracked(|a| a.href("/seats")));
        }),
    };
    delete_dialog(deletion, Callback::new(move |()| what(ctx)))
}

fn what(ctx: Ctx) -> AnyView {
    let devices = ctx.devices.get_untracked();
    let lines = devices.iter().map(|device| {
        let at: Vec<String> = device.network.bindings.iter().map(|binding| binding.source.ip().to_string()).collect();
        let ends = (!at.is_empty()).then(|| view! { ": its registration at " <code>{at.join(", ")}</code> " ends" });
        view! { <li><strong>{device.name.clone()}</strong> {ends}</li> }
    });
    let lines = lines.collect_view();
    if devices.is_empty() {
        return view! { <p>"The seat has no device. Its extension can be used again. You can restore it from Activity for 30 days."</p> }
            .into_any();
    }
    view! {
        <p>"With the seat go its devices:"</p>
        <ul>{lines}</ul>
        <p>"Its extension and their usernames can be used again. You can restore the seat with its devices from Activity for 30 days."</p>
    }
    .into_any()
}
