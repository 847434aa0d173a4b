//! One of them: progress, pause, cancel, the pace, the result of each device.

use super::words;
use crate::{
    api,
    layout::use_account,
    live::{Fresh, Missed, use_live},
    ui::{Button, ErrorNote, Icon, Pages, Pill, Time, announce, ask, count, input_value, is_checked, loaded, set_title, table, thousands},
};
use domain::batch::{Control, Pace, State};
use domain::view::{BatchRow, BatchView, Live};
use domain::{AccountId, BatchId, Role};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

#[derive(Clone, Copy)]
struct Page {
    account: AccountId,
    id: BatchId,
    view: RwSignal<BatchView>,
    pages: Pages<BatchRow, u32>,
    error: RwSignal<Option<String>>,
    fresh: Fresh,
}

/// How long what happens gathers before it is asked for.
const SOON: Duration = Duration::from_millis(300);

/// `/a/{account}/batches/{batch}`
#[component]
pub fn Batch(batch: BatchId) -> impl IntoView {
    let account = use_account();
    let asked = ask(move || api::batch(account.with(|a| a.id), batch, None));
    loaded(asked, move |view| {
        set_title(words::title(view.line.action).to_owned());
        let account = account.with_untracked(|a| a.id);
        let (pages, view) = (Pages::new(view.rows.clone(), view.next), RwSignal::new(view));
        let fresh = Fresh::new(move || Box::pin(again(account, batch, view, pages)));
        let page = Page { account, id: batch, view, pages, error: RwSignal::new(None), fresh };
        page.listen();
        page.shown()
    })
}

/// Asks again for as many rows as are shown.
async fn again(
    account: AccountId,
    id: BatchId,
    view: RwSignal<BatchView>,
    Pages { rows, next, .. }: Pages<BatchRow, u32>,
) -> Result<(), Missed> {
    let wanted = rows.try_with_untracked(Vec::len).ok_or(Missed::Until)?;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let mut page = api::batch(account, id, after).await?;
        all.append(&mut page.rows);
        after = page.next;
        if after.is_none() || all.len() >= wanted {
            view.try_set(page);
            break;
        }
    }
    if rows.try_with_untracked(Vec::len).is_some_and(|shown| shown > wanted) {
        // "Load more" was quicker.
        return Err(Missed::Soon);
    }
    next.try_set(after);
    rows.try_set(all);
    Ok(())
}

impl Page {
    fn listen(self) {
        use_live().on_message(Callback::new(move |message| {
            if matches!(&message, Live::Batch(batch) if *batch == self.id) || matches!(message, Live::Reload) {
                self.fresh.load_in(SOON);
            }
        }));
    }

    fn control(self, control: Control, said: &'static str) {
        spawn_local(async move {
            match api::control_batch(self.account, self.id, control).await {
                Ok(()) => {
                    self.error.try_set(None);
                    announce(said);
                    self.fresh.load();
                }
                Err(problem) => {
                    self.error.try_set(Some(problem.to_string()));
                }
            }
        });
    }

    fn shown(self) -> AnyView {
        let view = self.view.get_untracked();
        let account = self.account;
        let state = Memo::new(move |_| self.view.with(|v| v.line.state));
        let acts = move || {
            let edits = self.view.with_untracked(|v| v.role >= Role::Operator);
            (edits && !state.get().is_over() && self.view.with(|v| v.line.ended.is_none())).then(|| acts(self, state.get()))
        };
        let rows = view! {
            <For each=move || self.pages.rows.get() key=|row| (row.n, row.started, row.outcome.is_some()) let:row>
                {line(account, row)}
            </For>
        }
        .into_any();
        view! {
            <p class="crumbs">
                <a href=format!("/a/{account}/seats")>"Seats"</a>
                " / "
                <a href=format!("/a/{account}/batches")>"Many at once"</a>
                " / "
                {words::title(view.line.action)}
            </p>
            <header class="page">
                <div class="grow">
                    <h1>{words::title(view.line.action)}</h1>
                    <p class="sub">"Asked by " {view.line.asked_by} " " <Time at=view.line.asked /> ". This page can be closed: it goes on."</p>
                </div>
                {acts}
            </header>
            {move || self.view.with(progress)}
            {move || pace(self, state.get())}
            <ErrorNote error=self.error />
            {table("batch", "Devices", &["Device", "Seat", "Asked", "Result"], rows)}
            {self.pages.more("Load more", "more row", move |after| {
                Box::pin(async move {
                    let page = api::batch(self.account, self.id, after).await?;
                    Ok((page.rows, page.next))
                })
            })}
        }
        .into_any()
    }
}

fn acts(page: Page, state: State) -> AnyView {
    let pause = match state {
        State::Paused => ("Go on", Control::Resume, "It goes on."),
        _ => ("Pause", Control::Pause, "Paused."),
    };
    view! {
        <Button on_press=Callback::new(move |()| page.control(pause.1, pause.2))>{pause.0}</Button>
        <Button class="danger" on_press=Callback::new(move |()| page.control(Control::Cancel, "Cancelled."))>
            "Cancel the rest"
        </Button>
    }
    .into_any()
}

fn progress(view: &BatchView) -> AnyView {
    let ended: u64 = view.outcomes.iter().map(|(_, n)| n).sum();
    let all = ended + view.waiting + view.running;
    let (state, running, waiting) = (view.line.state, view.running, view.waiting);
    let outcomes = view
        .outcomes
        .iter()
        .map(|(outcome, n)| {
            let (tone, icon) = words::tone(outcome);
            view! {
                <li class=["ended ", tone].concat()>
                    <Icon name=icon />
                    <span>
                        <strong class="n">{thousands(*n)}</strong>
                        " "
                        {words::outcome(outcome)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card progress" aria-label="Progress">
            <p role="status">
                <Pill dot=words::dot(state)>{words::state(state)}</Pill>
                " "
                <strong class="n">{thousands(ended)} " of " {count(all, "device")}</strong>
                <span class="sub">" · " {thousands(running)} " under way · " {thousands(waiting)} " waiting"</span>
            </p>
            <progress max=all.to_string() value=ended.to_string() aria-label="Devices that are done"></progress>
            <ul class="outcomes">{outcomes}</ul>
        </section>
    }
    .into_any()
}

/// The pace, while there is something to pace.
fn pace(page: Page, state: State) -> AnyView {
    let (pace, edits) = page.view.with_untracked(|v| (v.pace, v.role >= Role::Operator));
    if state.is_over() || !edits {
        return ().into_any();
    }
    let submit = move |ev: web_sys::SubmitEvent| {
        ev.prevent_default();
        match read_pace() {
            Some(pace) => page.control(Control::Pace(pace), "The pace is changed."),
            None => page.error.set(Some("The pace is 1 to 1000 a minute.".into())),
        }
    };
    view! {
        <form class="tools pace" method="dialog" on:submit=submit>
            {inputs(pace)}
            <Button kind="submit" class="small">"Change the pace"</Button>
        </form>
    }
    .into_any()
}

/// Two inputs for a pace, and a box for none.
pub fn inputs(pace: Pace) -> AnyView {
    let off = RwSignal::new(pace.is_off());
    let pace = if pace.is_off() { Pace::default() } else { pace };
    let input = |id: &'static str, n: u32, words: &'static str| {
        view! {
            <label for=id>
                <input
                    id=id
                    type="number"
                    min="1"
                    max="1000"
                    inputmode="numeric"
                    autocomplete="off"
                    disabled=move || off.get()
                    value=n.to_string()
                />
                " "
                {words}
            </label>
        }
    };
    view! {
        {input("pace-all", pace.in_all, "a minute in all")}
        {input("pace-source", pace.of_source, "a minute for one source address")}
        <label for="pace-off">
            <input
                id="pace-off"
                type="checkbox"
                autocomplete="off"
                checked=off.get_untracked()
                on:change=move |ev| off.set(event_target_checked(&ev))
            />
            " No pace"
        </label>
        {move || off.get().then(|| view! { <p class="sub small">{NO_PACE}</p> })}
    }
    .into_any()
}

const NO_PACE: &str = "All are asked within moments: offices lose every phone at the same time, and all load their configuration at once.";

/// What stands in the inputs, if it is a pace.
pub fn read_pace() -> Option<Pace> {
    if is_checked("pace-off") {
        return Some(Pace::OFF);
    }
    let read = |id| input_value(id).trim().parse::<u32>().ok();
    Pace::new(read("pace-all")?, read("pace-source")?)
}

fn line(account: AccountId, row: BatchRow) -> AnyView {
    let result = match (&row.outcome, row.started) {
        (Some(outcome), _) => {
            let (tone, icon) = words::tone(outcome);
            view! { <span class=["ended ", tone].concat()><Icon name=icon /> {words::outcome(outcome)}</span> }.into_any()
        }
        (None, Some(_)) => view! { <span class="busy">"Watching the phone…"</span> }.into_any(),
        (None, None) => view! { <span class="sub">"waiting"</span> }.into_any(),
    };
    view! {
        <tr>
            <td class="name">
                <a href=format!("/a/{account}/seats/{}/devices/{}", row.seat, row.device)>{row.device_name}</a>
            </td>
            <td>{row.seat_name}</td>
            <td>
                {row.started.map(|at| view! { <Time at=at seconds=true /> })}
                {row.source.map(|source| view! { <span class="sub small">" " {source.to_string()}</span> })}
            </td>
            <td>{result}</td>
        </tr>
    }
    .into_any()
}
