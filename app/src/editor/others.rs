//! Who else looks at or edits this device now: a line, not a lock.

use super::context::Ctx;
use crate::{api, layout::use_me, live::use_live, ui::random};
use domain::presence::{AGAIN, Doing, Onlooker};
use domain::view::Live;
use leptos::prelude::*;
use std::time::Duration;

pub fn line(ctx: Ctx) -> AnyView {
    let who = RwSignal::new(Vec::<Onlooker>::new());
    use_live().on_message(Callback::new(move |message| {
        if let Live::Presence { device, who: now } = message
            && device == ctx.device
        {
            who.set(now);
        }
    }));
    // In the browser alone.
    Effect::new(move || tell(ctx, who));
    let me = use_me().0.with_untracked(|me| me.as_ref().map(|me| me.id));
    let words = move || {
        let others = who.with(|who| who.iter().filter(|o| Some(o.id) != me).map(said).collect::<Vec<_>>());
        (!others.is_empty()).then(|| view! { <p class="sub" role="status">{others.join(" ")}</p> })
    };
    words.into_any()
}

fn said(other: &Onlooker) -> String {
    other.name.clone() + if other.edits { " is editing this device now." } else { " is looking at this device now." }
}

/// Says what this tab does: now, when that changes, and again and again.
fn tell(ctx: Ctx, who: RwSignal<Vec<Onlooker>>) {
    let mut bytes = [0; 16];
    random(&mut bytes);
    let tab = uuid::Uuid::from_bytes(bytes);
    let account = ctx.account.with_untracked(|a| a.id);
    let say = move |doing| {
        leptos::task::spawn_local(async move {
            if let Ok(now) = api::look(account, ctx.device, tab, doing).await {
                who.try_set(now);
            }
        });
    };
    let modified = ctx.form.unsaved_count();
    let doing = Memo::new(move |_| if modified.get() > 0 { Doing::Edits } else { Doing::Looks });
    Effect::new(move || say(doing.get()));
    let again = move || {
        if let Some(doing) = doing.try_get_untracked() {
            say(doing);
        }
    };
    let timer = set_interval_with_handle(again, Duration::from_millis(AGAIN as u64));
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        say(Doing::Left);
    });
}
