//! What is the operator's own: the password, and how the pages look in this browser.

use super::Part;
use crate::{
    api,
    layout::ThemeChoice,
    ui::{Button, Entry, ErrorNote, announce, focus, input_value, set_input_value},
};
use domain::{Secret, rules::operator};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Password(on_done: Callback<()>) -> impl IntoView {
    let part = Part::new();
    let wrong = RwSignal::new(None::<String>);
    let done = RwSignal::new(false);
    let change = move || {
        let (old, new) = (Secret::new(input_value("old-password")), Secret::new(input_value("new-password")));
        done.set(false);
        if let Err(fault) = operator::password(new.expose()) {
            wrong.set(Some(fault.to_string()));
            return focus("new-password");
        }
        wrong.set(None);
        if part.busy.get_untracked() {
            return;
        }
        part.busy.set(true);
        part.error.set(None);
        spawn_local(async move {
            let answer = api::change_password(old, new).await;
            part.busy.try_set(false);
            match answer {
                Ok(()) => {
                    set_input_value("old-password", "");
                    set_input_value("new-password", "");
                    done.try_set(true);
                    on_done.run(());
                    announce("Your password is changed.");
                }
                Err(problem) => {
                    part.error.try_set(Some(problem.to_string()));
                    focus("old-password");
                }
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="h-password">
            <h2 id="h-password">"Your password"</h2>
            <p class="sub">"Changing it signs you out everywhere else."</p>
            <form
                class="inline"
                method="dialog"
                on:submit=move |ev| {
                    ev.prevent_default();
                    change();
                }
            >
                <Entry id="old-password" label="Current password" kind="password" autocomplete="current-password" />
                <Entry id="new-password" label="New password" kind="password" autocomplete="new-password" error=wrong />
                <Button kind="submit" busy=part.busy>
                    "Change password"
                </Button>
            </form>
            <ErrorNote error=part.error />
            <Show when=move || done.get()>
                <p class="good" role="status">
                    "Your password is changed."
                </p>
            </Show>
        </section>
    }
}

#[component]
pub fn Look() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="h-theme">
            <h2 id="h-theme">"Look"</h2>
            <div class="entry short">
                <label for="theme">"Theme"</label>
                <ThemeChoice id="theme" />
                <p class="hint">"Kept in this browser."</p>
            </div>
        </section>
    }
}
