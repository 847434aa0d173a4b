//! Where the page stands, its heading, Reboot and Delete.

use super::{context::Ctx, reboot::RebootDialog};
use crate::ui::{Button, Icon, delete_dialog};
use domain::Field;
use leptos::prelude::*;

pub fn head(ctx: Ctx) -> AnyView {
    let (reboot, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let seats = ctx.account.with_untracked(|a| a.href("/seats"));
    let activity = ctx.account.with_untracked(|a| a.href(&["/activity?device=", &ctx.device.to_string()].concat()));
    let seat = ctx.seat.with_value(|seat| seat.name.clone());
    let acts = (!ctx.form.read_only).then(|| {
        view! {
            <Button on_press=Callback::new(move |()| reboot.set(true))>
                <Icon name="reboot" />
                "Reboot Device"
            </Button>
            <Button class="danger" on_press=Callback::new(move |()| deleting.set(true))>
                "Delete Device"
            </Button>
            <RebootDialog ctx=ctx open=reboot />
            {delete_dialog(ctx, deleting)}
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
                <p class="sub">
                    {move || sub(ctx)} " · "
                    <a href=activity>"Activity of this device"</a>
                </p>
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
