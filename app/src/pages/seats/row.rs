//! One line of the list.

use super::{drafts::mark, many::Ticked};
use crate::{
    layout::{AccountCtx, use_account},
    pages::phone::phone,
    ui::{Pill, Time},
};
use domain::{
    AccountId, SeatId,
    view::{SeatPhone, SeatRow},
};
use leptos::prelude::*;

/// A row that stays the same element while what it shows changes.
#[derive(Clone, Copy)]
pub struct Line {
    pub id: SeatId,
    row: RwSignal<SeatRow>,
}

impl Line {
    pub fn new(row: SeatRow) -> Self {
        Self { id: row.id, row: RwSignal::new(row) }
    }

    /// Shows `row` from now on.
    pub fn update(self, row: SeatRow) -> Self {
        if self.row.with_untracked(|now| *now != row) {
            self.row.set(row);
        }
        self
    }
}

/// Devices and phones that are named; of more the rest is counted.
const NAMED: usize = 3;

fn devices(account: AccountId, row: &SeatRow) -> AnyView {
    if row.devices.is_empty() {
        return view! { <span class="sub">"no device yet"</span> }.into_any();
    }
    let links = row
        .devices
        .iter()
        .take(NAMED)
        .enumerate()
        .map(|(i, device)| {
            view! {
                {(i > 0).then_some(", ")}
                <a class="plain" href=format!("/a/{account}/seats/{}/devices/{}", row.id, device.id)>
                    {device.name.clone()}
                </a>
            }
        })
        .collect_view();
    let rest = row.devices.len().saturating_sub(NAMED);
    view! {
        {links}
        {(rest > 0).then(|| view! { <span class="sub">" and "{rest}" more"</span> })}
    }
    .into_any()
}

/// The registered phones, each with its device where the seat has several.
fn phones(row: &SeatRow) -> AnyView {
    let several = row.devices.len() > 1;
    let named = row
        .phones
        .iter()
        .take(NAMED)
        .map(|SeatPhone { device, binding }| {
            let of = several.then(|| [device.as_str(), ": "].concat());
            view! { <p class="sub n phone">{of} {phone(binding)}</p> }
        })
        .collect_view();
    let rest = row.phones.len().saturating_sub(NAMED);
    view! { {named} {(rest > 0).then(|| view! { <p class="sub phone">"and "{rest}" more"</p> })} }.into_any()
}

/// Whether a device's phone is registered, and none of its connections is there any more.
fn lost(row: &SeatRow) -> bool {
    let reached = |device: &str| row.phones.iter().any(|phone| phone.device == device && phone.binding.reachable);
    row.phones.iter().any(|phone| !reached(&phone.device))
}

fn registered(row: &SeatRow) -> AnyView {
    if row.enabled == 0 {
        return view! { <span class="sub">"none"</span> }.into_any();
    }
    let (registered, enabled) = (row.registered, row.enabled);
    let dot = match registered {
        0 => "off",
        n if n < enabled || lost(row) => "some",
        _ => "on",
    };
    view! {
        <Pill dot=dot>
            {registered} " of " {enabled} <span class="visually-hidden">" registered"</span>
        </Pill>
        {phones(row)}
    }
    .into_any()
}

#[component]
pub fn Row(line: Line, account: AccountId) -> impl IntoView {
    let row = line.row;
    let edits = use_account().with_untracked(AccountCtx::edits);
    let tick = use_context::<Ticked>().filter(|_| edits).map(|ticked| {
        view! {
            <input
                type="checkbox"
                class="tick"
                autocomplete="off"
                aria-label=move || ["Tick ", &row.with(|row| row.name.clone())].concat()
                prop:checked=move || ticked.0.with(|all| all.contains(&line.id))
                on:change=move |ev| ticked.set(line.id, event_target_checked(&ev))
            />
        }
    });
    view! {
        <tr>
            <td class="name">
                {tick}
                <a class="open" href=format!("/a/{account}/seats/{}", line.id)>
                    {move || row.with(|row| row.name.clone())}
                </a>
                {mark(line.id)}
            </td>
            <td class="n ext">{move || row.with(|row| row.extension.clone())}</td>
            <td class="devices">{move || row.with(|row| devices(account, row))}</td>
            <td class="registered">{move || row.with(registered)}</td>
            <td class="changed">
                <Time at=Signal::derive(move || row.with(|row| row.changed)) />
                <span class="sub">
                    {move || {
                        row.with(|row| if row.changed_by.is_empty() { String::new() } else { format!(" by {}", row.changed_by) })
                    }}
                </span>
            </td>
        </tr>
    }
}
