//! The rows, older ones on demand, new ones as they happen.

use super::row;
use crate::{
    api,
    live::{Fresh, use_live},
    ui::{Banner, Button, ErrorNote, announce, count},
};
use domain::view::{HistoryCursor, HistoryPage, Live, Point};
use domain::{AccountId, DeviceId};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

#[derive(Clone, Copy)]
struct State {
    account: AccountId,
    device: DeviceId,
    points: RwSignal<Vec<Point>>,
    next: RwSignal<Option<HistoryCursor>>,
    flapping: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    fresh: Fresh,
}

/// How long new rows gather before they are asked for.
const SOON: Duration = Duration::from_millis(300);

impl State {
    fn older(self) {
        self.busy.set(true);
        let before = self.next.get_untracked();
        spawn_local(async move {
            let answer = api::device_history(self.account, self.device, before).await;
            self.busy.try_set(false);
            match answer {
                // The rows that it follows are gone: so many new ones came.
                Ok(_) if self.next.try_get_untracked() != Some(before) => {}
                Ok(page) => {
                    announce(count(page.points.len() as u64, "older row"));
                    self.next.try_set(page.next);
                    self.points.try_update(|points| points.extend(page.points));
                    self.error.try_set(None);
                }
                Err(problem) => {
                    self.error.try_set(Some(problem.to_string()));
                }
            }
        });
    }

    fn hear(self, message: &Live) {
        let mine = match message {
            Live::Network { device, .. } => *device == self.device,
            Live::Job(job) => job.device == self.device,
            Live::Event(event) => event.device == Some(self.device),
            Live::Batch(_) | Live::Presence(_) => false,
            Live::Reload => true,
        };
        if mine {
            self.fresh.load_in(SOON);
        }
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
    let (points, next, flapping) = (RwSignal::new(first.points), RwSignal::new(first.next), RwSignal::new(first.flapping));
    let fresh = Fresh::new(move || {
        Box::pin(async move {
            let page = api::device_history(account, device, None).await?;
            flapping.try_set(page.flapping);
            points.try_update(|points| put(points, next, page));
            Ok(())
        })
    });
    let state = State { account, device, points, next, flapping, busy: RwSignal::new(false), error: RwSignal::new(None), fresh };
    use_live().on_message(Callback::new(move |message| state.hear(&message)));
    let none = Memo::new(move |_| state.points.with(Vec::is_empty));
    view! {
        <Show when=move || state.flapping.get()>
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
            <For each=move || state.points.get() key=row::version let:point>
                {row::row(point)}
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
    }
}
