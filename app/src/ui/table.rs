//! A list as a table, whose rows are cards where the page is narrow.

use leptos::prelude::*;

/// `caption` is its name, which is heard and not seen; `class`: more than `list cards`, or nothing.
pub fn table(class: &'static str, caption: &'static str, heads: &'static [&'static str], rows: AnyView) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <div class="tablewrap">
            <table class=["list cards ", class].concat()>
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
