//! Buttons with a busy state.

use super::{announce, copy};
use leptos::prelude::*;
use std::time::Duration;

/// A button; while `busy` it says so, keeps the focus and takes no press.
#[component]
pub fn Button(
    /// Beside `btn`: `primary`, `danger`, `small`…
    #[prop(optional)]
    class: &'static str,
    /// `submit` makes it send the form it stands in.
    #[prop(default = "button")]
    kind: &'static str,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    /// The safe choice of a dialog.
    #[prop(optional)]
    autofocus: bool,
    children: Children,
) -> impl IntoView {
    let class = format!("btn {class}");
    view! {
        <button
            type=kind
            class=class
            autofocus=autofocus
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |ev| {
                if busy.get_untracked() {
                    ev.prevent_default();
                } else if let Some(press) = on_press {
                    press.run(());
                }
            }
        >
            {children()}
        </button>
    }
}

/// Copies what `text` gives, and says so on itself for a moment.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, for the accessible name: "Copy LINK".
    #[prop(into)]
    what: String,
    #[prop(default = "small")] class: &'static str,
) -> impl IntoView {
    let said = RwSignal::new("Copy");
    let press = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let done = copy(text.get_untracked()).await;
            let word = if done { "Copied" } else { "Can't copy" };
            announce(word);
            said.set(word);
            set_timeout(
                move || {
                    said.try_set("Copy");
                },
                Duration::from_secs(2),
            );
        });
    });
    view! {
        <Button class=class on_press=press>
            {move || said.get()}
            <span class="visually-hidden">" "{what}</span>
        </Button>
    }
}
