//! Delete: names the device, its seat, the phone's address and the effect.

use super::context::Ctx;
use crate::{
    api::{self, ApiError},
    guard::guarded_navigate,
    ui::Deletable,
};
use domain::{Field, OperationId};
use leptos::prelude::*;

impl Deletable for Ctx {
    const BUTTON: &'static str = "Delete Device";

    fn name(self) -> String {
        self.form.saved_value(Field::Name).as_text().to_owned()
    }

    fn deleting(self) -> RwSignal<bool> {
        self.shown.deleting
    }

    fn unsaved(self) -> usize {
        self.form.unsaved_count().get_untracked()
    }

    fn what(self) -> AnyView {
        what(self)
    }

    async fn delete(self, operation: OperationId) -> Result<(), ApiError> {
        let account = self.account.with_untracked(|a| a.id);
        api::delete_device(account, self.device, operation).await
    }

    fn gone(self) {
        self.form.discard();
        guarded_navigate(self.seat_path());
    }
}

fn what(ctx: Ctx) -> AnyView {
    let phones = ctx.phones();
    let seat = ctx.seat.with_untracked(|seat| seat.name.clone());
    let addresses = phones.join(", ");
    view! {
        <p>
            "The device of seat " <strong>{seat}</strong> " is removed, "
            {if phones.is_empty() {
                "it can't register any more".into_any()
            } else {
                let ends = if phones.len() > 1 { ("its registrations at ", " end") } else { ("its registration at ", " ends") };
                view! { {ends.0} <code>{addresses}</code> {ends.1} }.into_any()
            }} ", and its username can be used again. You can restore it from Activity for 30 days."
        </p>
    }
    .into_any()
}
