//! Where the page stands, its heading, Resync, Reboot and Delete.

use super::{context::Ctx, delete::DeleteDialog, others, reboot::RebootDialog};
use crate::ui::{Button, Icon};
use domain::{Field, vendor::Action};
use leptos::prelude::*;

pub fn head(ctx: Ctx) -> AnyView {
    let (reboot, resync, delete) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let seats = ctx.account.with_untracked(|a| a.href("/seats"));
    let seat = ctx.seat.with_value(|seat| seat.name.clone());
    let acts = (!ctx.form.read_only).then(|| {
        view! {
            <Button on_press=Callback::new(move |()| resync.set(true))>"Resync"</Button>
            <Button on_press=Callback::new(move |()| reboot.set(true))>
                <Icon name="reboot" />
                "Reboot Device"
            </Button>
            <Button class="danger" on_press=Callback::new(move |()| delete.set(true))>
                "Delete Device"
            </Button>
            <RebootDialog ctx=ctx open=reboot action=Action::Reboot />
            <RebootDialog ctx=ctx open=resync action=Action::Resync />
            <DeleteDialog ctx=ctx open=delete />
        }
    });
    view! {
        <p class="crumbs">
            <a href=seats>"Seats"</a>
            " / "
            <a href=ctx.seat_path()>{seat}</a>
            " / "
            {move || ctx.name()}
        </p>
        <header class="page">
            <div class="grow">
                <h1>"Editing " {move || ctx.name()}</h1>
                <p class="sub">{move || sub(ctx)}</p>
                {others::line(ctx)}
            </div>
            {acts}
        </header>
    }
    .into_any()
}

fn sub(ctx: Ctx) -> String {
    let seat = ctx.seat.with_value(|seat| ["seat ", &seat.name, ", extension ", &seat.extension].concat());
    let enabled = if ctx.form.saved_value(Field::Enabled).is_on() { " · Enabled" } else { " · Disabled" };
    let mac = ctx.form.saved_value(Field::Mac);
    let mac = if mac.as_text().is_empty() { String::new() } else { [" · ", &Field::Mac.shown(&mac)].concat() };
    [&seat, enabled, &mac].concat()
}
