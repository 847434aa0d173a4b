//! Keeps the page as the server knows it: what others save comes in under the edits, registrations as they go.

use super::page::Ctx;
use crate::{
    api::{self, ApiError},
    live::{Asked, Fresh, use_live},
};
use domain::{Problem, view::Live};
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

async fn ask(ctx: Ctx) -> Asked {
    match ctx.deleting.try_get_untracked() {
        None => return Asked::Done,
        Some(deletes) if deletes || ctx.form.parts().saving.get_untracked() => return Asked::Soon,
        Some(_) => {}
    }
    let account = ctx.account.with_untracked(|a| a.id);
    let answer = api::seat(account, ctx.seat).await;
    match answer {
        // The page is gone, or about to go.
        _ if ctx.deleting.try_get_untracked() != Some(false) => Asked::Soon,
        Ok(view) => {
            ctx.form.rebase(view.record);
            ctx.devices.set(view.devices);
            ctx.gone.set(None);
            Asked::Done
        }
        Err(ApiError::Problem(problem @ (Problem::Deleted { .. } | Problem::NotFound | Problem::NotAllowed { .. }))) => {
            ctx.gone.set(Some(problem.to_string()));
            Asked::Done
        }
        // A broken connection is told by the banner of the stream.
        Err(error) => Asked::failed(&error),
    }
}
