//! Sign-in.

use super::next::safe_next;
use crate::{
    api::{self, ApiError},
    layout::{Door, set_title},
    ui::{Button, Entry, ErrorNote, ErrorPage, Loading, focus, input_value, set_input_value},
};
use domain::{Problem, Secret};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// `/sign-in?next=…`
#[component]
pub fn SignIn() -> impl IntoView {
    set_title("Sign in".to_owned());
    let state = Resource::new(|| (), |()| api::setup_state());
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match state.await {
                    Ok(state) if state.needed => view! { <Redirect path="/setup" /> }.into_any(),
                    Ok(_) => view! { <Door><Form /></Door> }.into_any(),
                    Err(error) => view! { <Door><ErrorPage error=error /></Door> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Form() -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let query = use_query_map();
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
                    let next = query.with_untracked(|q| safe_next(q.get_str("next")).to_owned());
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
