//! Keeps the page as the server knows it: registrations and reboots as they go, and what others save, under the edits.

use super::context::Ctx;
use crate::{
    api::{self, ApiError},
    live::use_live,
};
use domain::view::Live;
use domain::{EventKind, Problem};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Copy)]
struct Loader {
    ctx: Ctx,
    busy: StoredValue<bool>,
    again: StoredValue<bool>,
}

pub fn keep_fresh(ctx: Ctx) {
    let loader = Loader { ctx, busy: StoredValue::new(false), again: StoredValue::new(false) };
    use_live().on_message(Callback::new(move |message| match message {
        Live::Network { device, network, .. } if device == ctx.device => {
            ctx.network.set(network);
            // An answer that is on its way may be older than this.
            if loader.busy.get_value() {
                loader.again.set_value(true);
            }
        }
        Live::Job(job) if job.device == ctx.device => ctx.take_job(*job),
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
            if here || around {
                loader.load();
            }
        }
        Live::Reload => loader.load(),
        _ => {}
    }));
}

impl Loader {
    fn load(self) {
        if self.ctx.deleting.try_get_untracked() != Some(false) {
            return;
        }
        if self.busy.get_value() {
            self.again.set_value(true);
            return;
        }
        // The answer to a save under way says it better.
        if self.ctx.form.parts().saving.get_untracked() {
            set_timeout(
                move || {
                    if self.busy.try_get_value().is_some() {
                        self.load();
                    }
                },
                Duration::from_millis(300),
            );
            return;
        }
        self.busy.set_value(true);
        let account = self.ctx.account.with_untracked(|a| a.id);
        leptos::task::spawn_local(async move {
            let answer = api::device(account, self.ctx.device).await;
            if self.busy.try_update_value(|busy| *busy = false).is_none() {
                return;
            }
            self.take(answer);
            if self.again.try_update_value(std::mem::take) == Some(true) {
                self.load();
            }
        });
    }

    fn take(self, answer: Result<domain::view::DeviceView, ApiError>) {
        let ctx = self.ctx;
        match answer {
            Ok(view) => {
                ctx.form.rebase(view.record);
                ctx.realm.set(view.effective_realm);
                if ctx.realms.with_untracked(|realms| *realms != view.realms) {
                    ctx.realms.set(view.realms);
                }
                ctx.carriers.set(view.carriers);
                ctx.network.set(view.network);
                if let Some(job) = view.last_job {
                    ctx.take_job(job);
                }
                ctx.gone.set(None);
            }
            Err(ApiError::Problem(problem @ (Problem::Deleted { .. } | Problem::NotFound | Problem::NotAllowed { .. })))
                if !ctx.deleting.get_untracked() =>
            {
                ctx.gone.set(Some(problem.to_string()));
            }
            // A broken connection is told by the banner of the stream.
            Err(_) => {}
        }
    }
}
