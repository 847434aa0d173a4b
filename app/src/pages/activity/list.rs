//! The rows, older ones on demand, new ones as they happen.

use super::{filter::Filter, restore, row::Row};
use crate::{
    api,
    live::{Fresh, Missed, use_live},
    ui::{Button, ErrorNote, announce, count},
};
use domain::{
    AccountId,
    view::{ActivityAsk, ActivityPage, ActivityRow, Live},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct State {
    pub account: AccountId,
    /// What the list is narrowed to.
    pub ask: StoredValue<ActivityAsk>,
    rows: RwSignal<Vec<ActivityRow>>,
    next: RwSignal<Option<i64>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    fresh: Fresh,
    /// The row that is about to be restored.
    pub restoring: RwSignal<Option<ActivityRow>>,
}

impl State {
    fn older(self) {
        let before = self.next.get_untracked();
        let ask = ActivityAsk { before, ..self.ask.get_value() };
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::activity(self.account, ask).await;
            self.busy.try_set(false);
            match answer {
                // The rows that it follows are gone: so many new ones came.
                Ok(_) if self.next.try_get_untracked() != Some(before) => {}
                Ok(page) => {
                    announce(count(page.rows.len() as u64, "older row"));
                    self.next.try_set(page.next);
                    self.rows.try_update(|rows| rows.extend(page.rows));
                    self.error.try_set(None);
                }
                Err(problem) => {
                    self.error.try_set(Some(problem.to_string()));
                }
            }
        });
    }

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
    let (rows, next, asked) = (RwSignal::new(first.rows), RwSignal::new(first.next), StoredValue::new(ask.clone()));
    let fresh = Fresh::new(move || {
        Box::pin(async move {
            let ask = asked.try_get_value().ok_or(Missed::Until)?;
            let page = api::activity(account, ask).await?;
            rows.try_update(|rows| put(rows, next, page));
            Ok(())
        })
    });
    let state = State {
        account,
        ask: asked,
        rows,
        next,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        fresh,
        restoring: RwSignal::new(None),
    };
    use_live().on_message(Callback::new(move |message| {
        if matches!(message, Live::Event(_) | Live::Reload) {
            state.fresh.load_in(SOON);
        }
    }));
    let role = first.role;
    let none = Memo::new(move |_| state.rows.with(Vec::is_empty));
    view! {
        <Filter ask=ask operators=first.operators device=first.device_name seat=first.seat_name />
        <Show when=move || none.get()>
            <p class="card empty">"Nothing happened here yet."</p>
        </Show>
        <ol class="events" hidden=move || none.get()>
            <For each=move || state.rows.get() key=|row| (row.event.seq, row.restorable_until) let:row>
                <Row row=row role=role state=state />
            </For>
        </ol>
        <ErrorNote error=state.error />
        <Show when=move || state.next.with(Option::is_some)>
            <p class="more">
                <Button busy=state.busy on_press=Callback::new(move |()| state.older())>
                    "Load older"
                </Button>
            </p>
        </Show>
        <restore::Restore state=state />
    }
}
