//! Who is not heard for having guessed passwords: a user from one address, until a moment or until an admin lifts it.

use super::{Part, State};
use crate::{
    api,
    live::use_live,
    ui::{ErrorNote, Until, answered_quietly, ask, count},
};
use domain::{EventKind, PenaltyLine, view::Live};
use leptos::{prelude::*, task::spawn_local};

type Lines = RwSignal<Vec<PenaltyLine>>;

#[component]
pub fn Blocked(state: State) -> impl IntoView {
    let asked = ask(move || api::penalties(state.account));
    view! {
        <section class="card" aria-labelledby="h-blocked">
            <h2 id="h-blocked">"Blocked sources"</h2>
            <p class="sub">
                "After 20 wrong passwords for a username from one address within a minute, Seatline refuses that username from that address for 30 seconds. Other usernames there, and the same one from elsewhere, are not affected."
            </p>
            {answered_quietly(asked, move |answer| list(state, RwSignal::new(answer.unwrap_or_default())))}
        </section>
    }
}

fn list(state: State, lines: Lines) -> AnyView {
    let part = Part::new();
    let look = move || {
        spawn_local(async move {
            if let Ok(now) = api::penalties(state.account).await {
                lines.try_set(now);
            }
        });
    };
    use_live().on_message(Callback::new(move |message| {
        if matches!(&message, Live::Event(event) if matches!(event.kind, EventKind::BlockLifted)) || matches!(message, Live::Reload) {
            look();
        }
    }));
    let line = move |line: PenaltyLine| {
        let (source, realm, username) = (line.source.clone(), line.realm.clone(), line.username.clone());
        let what = [username.as_str(), " from ", &source].concat();
        let lift = move |_| {
            let call = api::lift_penalty(state.account, source.clone(), realm.clone(), username.clone());
            state.act(part, call, "The block is lifted.", look);
        };
        view! {
            <li>
                <span class="grow">
                    <strong>{line.username}"@"{line.realm}</strong>
                    " from "
                    <code>{line.source}</code>
                    <span class="sub">", "{count(line.failures.into(), "failure")}", for "<Until at=line.until /></span>
                </span>
                <button type="button" class="btn small" on:click=lift>
                    "Lift"
                    <span class="visually-hidden">" the block of "{what}</span>
                </button>
            </li>
        }
    };
    let none = move || lines.with(Vec::is_empty).then_some("None now.");
    view! {
        <p class="sub small">{none}</p>
        <ul class="lines">
            <For
                each=move || lines.get()
                key=|line| (line.source.clone(), line.realm.clone(), line.username.clone(), line.until)
                children=line
            />
        </ul>
        <ErrorNote error=part.error />
        <button type="button" class="btn small" on:click=move |_| look()>
            "Look again"
            <span class="visually-hidden">" for blocked sources"</span>
        </button>
    }
    .into_any()
}
