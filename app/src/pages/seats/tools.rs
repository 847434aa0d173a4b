//! Search box and filter: they change the page's address, and the list follows it.

use super::{keys::Arrival, query::Query};
use crate::{
    guard,
    layout::use_account,
    offline::with_standing,
    ui::{Icon, input_value, set_input_value},
};
use leptos::prelude::*;
use std::time::Duration;

/// How long typing rests before the list is asked.
const REST: Duration = Duration::from_millis(220);
pub const SEARCH: &str = "seat-search";

/// Changes the page's address in place.
fn change(query: Memo<Query>, change: impl FnOnce(&Query) -> Query) {
    let Some(now) = query.try_get_untracked() else { return };
    let next = change(&now);
    if next != now {
        guard::guarded_replace(window().location().pathname().unwrap_or_default() + &next.string());
    }
}

#[component]
pub fn Tools(query: Memo<Query>, arrival: Arrival) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let account = use_account();
    let kept = Memo::new(move |_| {
        let account = account.with(|a| a.id);
        with_standing(|standing| standing.work.iter().filter(|work| work.key.account == account).count())
    });
    let stop_waiting = move || {
        if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop_waiting);
    let search = move || {
        stop_waiting();
        let text = input_value(SEARCH);
        if query.with_untracked(|query| query.text == text) {
            // There is nothing to ask: what stands there is the answer.
            arrival.arrived();
        }
        change(query, |query| Query { text, ..query.clone() });
    };
    let search_soon = move || {
        stop_waiting();
        arrival.pending();
        arrival.forget();
        waiting.set_value(set_timeout_with_handle(search, REST).ok());
    };
    // What was typed before the page was alive is a search too; later, Back and Forward write into the box.
    Effect::new(move |before: Option<()>| {
        let text = query.with(|query| query.text.clone());
        if before.is_none() {
            if input_value(SEARCH) != text {
                search_soon();
            }
        } else if input_value(SEARCH).trim() != text.trim() && waiting.with_value(Option::is_none) {
            set_input_value(SEARCH, &text);
        }
    });
    view! {
        <form
            class="tools"
            role="search"
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                if !arrival.open() {
                    search();
                }
            }
        >
            <div class="search">
                <Icon name="search" />
                <input
                    id=SEARCH
                    type="search"
                    aria-label="Search seats"
                    placeholder="Search name, extension, username, MAC, IP…"
                    aria-keyshortcuts="/"
                    autocomplete="off"
                    spellcheck="false"
                    value=query.get_untracked().text
                    on:input=move |_| search_soon()
                    on:keydown=move |ev| {
                        match ev.key().as_str() {
                            "ArrowDown" => {
                                ev.prevent_default();
                                let rests = waiting.with_value(Option::is_some);
                                if rests {
                                    arrival.pending();
                                }
                                arrival.focus();
                                if rests {
                                    search();
                                }
                            }
                            "Escape" if !input_value(SEARCH).is_empty() => {
                                ev.prevent_default();
                                set_input_value(SEARCH, "");
                                search();
                            }
                            _ => {}
                        }
                    }
                />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <button
                type="button"
                class="btn"
                aria-pressed=move || if query.with(|q| q.not_registered) { "true" } else { "false" }
                title="Seats with an enabled device that registers by password and is not registered now"
                on:click=move |_| change(query, |q| Query { not_registered: !q.not_registered, ..q.clone() })
            >
                "Not registered"
            </button>
            {move || {
                let kept = kept.get();
                (kept > 0 || query.with(|q| q.drafts))
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                aria-pressed=move || if query.with(|q| q.drafts) { "true" } else { "false" }
                                title="What is kept unsaved on this computer"
                                on:click=move |_| change(query, |q| Query { drafts: !q.drafts, ..q.clone() })
                            >
                                "Unsaved drafts · "
                                {kept}
                            </button>
                        }
                    })
            }}
        </form>
    }
}
