//! Where the page stands, its heading, Resync, Reboot and Delete.

use super::{context::Ctx, others, reboot::RebootDialog};
use crate::ui::{Button, Icon, NeedsConnection, delete_dialog};
use domain::{Field, vendor::Action};
use leptos::prelude::*;

pub fn head(ctx: Ctx) -> AnyView {
    let (asks, action, deleting) = (RwSignal::new(false), RwSignal::new(Action::Reboot), RwSignal::new(false));
    let ask = move |which| {
        Callback::new(move |()| {
            action.set(which);
            asks.set(true);
        })
    };
    let away = ctx.shown.closed();
    let seats = ctx.account.with_untracked(|a| a.href("/seats"));
    let activity = ctx.activity();
    let seat = move || ctx.seat.with(|seat| seat.name.clone());
    let acts = (!ctx.form.read_only).then(|| {
        view! {
            <Button disabled=away on_press=ask(Action::Resync)>"Resync"</Button>
            <Button disabled=away on_press=ask(Action::Reboot)>
                <Icon name="reboot" />
                "Reboot Device"
            </Button>
            <Button class="danger" disabled=away on_press=Callback::new(move |()| deleting.set(true))>
                "Delete Device"
            </Button>
            <NeedsConnection what="Reboot, Resync and Delete" />
            <RebootDialog ctx=ctx open=asks action=action />
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
                <h1>{ctx.form.doing()} " " {move || ctx.name()}</h1>
                <p class="sub">
                    {move || sub(ctx)} " · "
                    <a href=activity>"Activity of this device"</a>
                </p>
                {others::line(ctx)}
            </div>
            {acts}
        </header>
    }
    .into_any()
}

fn sub(ctx: Ctx) -> String {
    let seat = ctx.seat.with(|seat| ["seat ", &seat.name, ", extension ", &seat.extension].concat());
    let enabled = if ctx.form.saved_value(Field::Enabled).is_on() { " · Enabled" } else { " · Disabled" };
    let mac = ctx.form.saved_value(Field::Mac);
    let mac = if mac.as_text().is_empty() { String::new() } else { [" · ", &Field::Mac.shown(&mac)].concat() };
    [&seat, enabled, &mac].concat()
}
