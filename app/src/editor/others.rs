//! Who else looks at or edits this device now: a line, not a lock.

use super::context::Ctx;
use crate::{
    api,
    live::{LiveHandle, use_live},
    ui::random,
};
use domain::presence::{AGAIN, Doing};
use domain::view::Live;
use leptos::prelude::*;
use std::time::Duration;

pub fn line(ctx: Ctx) -> AnyView {
    let words = RwSignal::new(String::new());
    let live = use_live();
    // In the browser alone.
    Effect::new(move || tell(ctx, live, words));
    let shown = move || {
        let words = words.get();
        (!words.is_empty()).then(|| view! { <p class="sub" role="status">{words}</p> })
    };
    shown.into_any()
}

/// Says what this tab does: now, when that changes or somebody else's does, and again and again.
fn tell(ctx: Ctx, live: LiveHandle, words: RwSignal<String>) {
    let mut tab = [0; 16];
    random(&mut tab);
    let tab = uuid::Uuid::from_bytes(tab);
    let account = ctx.account.with_untracked(|a| a.id);
    let say = move |doing| {
        leptos::task::spawn_local(async move {
            if let Ok(now) = api::look(account, ctx.device, tab, doing).await {
                words.try_set(now);
            }
        });
    };
    let modified = ctx.form.unsaved_count();
    let again = move || {
        if let Some(modified) = modified.try_get_untracked() {
            say(if modified > 0 { Doing::Edits } else { Doing::Looks });
        }
    };
    live.on_message(Callback::new(move |message| {
        if matches!(message, Live::Presence(device) if device == ctx.device) || matches!(message, Live::Reload) {
            again();
        }
    }));
    let edits = Memo::new(move |_| modified.get() > 0);
    Effect::new(move || {
        // Read, not tracked alone: a memo that nobody read does not follow anything.
        let _ = edits.get();
        again();
    });
    let timer = set_interval_with_handle(again, Duration::from_millis(AGAIN as u64));
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        say(Doing::Left);
    });
}
