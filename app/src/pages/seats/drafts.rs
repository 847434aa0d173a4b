//! What this computer keeps unsaved, in this account: drafts, and what waits.

use crate::{
    offline::{self, Task, Work, with_standing},
    ui::{Button, Mark, Time, count, table},
};
use domain::offline::{Status, Target};
use domain::{AccountId, SeatId};
use leptos::prelude::*;

/// The page that edits it; none where its seat is not known.
fn href(account: AccountId, work: &Work) -> Option<String> {
    let path = match work.key.target {
        Target::Device(device) => format!("/seats/{}/devices/{device}", work.seat?),
        Target::Seat(seat) => format!("/seats/{seat}"),
        Target::Carrier(carrier) => format!("/carriers/{carrier}"),
        Target::NewCarrier => "/carriers/new".to_owned(),
    };
    Some(format!("/a/{account}{path}"))
}

const fn kind(target: Target) -> &'static str {
    match target {
        Target::Device(_) => "device",
        Target::Seat(_) => "seat",
        Target::Carrier(_) => "carrier",
        Target::NewCarrier => "new carrier",
    }
}

/// Where it stands, in words.
fn words(status: Status, signed_out: bool) -> &'static str {
    match status {
        Status::Idle => "Unsaved draft",
        Status::Waiting | Status::Sent if signed_out => "Waiting for a sign-in",
        Status::Waiting | Status::Sent => "Waiting to be saved",
        Status::NeedsChoice => "Needs your choice",
        Status::Refused => "Not saved: refused",
        Status::Gone => "Not saved: deleted meanwhile",
        Status::TooOld | Status::SignedOut => "Not sent: SAVE sends it",
    }
}

/// Marks a seat of which something is kept unsaved: its own values, or a device's.
pub fn mark(seat: SeatId) -> AnyView {
    let drafted = Memo::new(move |_| {
        let here = |work: &&Work| work.seat == Some(seat) || work.key.target == Target::Seat(seat);
        with_standing(|standing| standing.work.iter().find(here).map(|work| words(work.status, standing.signed_out)))
    });
    (move || drafted.get().map(|words| view! { " " <Mark small=true label=words /> })).into_any()
}

#[component]
pub fn Drafts(account: AccountId) -> AnyView {
    let work = Memo::new(move |_| {
        with_standing(|standing| {
            let work: Vec<Work> = standing.work.iter().filter(|work| work.key.account == account).cloned().collect();
            (work, standing.signed_out)
        })
    });
    (move || {
        let (work, signed_out) = work.get();
        if work.is_empty() {
            return view! { <p class="empty" role="status">"Nothing is kept unsaved on this computer."</p> }.into_any();
        }
        let rows = work.into_iter().map(|work| row(account, work, signed_out)).collect_view();
        view! {
            {table("", "Unsaved on this computer", &["Name", "Kind", "State", "Last edited"], rows.into_any())}
        }
        .into_any()
    })
    .into_any()
}

fn row(account: AccountId, work: Work, signed_out: bool) -> AnyView {
    let state = words(work.status, signed_out);
    let name = if work.name.is_empty() { "Without a name".to_owned() } else { work.name.clone() };
    // What was deleted has no page any more.
    let name = match href(account, &work).filter(|_| work.status != Status::Gone) {
        Some(href) => view! { <a class="open" href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <tr>
            <td class="name">{name} " " <Mark small=true label=state /> " " <code class="sub small">{work.detail.clone()}</code></td>
            <td data-label="Kind">{kind(work.key.target)}</td>
            <td data-label="State">
                {state} <span class="sub">" · "{count(work.modified as u64, "field")}</span> {typed(&work)}
            </td>
            <td data-label="Last edited">
                <Time at=work.touched />
            </td>
        </tr>
    }
    .into_any()
}

/// What was typed, to read and copy, also where what it was for is deleted; until it is dropped.
fn typed(work: &Work) -> AnyView {
    if work.typed.is_empty() {
        return ().into_any();
    }
    let (key, gone) = (work.key, work.status == Status::Gone);
    let lines = work.typed.iter().map(|(label, value)| view! { <dt>{*label}</dt><dd><code>{value.clone()}</code></dd> }).collect_view();
    view! {
        <details open=gone>
            <summary>"What you typed"</summary>
            <dl class="left">{lines}</dl>
            <Button class="small" on_press=Callback::new(move |()| offline::tell(Task::Discard(key)))>
                "Drop it"
            </Button>
        </details>
    }
    .into_any()
}
