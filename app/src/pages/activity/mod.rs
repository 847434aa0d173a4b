//! Activity: who did what, newest first; what was deleted can be brought back from here.

mod filter;
mod list;
mod restore;
mod row;
mod words;

use crate::{
    api,
    layout::{set_title, use_account},
    ui::loaded,
};
use domain::{
    AccountId,
    view::{ActivityAsk, ActivityPage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the page was asked, with what the server answered first.
type First = (AccountId, ActivityAsk, ActivityPage);

/// `/a/{account}/activity?device=&seat=&operator=`
#[component]
pub fn Activity() -> impl IntoView {
    set_title("Activity".to_owned());
    let account = use_account();
    let query = use_query_map();
    let ask = Memo::new(move |_| (account.with(|a| a.id), query.with(filter::read)));
    let page = Resource::new(
        move || ask.get(),
        |(account, ask)| async move { api::activity(account, ask.clone()).await.map(|page| (account, ask, page)) },
    );
    filter::Chosen::provide();
    view! {
        <header class="page">
            <div class="grow">
                <h1>"Activity"</h1>
                <p class="sub">"Who did what, newest first. What was deleted can be restored for 30 days."</p>
            </div>
        </header>
        {loaded(page, |(account, ask, page): First| view! { <list::List account=account ask=ask first=page /> }.into_any())}
    }
}
