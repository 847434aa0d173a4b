//! Sign-in.

use super::next::next;
use crate::{
    api::{self, ApiError},
    layout::Door,
    offline,
    routes::{Elsewhere, Place, use_query},
    ui::{Button, Entry, ErrorNote, ErrorPage, answered, ask, focus, input_value, set_input_value, set_title},
};
use domain::{Problem, Secret};
use leptos::prelude::*;

/// `/sign-in?next=…`
#[component]
pub fn SignIn() -> impl IntoView {
    set_title("Sign in".to_owned());
    answered(ask(api::setup_state), |state| match state {
        Ok(state) if state.needed => view! { <Elsewhere path=Place::Setup.to_string() /> }.into_any(),
        Ok(_) => view! { <Door><Form /></Door> }.into_any(),
        Err(error) => view! { <Door><ErrorPage error=error /></Door> }.into_any(),
    })
}

#[component]
fn Form() -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let query = use_query();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let (name, password) = (input_value("name"), Secret::new(input_value("password")));
        if name.trim().is_empty() || password.expose().is_empty() {
            error.set(Some("Fill in name and password.".into()));
            focus(if name.trim().is_empty() { "name" } else { "password" });
            return;
        }
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            match api::sign_in(name, password).await {
                Ok(_) => {
                    offline::signs_in();
                    let next = query.with_untracked(|q| next(q));
                    // A load: nothing of who was here before stays in the page.
                    let _ = window().location().replace(&next);
                }
                Err(problem) => {
                    busy.set(false);
                    if matches!(problem, ApiError::Problem(Problem::WrongSignIn)) {
                        set_input_value("password", "");
                    }
                    error.set(Some(problem.to_string()));
                    focus("password");
                }
            }
        });
    };
    view! {
        <form
            class="card"
            // Sent before the page is alive, it does nothing and keeps what was typed.
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <h1>"Sign in"</h1>
            <ErrorNote error=error />
            <Entry id="name" label="Name" autocomplete="username" autofocus=true />
            <Entry id="password" label="Password" kind="password" autocomplete="current-password" />
            <Button kind="submit" class="primary" busy=busy>
                "Sign in"
            </Button>
        </form>
    }
}
