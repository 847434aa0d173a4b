//! The rows, older ones on demand, new ones as they happen.

use super::{filter::Filter, restore, row::Row};
use crate::{
    api,
    live::{Fresh, Missed, use_live},
    ui::Pages,
};
use domain::{
    AccountId,
    view::{ActivityAsk, ActivityPage, ActivityRow, Live},
};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct State {
    pub account: AccountId,
    /// What the list is narrowed to.
    pub ask: StoredValue<ActivityAsk>,
    fresh: Fresh,
    /// The row that is about to be restored.
    pub restoring: RwSignal<Option<ActivityRow>>,
}

impl State {
    pub fn refresh(self) {
        self.fresh.load();
    }
}

/// How long new rows gather before they are asked for.
const SOON: Duration = Duration::from_millis(500);

/// Puts the newest over what is there: new rows come, and a deletion that was undone loses its button.
fn put(rows: &mut Vec<ActivityRow>, next: RwSignal<Option<i64>>, page: ActivityPage) {
    let Some(oldest) = page.rows.last().map(|row| row.event.seq) else { return };
    // More new ones than a page: what is between would be missing.
    let gap = page.next.is_some() && rows.first().is_some_and(|row| row.event.seq < oldest);
    if gap || rows.is_empty() {
        rows.clear();
        next.set(page.next);
    }
    rows.retain(|row| row.event.seq < oldest);
    rows.splice(0..0, page.rows);
}

#[component]
pub fn List(account: AccountId, ask: ActivityAsk, first: ActivityPage) -> impl IntoView {
    let (pages, asked) = (Pages::new(first.rows, first.next), StoredValue::new(ask.clone()));
    let fresh = Fresh::new(move || {
        Box::pin(async move {
            let ask = asked.try_get_value().ok_or(Missed::Until)?;
            let page = api::activity(account, ask).await?;
            pages.rows.try_update(|rows| put(rows, pages.next, page));
            Ok(())
        })
    });
    let state = State { account, ask: asked, fresh, restoring: RwSignal::new(None) };
    use_live().on_message(Callback::new(move |message| {
        if matches!(message, Live::Event(_) | Live::Reload) {
            state.fresh.load_in(SOON);
        }
    }));
    let role = first.role;
    let none = Memo::new(move |_| pages.rows.with(Vec::is_empty));
    view! {
        <Filter ask=ask operators=first.operators device=first.device_name seat=first.seat_name />
        <Show when=move || none.get()>
            <p class="card empty">"Nothing happened here yet."</p>
        </Show>
        <ol class="events" hidden=move || none.get()>
            <For each=move || pages.rows.get() key=|row| (row.event.seq, row.restorable_until) let:row>
                <Row row=row role=role state=state />
            </For>
        </ol>
        {pages.more("Load older", "older row", move |before| {
            let ask = ActivityAsk { before, ..asked.get_value() };
            Box::pin(async move {
                let page = api::activity(account, ask).await?;
                Ok((page.rows, page.next))
            })
        })}
        <restore::Restore state=state />
    }
}
