//! Refused tries that belong to no device, one line for each source: what scanners and phones with a wrong username leave behind.

use super::reasons;
use crate::{
    api,
    layout::use_account,
    ui::{Time, ask, count, loaded, set_title, table, thousands},
};
use domain::{OTHER_SOURCES, RefusedBecause, Tried, shown_site, view::TriesPage};
use leptos::prelude::*;

/// `/a/{account}/activity/tries`
#[component]
pub fn Tries() -> impl IntoView {
    set_title("Refused tries".to_owned());
    let account = use_account();
    let page = ask(move || api::tries(account.with(|a| a.id)));
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/activity"))>"Activity"</a>
            " / Refused tries"
        </p>
        <header class="page">
            <div class="grow">
                <h1>"Refused tries"</h1>
                <p class="sub">
                    "Registrations with usernames that no device has, by source, for 30 days. What a device's own phone tries stands in its history."
                </p>
            </div>
        </header>
        {loaded(page, list)}
    }
}

fn list(page: TriesPage) -> AnyView {
    if page.tries.is_empty() {
        return view! { <p class="card empty">"Nobody tried."</p> }.into_any();
    }
    let rows = page.tries.into_iter().map(line).collect_view().into_any();
    view! {
        {table("tries", "Refused tries", &["Source", "Tries", "With", "First", "Last"], rows)}
        {(!page.realms_too)
            .then(|| view! { <p class="sub small">"Tries with a realm that no account has are in no list."</p> })}
    }
    .into_any()
}

fn line(tried: Tried) -> AnyView {
    let alone = tried.why.len() == 1;
    let why = |(why, n): (&RefusedBecause, &u64)| {
        if alone { reasons::words(*why).to_owned() } else { [&thousands(*n), " ", reasons::words(*why)].concat() }
    };
    let why = tried.why.iter().map(why).collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <td class="name">
                {if tried.source == OTHER_SOURCES {
                    "many other sources".into_any()
                } else {
                    view! { <code>{shown_site(tried.source)}</code> }.into_any()
                }}
            </td>
            <td>
                <span class="n">{count(tried.count, "try").replace("trys", "tries")}</span>
                <span class="sub small">" " {why}</span>
            </td>
            <td class="names">
                <code>{tried.names.join(", ")}</code>
            </td>
            <td data-label="First">
                <Time at=tried.first />
            </td>
            <td data-label="Last">
                <Time at=tried.last />
            </td>
        </tr>
    }
    .into_any()
}
