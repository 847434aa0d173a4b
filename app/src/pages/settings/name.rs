//! The account's name.

use super::{Part, State, typed::ACCOUNT_NAME};
use crate::{
    api,
    layout::use_me,
    ui::{Button, Entry, ErrorNote, input_value, set_input_value},
};
use domain::rules::text;
use leptos::prelude::*;

#[component]
pub fn Name(state: State) -> impl IntoView {
    let part = Part::new();
    let me = use_me().0;
    let wrong = RwSignal::new(None::<String>);
    let account = state.account;
    let save = move || {
        part.error.set(None);
        let name = match text::name(&input_value(ACCOUNT_NAME), 128) {
            Ok(name) => name,
            Err(fault) => return wrong.set(Some(fault.to_string())),
        };
        wrong.set(None);
        let (shown, was) = (name.clone(), state.view.with_untracked(|view| view.account.name.clone()));
        let call = api::rename_account(account, name, Some(was));
        state.act(part, call, "The name is saved.", move || set_input_value(ACCOUNT_NAME, &shown));
    };
    // Whoever gave it: the frame around the page shows the same name.
    Effect::new(move |before: Option<String>| {
        let name = state.view.with(|view| view.account.name.clone());
        if before.is_some_and(|before| before != name) {
            me.update(|me| {
                if let Some(account) = me.iter_mut().flat_map(|me| &mut me.accounts).find(|a| a.id == account) {
                    account.name.clone_from(&name);
                }
            });
        }
        name
    });
    let administers = Memo::new(move |_| state.administers());
    view! {
        <section class="card" aria-labelledby="h-account">
            <h2 id="h-account">"Account"</h2>
            {move || {
                let name = state.view.with_untracked(|view| view.account.name.clone());
                if administers.get() {
                    view! {
                        <form
                            class="inline"
                            method="dialog"
                            on:submit=move |ev| {
                                ev.prevent_default();
                                save();
                            }
                        >
                            <Entry id=ACCOUNT_NAME label="Name" value=name error=wrong />
                            <Button kind="submit" busy=part.busy>
                                "Save name"
                            </Button>
                        </form>
                    }
                        .into_any()
                } else {
                    view! { <p class="strong">{move || state.view.with(|view| view.account.name.clone())}</p> }.into_any()
                }
            }}
            <ErrorNote error=part.error />
        </section>
    }
}
