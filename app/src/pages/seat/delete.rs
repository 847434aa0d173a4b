//! Delete a seat: names what goes with it.

use super::page::Ctx;
use crate::{
    api::{self, ApiError},
    guard::guarded_navigate,
    ui::Deletable,
};
use domain::{Field, OperationId};
use leptos::prelude::*;

impl Deletable for Ctx {
    const BUTTON: &'static str = "Delete seat";

    fn name(self) -> String {
        self.form.saved_value(Field::SeatName).as_text().to_owned()
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
        api::delete_seat(account, self.seat, operation).await
    }

    fn gone(self) {
        self.form.discard();
        guarded_navigate(self.account.with_untracked(|a| a.href("/seats")));
    }
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
