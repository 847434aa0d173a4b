//! The rows, older ones on demand, new ones as they happen.

use super::row;
use crate::{
    api,
    live::{Fresh, use_live},
    ui::{Banner, Pages},
};
use domain::view::{HistoryCursor, HistoryPage, Live, Point};
use domain::{AccountId, DeviceId};
use leptos::prelude::*;
use std::time::Duration;

/// How long new rows gather before they are asked for.
const SOON: Duration = Duration::from_millis(300);

fn is_of(message: &Live, own: DeviceId) -> bool {
    match message {
        Live::Network { device, .. } => *device == own,
        Live::Job(job) => job.device == own,
        Live::Event(event) => event.device == Some(own),
        Live::Batch(_) | Live::Presence(_) => false,
        Live::Reload => true,
    }
}

/// Puts the newest over what is there.
fn put(points: &mut Vec<Point>, next: RwSignal<Option<HistoryCursor>>, page: HistoryPage) {
    let known = |point: &Point| page.points.iter().any(|new| new.key == point.key);
    // More new ones than a page: what is between would be missing.
    if page.next.is_none() || !points.iter().any(known) {
        points.clear();
        next.set(page.next);
    }
    points.retain(|point| !known(point));
    points.splice(0..0, page.points);
}

#[component]
pub fn List(account: AccountId, device: DeviceId, first: HistoryPage) -> impl IntoView {
    let (pages, flapping) = (Pages::new(first.points, first.next), RwSignal::new(first.flapping));
    let fresh = Fresh::new(move || {
        Box::pin(async move {
            let page = api::device_history(account, device, None).await?;
            flapping.try_set(page.flapping);
            pages.rows.try_update(|points| put(points, pages.next, page));
            Ok(())
        })
    });
    use_live().on_message(Callback::new(move |message| {
        if is_of(&message, device) {
            fresh.load_in(SOON);
        }
    }));
    let none = Memo::new(move |_| pages.rows.with(Vec::is_empty));
    view! {
        <Show when=move || flapping.get()>
            <Banner>
                <p>
                    <strong>"Flapping."</strong>
                    " Its registration dropped 5 times in 10 minutes. A weak network, a NAT that forgets, or two phones with the same credentials look like this."
                </p>
            </Banner>
        </Show>
        <Show when=move || none.get()>
            <p class="card empty">"Nothing happened here yet."</p>
        </Show>
        <ol class="events timeline" hidden=move || none.get()>
            // What goes on in a row (a reboot, tries that are counted) makes it a new one.
            <For each=move || pages.rows.get() key=row::version let:point>
                {row::row(point)}
            </For>
        </ol>
        {pages.more("Load older", "older row", move |before| {
            Box::pin(async move {
                let page = api::device_history(account, device, before).await?;
                Ok((page.points, page.next))
            })
        })}
    }
}
