//! Delete a carrier: says what calls lose.

use super::edit::Ctx;
use crate::{
    api::{self, ApiError},
    guard::guarded_navigate,
    ui::Deletable,
};
use domain::{Field, OperationId};
use leptos::prelude::*;

impl Deletable for Ctx {
    const BUTTON: &'static str = "Delete carrier";
    const AFTER: &'static str = "";

    fn name(self) -> String {
        self.form.saved_value(Field::CarrierName).as_text().to_owned()
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
        api::delete_carrier(account, self.carrier, operation).await
    }

    fn gone(self) {
        self.form.discard();
        guarded_navigate(self.account.with_untracked(|a| a.href("/carriers")));
    }
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
