//! Signing in over the page: the session ended under it, and what waits goes on afterwards.

use super::use_me;
use crate::{
    api,
    offline::{self, Task},
    parts,
    routes::Place,
    ui::{Button, Dialog, Entry, ErrorNote, announce, focus, input_value, set_input_value},
};
use domain::Secret;
use leptos::prelude::*;
use std::time::Duration;

const PASSWORD: &str = "again-password";

/// Where the question stands, once somebody presses "Sign in".
#[component]
pub fn SignInDialog() -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || offline::on_sign_in(open));
    let title = Signal::stored("Sign in to go on".to_owned());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {parts::page(Place::SignInAgain)}
        </Dialog>
    }
}

/// Asks the operator of this page for the password. Somebody else signs in on the page for that: here it would be in the wrong name.
#[component]
pub fn SignInAgain() -> impl IntoView {
    // The file that this is in may come after the dialog.
    Effect::new(|| set_timeout(|| focus(PASSWORD), Duration::from_millis(50)));
    let me = use_me().0;
    let name = move || me.with(|me| me.as_ref().map(|me| me.name.clone()).unwrap_or_default());
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let (name, password) = (untrack(name), Secret::new(input_value(PASSWORD)));
        leptos::task::spawn_local(async move {
            match api::sign_in(name, password).await {
                Ok(_) => {
                    offline::ask_sign_in(false);
                    offline::tell(Task::SignedIn);
                    announce("Signed in.");
                    // Asked for, so that it is kept: until when this computer may show what it keeps.
                    if let Ok(now) = api::me().await {
                        offline::begin(now.id, now.until);
                        me.set(Some(now));
                    }
                }
                Err(problem) => {
                    set_input_value(PASSWORD, "");
                    error.try_set(Some(problem.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <p>"Your session ended. Your edits are kept; what waits to be saved goes out once " <strong>{name}</strong> " is signed in again."</p>
            <ErrorNote error=error />
            <Entry id=PASSWORD label="Password" kind="password" autocomplete="current-password" autofocus=true />
            <div class="acts">
                <a class="btn" href="/sign-in" rel="external">
                    "Sign in as somebody else"
                </a>
                <Button on_press=Callback::new(|()| offline::ask_sign_in(false))>"Not now"</Button>
                <Button kind="submit" class="primary" busy=busy>
                    "Sign in"
                </Button>
            </div>
        </form>
    }
}
