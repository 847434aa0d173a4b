//! What was asked for of many, the newest first.

use super::words;
use crate::{
    api,
    layout::use_account,
    ui::{Pill, Time, ask, loaded, set_title},
};
use domain::{AccountId, view::BatchLine};
use leptos::prelude::*;

/// `/a/{account}/batches`
#[component]
pub fn Batches() -> impl IntoView {
    set_title("Many at once".to_owned());
    let account = use_account();
    let page = ask(move || api::batches(account.with(|a| a.id)));
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/seats"))>"Seats"</a>
            " / Many at once"
        </p>
        <header class="page">
            <div class="grow">
                <h1>"Many at once"</h1>
                <p class="sub">"Reboots and resyncs of many devices. A new one is asked for in the list of seats. Kept for 30 days."</p>
            </div>
        </header>
        {loaded(page, move |page| {
            let account = account.with_untracked(|a| a.id);
            if page.batches.is_empty() {
                return view! { <p class="card empty">"None yet."</p> }.into_any();
            }
            view! { <ol class="events">{page.batches.into_iter().map(|batch| line(account, batch)).collect_view()}</ol> }.into_any()
        })}
    }
}

fn line(account: AccountId, batch: BatchLine) -> AnyView {
    view! {
        <li>
            <span class="when sub n">
                <Time at=batch.asked />
            </span>
            <div class="what">
                <a href=format!("/a/{account}/batches/{}", batch.id)>{words::title(batch.action)}</a>
                ", asked by "
                {batch.asked_by}
            </div>
            <Pill dot=words::dot(batch.state)>{words::state(batch.state)}</Pill>
        </li>
    }
    .into_any()
}
