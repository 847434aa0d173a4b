//! Activity: who did what, newest first; what was deleted can be brought back from here.

mod filter;
mod list;
pub mod reasons;
mod restore;
pub mod row;
mod tries;
pub mod words;

pub use tries::Tries;

use crate::{
    api,
    layout::use_account,
    routes::use_query,
    ui::{ask, loaded, set_title},
};
use leptos::prelude::*;

/// `/a/{account}/activity?device=&seat=&operator=`
#[component]
pub fn Activity() -> impl IntoView {
    set_title("Activity".to_owned());
    let account = use_account();
    let query = use_query();
    let id = Memo::new(move |_| account.with(|a| a.id));
    let filter = Memo::new(move |_| query.with(filter::read));
    let page = ask(move || api::activity(id.get(), filter.get()));
    filter::Chosen::provide();
    view! {
        <header class="page">
            <div class="grow">
                <h1>"Activity"</h1>
                <p class="sub">"Who did what, newest first. What was deleted can be restored for 30 days."</p>
            </div>
            <a class="btn" href=move || account.with(|a| a.href("/activity/tries"))>
                "Refused tries"
            </a>
        </header>
        {loaded(page, move |page| {
            view! { <list::List account=id.get_untracked() ask=filter.get_untracked() first=page /> }.into_any()
        })}
    }
}
