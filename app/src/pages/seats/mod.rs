//! The list of seats: searched, filtered, sorted, alive.

mod drafts;
mod head;
mod keys;
mod list;
mod looked;
mod many;
mod query;
mod row;
mod tools;

use crate::{
    api,
    layout::{AccountCtx, use_account},
    routes::use_query,
    ui::{Button, ErrorPage, Icon, NeedsConnection, answered, answered_quietly, ask, offline, set_title},
};
use leptos::prelude::*;
use query::Query;

/// `/a/{account}/seats?q=&sort=&desc=&not_registered=&drafts=`
#[component]
pub fn Seats() -> impl IntoView {
    set_title("Seats".to_owned());
    let account = use_account();
    let query_map = use_query();
    let query = Memo::new(move |_| query_map.with(Query::read));
    let id = Memo::new(move |_| account.with(|a| a.id));
    // The first page; the list asks for what comes after by itself, so that its elements stay.
    // What was asked for without a connection is asked again with one.
    let again = RwSignal::new(0_u32);
    let page = ask(move || {
        again.track();
        api::seats(id.get(), query.get_untracked().ask(None))
    });
    let totals = RwSignal::new(None);
    let drafts = Memo::new(move |_| query.with(|q| q.drafts));
    let ticked = many::Ticked::provide();
    let arrival = keys::Arrival::new();
    keys::slash_searches();
    view! {
        <header class="page">
            <div class="grow">
                <h1>"Seats"</h1>
                <p class="sub counts">
                    {answered_quietly(page, move |page| {
                        let first = page.ok().map(|page| head::Totals::of(&page));
                        view! { <span>{move || head::counts(totals.get().or(first))}</span> }.into_any()
                    })}
                </p>
            </div>
            <Show when=move || account.with(AccountCtx::edits)>
                {new_seat(account)}
                <NeedsConnection what="New seats" />
            </Show>
        </header>
        <tools::Tools query=query arrival=arrival />
        <Show when=move || account.with(AccountCtx::edits)>
            <div class="tools many">
                {move || view! { <many::Many account=id.get() query=query ticked=ticked /> }}
                <a href=move || account.with(|a| a.href("/batches"))>"Many at once"</a>
            </div>
        </Show>
        {move || {
            if drafts.get() {
                return view! { <drafts::Drafts account=id.get() /> }.into_any();
            }
            answered(page, move |page| match page {
                Ok(page) => view! { <list::List first=page query=query account=id.get_untracked() totals=totals arrival=arrival /> }.into_any(),
                Err(error) if error.is_offline() => view! { <looked::LookedAt query=query account=id.get_untracked() again=again /> }.into_any(),
                Err(error) => view! { <ErrorPage error=error /> }.into_any(),
            })
        }}
    }
}

/// A link; without a connection it leads nowhere.
fn new_seat(account: Memo<AccountCtx>) -> AnyView {
    let away = offline();
    let words = || view! { <Icon name="plus" /> "New seat" };
    (move || {
        if away.get() {
            return view! { <Button class="primary" disabled=true>{words()}</Button> }.into_any();
        }
        view! { <a class="btn primary" href=move || account.with(|a| a.href("/seats/new"))>{words()}</a> }.into_any()
    })
    .into_any()
}
