//! Delete a carrier: says what calls lose.

use super::edit::Ctx;
use crate::{
    api,
    guard::guarded_navigate,
    ui::{Deleting, Deletion, delete_dialog},
};
use domain::Field;
use leptos::prelude::*;

pub fn dialog(ctx: Ctx, open: RwSignal<bool>) -> AnyView {
    let deletion = Deletion {
        open,
        name: Signal::derive(move || ctx.form.saved_value(Field::CarrierName).as_text().to_owned()),
        button: "Delete carrier",
        deleting: ctx.deleting,
        unsaved: ctx.form.unsaved_count(),
        restorable: false,
        delete: Callback::new(move |operation| -> Deleting {
            Box::pin(api::delete_carrier(ctx.account.with_untracked(|a| a.id), ctx.carrier, operation))
        }),
        gone: Callback::new(move |()| {
            ctx.form.discard();
            guarded_navigate(ctx.account.with_untracked(|a| a.href("/carriers")));
        }),
    };
    delete_dialog(deletion, Callback::new(move |()| what(ctx)))
}

fn what(ctx: Ctx) -> AnyView {
    view! {
        <p>
            "Calls leave by " <code>{ctx.form.saved_value(Field::CarrierUri).as_text().to_owned()}</code>
            " no more. Devices whose flags only this carrier has are left without a way out. A carrier can't be restored."
        </p>
    }
    .into_any()
}
