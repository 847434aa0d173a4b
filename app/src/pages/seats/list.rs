//! The rows, page after page, kept fresh by the live stream.

use super::{
    head::Totals,
    keys::{self, Arrival},
    query::Query,
    row::{Line, Row},
};
use crate::{
    api::{self, ApiError},
    live::use_live,
    ui::{Button, ErrorNote, Icon, announce, count},
};
use domain::{
    AccountId, EventKind,
    view::{Live, SeatRow, SeatSort, SeatsPage},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long changes gather before the list is asked again: those of rows in sight, and those that only change the counts.
const SOON: Duration = Duration::from_millis(700);
const LATER: Duration = Duration::from_secs(10);

/// What the list holds.
#[derive(Clone, Copy)]
struct State {
    account: AccountId,
    query: Memo<Query>,
    /// Counts the questions: an answer to an older one is dropped.
    asked: StoredValue<u32>,
    lines: RwSignal<Vec<Line>>,
    next: RwSignal<Option<String>>,
    totals: RwSignal<Option<Totals>>,
    busy: RwSignal<bool>,
    /// It is asked again, and nobody waits for it.
    refreshing: StoredValue<bool>,
    error: RwSignal<Option<String>>,
    waiting: StoredValue<Option<(bool, TimeoutHandle)>>,
    arrival: Arrival,
}

impl State {
    /// The number of a new question.
    fn begin(self) -> u32 {
        self.asked
            .try_update_value(|n| {
                *n += 1;
                *n
            })
            .unwrap_or_default()
    }

    /// Whether nothing was asked since question `n`; false also when the list is gone.
    fn is_last(self, n: u32) -> bool {
        self.asked.try_get_value() == Some(n)
    }

    /// Asks for the page behind the last row.
    fn more(self) {
        let Some(after) = self.next.get_untracked() else { return };
        let (n, ask) = (self.begin(), self.query.get_untracked().ask(Some(after)));
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::seats(self.account, ask).await;
            self.busy.try_set(false);
            if !self.is_last(n) {
                return;
            }
            match answer {
                Ok(page) => {
                    announce(count(page.rows.len() as u64, "more seat"));
                    self.next.set(page.next);
                    self.lines.update(|lines| lines.extend(page.rows.into_iter().map(Line::new)));
                    self.error.set(None);
                }
                Err(problem) => {
                    self.error.set(Some(problem.to_string()));
                }
            }
        });
    }

    /// Asks again for at least `wanted` rows. Rows that are still there stay the same elements, with the focus in them.
    /// `aloud`: somebody waits for the answer.
    fn refresh(self, wanted: usize, aloud: bool) {
        let (n, query) = (self.begin(), self.query.get_untracked());
        if !aloud {
            self.refreshing.set_value(true);
        }
        spawn_local(async move {
            let answer = self.read(n, &query, wanted).await;
            if !aloud {
                self.refreshing.try_set_value(false);
            }
            match answer {
                Some(Ok((rows, next))) => {
                    keys::keep_focus();
                    if aloud {
                        self.arrival.arrived();
                        let more = if next.is_some() { " and more" } else { "" };
                        announce(count(rows.len() as u64, "seat") + more);
                    }
                    self.show(rows, next);
                }
                Some(Err(problem)) if aloud => {
                    self.arrival.arrived();
                    self.error.set(Some(problem.to_string()));
                }
                Some(Err(_)) => self.refresh_after(false),
                // "Load more" overtook it, and only adds to what is there.
                None if self.busy.try_get_untracked() == Some(true) => self.refresh_after(true),
                None => {}
            }
        });
    }

    /// Page after page, until there are so many rows. None: something else was asked since.
    async fn read(self, n: u32, query: &Query, wanted: usize) -> Option<Result<(Vec<SeatRow>, Option<String>), ApiError>> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let answer = api::seats(self.account, query.ask(after)).await;
            if !self.is_last(n) {
                return None;
            }
            let page = match answer {
                Ok(page) => page,
                Err(problem) => return Some(Err(problem)),
            };
            self.totals.set(Some(Totals::of(&page)));
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() || rows.len() >= wanted {
                return Some(Ok((rows, after)));
            }
        }
    }

    fn show(self, rows: Vec<SeatRow>, next: Option<String>) {
        self.error.set(None);
        self.next.set(next);
        self.lines.update(|lines| {
            *lines = rows
                .into_iter()
                .map(|row| match lines.iter().find(|line| line.id == row.id) {
                    Some(line) => line.update(row),
                    None => Line::new(row),
                })
                .collect();
        });
    }

    /// Refreshes after a while; sooner when a row in sight changed. Signals that follow in between are covered.
    fn refresh_after(self, soon: bool) {
        let pending = self.waiting.with_value(|waiting| waiting.as_ref().map(|(soon, _)| *soon));
        if pending == Some(true) || pending == Some(soon) {
            return;
        }
        if let Some((_, handle)) = self.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        let go = move || {
            if self.waiting.try_update_value(|waiting| *waiting = None).is_none() {
                return;
            }
            if self.busy.get_untracked() || self.refreshing.get_value() {
                // An answer is on its way that this one would have dropped.
                self.refresh_after(soon);
            } else {
                self.refresh(self.lines.with_untracked(Vec::len), false);
            }
        };
        let handle = set_timeout_with_handle(go, if soon { SOON } else { LATER }).ok();
        self.waiting.set_value(handle.map(|handle| (soon, handle)));
    }

    fn hear(self, message: &Live) {
        let in_sight = |id| self.lines.with_untracked(|lines| lines.iter().any(|line| Some(line.id) == id));
        match message {
            Live::Network { seat, .. } => self.refresh_after(in_sight(Some(*seat)) || self.query.with_untracked(|q| q.not_registered)),
            Live::Event(event) => {
                let lists = matches!(
                    event.kind,
                    EventKind::SeatCreated
                        | EventKind::SeatChanged
                        | EventKind::SeatDeleted
                        | EventKind::SeatRestored
                        | EventKind::DeviceCreated
                        | EventKind::DeviceChanged
                        | EventKind::DeviceDeleted
                        | EventKind::DeviceRestored
                );
                if lists {
                    self.refresh_after(true);
                }
            }
            Live::Reload => self.refresh_after(true),
            Live::Job(_) | Live::Batch(_) | Live::Presence(_) => {}
        }
    }
}

#[component]
pub fn List(first: SeatsPage, query: Memo<Query>, account: AccountId, totals: RwSignal<Option<Totals>>, arrival: Arrival) -> impl IntoView {
    let state = State {
        account,
        query,
        asked: StoredValue::new(0),
        lines: RwSignal::new(first.rows.into_iter().map(Line::new).collect()),
        next: RwSignal::new(first.next),
        totals,
        busy: RwSignal::new(false),
        refreshing: StoredValue::new(false),
        error: RwSignal::new(None),
        waiting: StoredValue::new(None),
        arrival,
    };
    arrival.listed(true);
    on_cleanup(move || {
        arrival.listed(false);
        if let Some((_, handle)) = state.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    });
    use_live().on_message(Callback::new(move |message| state.hear(&message)));
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            state.refresh(1, true);
        }
    });
    let none = Memo::new(move |_| state.lines.with(Vec::is_empty));
    view! {
        <div class="tablewrap">
            <table class="list seats" on:keydown=|ev| keys::arrows(&ev)>
                <caption class="visually-hidden">"Seats"</caption>
                <thead>
                    <tr>
                        <Sort query=query sort=SeatSort::Name label="Seat" />
                        <Sort query=query sort=SeatSort::Extension label="Extension" />
                        <th scope="col">"Devices"</th>
                        <th scope="col">"Registered"</th>
                        <Sort query=query sort=SeatSort::Changed label="Last changed" />
                    </tr>
                </thead>
                <tbody>
                    <For each=move || state.lines.get() key=|line| line.id let:line>
                        <Row line=line account=account />
                    </For>
                </tbody>
            </table>
            <Show when=move || none.get()>
                <p class="empty" role="status">
                    {move || if query.with(Query::narrows) { "No seat fits this search." } else { "No seats yet. \"New seat\" makes the first one with its device." }}
                </p>
            </Show>
        </div>
        <ErrorNote error=state.error />
        <Show when=move || state.next.with(Option::is_some)>
            <p class="more">
                <Button busy=state.busy on_press=Callback::new(move |()| state.more())>
                    "Load more"
                </Button>
            </p>
        </Show>
    }
}

/// A heading that sorts: a link, so that it is an address like the search.
#[component]
fn Sort(query: Memo<Query>, sort: SeatSort, label: &'static str) -> impl IntoView {
    let now = Memo::new(move |_| query.with(|q| (q.sort == sort).then_some(if q.descending { "descending" } else { "ascending" })));
    let href = move || match query.with(|q| q.sorted(sort).string()) {
        plain if plain.is_empty() => "?".to_owned(),
        other => other,
    };
    view! {
        <th scope="col" aria-sort=move || now.get()>
            <a class="sort" href=href data-stays="" data-replace="">
                {label}
                {move || now.get().map(|now| view! { <Icon name=if now == "ascending" { "up" } else { "down" } /> })}
            </a>
        </th>
    }
}
