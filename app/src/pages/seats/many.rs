//! Many at once, from the list: what is ticked, or all that the search shows. First what would come of it, then it begins.

use super::query::Query;
use crate::{
    api, guard,
    pages::batches::{inputs, read_pace},
    ui::{Button, Dialog, ErrorNote, count, ids::new_operation, offline, thousands},
};
use domain::batch::Pace;
use domain::vendor::Action;
use domain::view::{BatchOf, BatchPreview};
use domain::{AccountId, SeatId};
use leptos::{prelude::*, task::spawn_local};

/// The ticked seats, from the context of the page.
#[derive(Clone, Copy)]
pub struct Ticked(pub RwSignal<Vec<SeatId>>);

impl Ticked {
    pub fn provide() -> Self {
        let ticked = Self(RwSignal::new(Vec::new()));
        provide_context(ticked);
        ticked
    }

    pub fn set(self, seat: SeatId, on: bool) {
        self.0.update(|all| {
            all.retain(|other| *other != seat);
            if on {
                all.push(seat);
            }
        });
    }
}

/// The button, and the question behind it.
#[component]
pub fn Many(account: AccountId, query: Memo<Query>, ticked: Ticked) -> impl IntoView {
    let open = RwSignal::new(false);
    let n = Memo::new(move |_| ticked.0.with(Vec::len));
    view! {
        <Button disabled=offline() on_press=Callback::new(move |()| open.set(true))>
            {move || match n.get() {
                0 => "Reboot many…".to_owned(),
                n => format!("Reboot {n} ticked…"),
            }}
        </Button>
        {move || {
            (n.get() > 0)
                .then(|| {
                    view! {
                        <button type="button" class="linkish" on:click=move |_| ticked.0.set(Vec::new())>
                            "untick all"
                        </button>
                    }
                })
        }}
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=Signal::stored("Reboot many".to_owned())>
            {move || question(account, query, ticked, open)}
        </Dialog>
    }
}

fn question(account: AccountId, query: Memo<Query>, ticked: Ticked, open: RwSignal<bool>) -> AnyView {
    let seats = ticked.0.get_untracked();
    let of = match (seats.is_empty(), query.get_untracked()) {
        (false, _) => BatchOf::Seats(seats.clone()),
        (true, query) => BatchOf::Search(query.ask(None)),
    };
    let which = match (seats.len() as u64, query.with_untracked(Query::narrows)) {
        (0, true) => "All seats that the search shows".to_owned(),
        (0, false) => "All seats of the account".to_owned(),
        (n, _) => count(n, "ticked seat"),
    };
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let preview = RwSignal::new(None::<BatchPreview>);
    let action = RwSignal::new(Action::Reboot);
    let of = StoredValue::new(of);
    let look = move |pace: Pace| {
        spawn_local(async move {
            match api::preview_batch(account, of.get_value(), pace).await {
                Ok(found) => {
                    preview.try_set(Some(found));
                }
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    look(Pace::default());
    // One name for this request, however often it is sent.
    let operation = new_operation();
    let start = Callback::new(move |()| {
        let Some(pace) = read_pace() else {
            return error.set(Some("The pace is 1 to 1000 a minute.".into()));
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::start_batch(account, operation, of.get_value(), action.get_untracked(), pace).await {
                Ok(batch) => {
                    ticked.0.try_set(Vec::new());
                    open.try_set(false);
                    guard::guarded_navigate(format!("/a/{account}/batches/{batch}"));
                }
                Err(problem) => {
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let pick = move |which: Action, label: &'static str, words: &'static str| {
        view! {
            <label class="pick">
                <input type="radio" name="action" checked=which == Action::Reboot on:change=move |_| action.set(which) />
                <span>{label} <span class="sub">" " {words}</span></span>
            </label>
        }
    };
    view! {
        <p><strong>{which}</strong>{move || preview.get().map(|p| reach(&p))}</p>
        <fieldset class="picks">
            <legend>"What"</legend>
            {pick(Action::Reboot, "Reboot", "each phone restarts; calls in progress are cut")}
            {pick(Action::Resync, "Resync", "each phone fetches its configuration again")}
        </fieldset>
        <fieldset class="picks pace" on:change=move |_| if let Some(pace) = read_pace() { look(pace) }>
            <legend>"Pace"</legend>
            {inputs(Pace::default())}
        </fieldset>
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button
                class="primary"
                busy=busy
                disabled=Signal::derive(move || preview.with(|p| p.is_none_or(|p| p.reachable == 0)))
                on_press=start
            >
                {move || preview.get().map_or_else(|| "Start".to_owned(), |p| ["Start with ", &count(p.reachable, "phone")].concat())}
            </Button>
        </div>
    }
    .into_any()
}

/// How many can be reached, and why the others can't.
fn reach(preview: &BatchPreview) -> AnyView {
    let others = [
        (preview.not_registered, "not registered"),
        (preview.not_reachable, "with a closed connection"),
        (preview.never_register, "with IP authentication, which does not register"),
    ];
    let others: Vec<(u64, &str)> = others.into_iter().filter(|(n, _)| *n > 0).collect();
    let why: Vec<String> = others.iter().map(|(n, words)| [&thousands(*n), " ", words].concat()).collect();
    let others = match others[..] {
        [] => String::new(),
        [(n, words)] => [" ", &thousands(n), " can't: ", words, "."].concat(),
        _ => [" ", &thousands(others.iter().map(|(n, _)| n).sum()), " can't: ", &why.join(", "), "."].concat(),
    };
    let time = match preview.minutes {
        0 => " All are asked at once.".to_owned(),
        n => [" Asking them takes about ", &count(u64::from(n), "minute"), "."].concat(),
    };
    view! {
        ": "
        {count(preview.devices, "enabled device")}
        ", "
        <strong>{thousands(preview.reachable)} " can be reached now."</strong>
        {others}
        {(preview.reachable > 0).then_some(time)}
    }
    .into_any()
}
