//! Keeps the page as the server knows it: registrations and reboots as they go, and what others save, under the edits.

use super::context::Ctx;
use crate::{
    api,
    live::{Fresh, Missed, use_live},
};
use domain::EventKind;
use domain::view::Live;
use leptos::prelude::*;

pub fn keep_fresh(ctx: Ctx) {
    let fresh = Fresh::new(move || Box::pin(ask(ctx)));
    use_live().on_message(Callback::new(move |message| match message {
        Live::Network { device, network, .. } if device == ctx.device => {
            ctx.network.set(network);
            fresh.told();
        }
        Live::Job(job) if job.device == ctx.device => {
            ctx.take_job(*job);
            fresh.told();
        }
        Live::Event(event) => {
            // Carriers and realms decide what the page says of this device too.
            let here = event.device == Some(ctx.device)
                && !matches!(event.kind, EventKind::PasswordLooked | EventKind::RebootAsked | EventKind::ResyncAsked);
            let around = matches!(
                event.kind,
                EventKind::CarrierCreated
                    | EventKind::CarrierChanged
                    | EventKind::CarrierDeleted
                    | EventKind::RealmAdded
                    | EventKind::DefaultRealmChanged
                    | EventKind::SeatDeleted
            );
            let seat = event.kind == EventKind::SeatChanged && event.seat == Some(ctx.seat.with_untracked(|seat| seat.id));
            if here || around || seat {
                fresh.load();
            }
        }
        Live::Reload => fresh.load(),
        _ => {}
    }));
}

async fn ask(ctx: Ctx) -> Result<(), Missed> {
    ctx.shown.may_ask(ctx.form)?;
    let account = ctx.account.with_untracked(|a| a.id);
    let view = ctx.shown.answered(ctx.form, api::device(account, ctx.device).await)?;
    ctx.form.rebase(view.record);
    ctx.realm.set(view.effective_realm);
    if ctx.realms.with_untracked(|realms| *realms != view.realms) {
        ctx.realms.set(view.realms);
    }
    if ctx.seat.with_untracked(|seat| *seat != view.seat) {
        ctx.seat.set(view.seat);
    }
    ctx.carriers.set(view.carriers);
    ctx.network.set(view.network);
    if let Some(job) = view.last_job {
        ctx.take_job(job);
    }
    Ok(())
}
