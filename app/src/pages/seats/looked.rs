//! The list without a connection: the seats of which something was looked at on this computer.

use super::{drafts::mark, query::Query};
use crate::{
    offline as kept,
    ui::{Time, offline, table},
};
use domain::AccountId;
use domain::offline::{Seen, seen};
use leptos::prelude::*;

#[component]
pub fn LookedAt(query: Memo<Query>, account: AccountId, again: RwSignal<u32>) -> AnyView {
    let away = offline();
    Effect::new(move |before: Option<bool>| {
        let now = away.get();
        if before == Some(true) && !now {
            again.update(|again| *again += 1);
        }
        now
    });
    let found = RwSignal::new(None::<Vec<Seen>>);
    Effect::new(move || {
        let text = query.with(|query| query.text.clone());
        leptos::task::spawn_local(async move {
            let (seats, devices) = (kept::looked_at("seat", account).await, kept::looked_at("device", account).await);
            found.try_set(Some(seen(seats, devices, &text)));
        });
    });
    (move || {
        let Some(found) = found.get() else { return ().into_any() };
        if found.is_empty() {
            return view! {
                <p class="empty" role="status">
                    {if query.with(Query::narrows) {
                        "No seat that was looked at on this computer fits this search."
                    } else {
                        "No seat was looked at on this computer, so there is none to show without a connection."
                    }}
                </p>
            }
            .into_any();
        }
        let rows = found.into_iter().map(|seen| row(account, seen)).collect_view();
        view! {
            <p class="sub">"Seats that were looked at on this computer. The others are shown with a connection."</p>
            {table("", "Seats looked at on this computer", &["Seat", "Extension", "Devices", "As of"], rows.into_any())}
        }
        .into_any()
    })
    .into_any()
}

fn row(account: AccountId, seen: Seen) -> AnyView {
    let Seen { seat, devices, at, .. } = seen;
    let devices = devices.into_iter().enumerate().map(|(i, device)| {
        view! {
            {(i > 0).then_some(", ")}
            <a class="plain" href=format!("/a/{account}/seats/{}/devices/{}", seat.id, device.id)>
                {device.name}
            </a>
        }
    });
    view! {
        <tr>
            <td class="name">
                <a class="open" href=format!("/a/{account}/seats/{}", seat.id)>
                    {seat.name}
                </a>
                {mark(seat.id)}
            </td>
            <td data-label="Extension">{seat.extension}</td>
            <td data-label="Devices">{devices.collect_view()}</td>
            <td data-label="As of">
                <Time at=at />
            </td>
        </tr>
    }
    .into_any()
}
