//! Keeps the page as the server knows it: what others save comes in under the edits, registrations as they go.

use super::page::Ctx;
use crate::{
    api,
    live::{Fresh, Missed, use_live},
};
use domain::view::Live;
use leptos::prelude::*;

pub fn keep_fresh(ctx: Ctx) {
    let fresh = Fresh::new(move || Box::pin(ask(ctx)));
    use_live().on_message(Callback::new(move |message| match message {
        Live::Network { device, seat, network } if seat == ctx.seat => {
            ctx.devices.update(|devices| {
                if let Some(row) = devices.iter_mut().find(|row| row.id == device) {
                    row.network = network;
                }
            });
            fresh.told();
        }
        Live::Event(event) if event.seat == Some(ctx.seat) => fresh.load(),
        Live::Reload => fresh.load(),
        _ => {}
    }));
}

async fn ask(ctx: Ctx) -> Result<(), Missed> {
    ctx.shown.may_ask(ctx.form)?;
    let account = ctx.account.with_untracked(|a| a.id);
    let view = ctx.shown.answered(ctx.form, api::seat(account, ctx.seat).await)?;
    ctx.form.rebase(view.record);
    ctx.devices.set(view.devices);
    Ok(())
}
