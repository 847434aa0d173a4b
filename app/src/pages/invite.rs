//! An invitation: its token stands behind the `#` of the link, which no server and no log sees.

use crate::{
    api,
    layout::Door,
    ui::{Button, Entry, ErrorNote, ErrorPage, Loading, focus, input_value, set_title},
};
use domain::{Secret, view::InviteView};
use leptos::prelude::*;

type Shown = Option<Result<InviteView, api::ApiError>>;

/// `/invite#TOKEN`
#[component]
pub fn Invite() -> impl IntoView {
    set_title("Invitation".to_owned());
    let token = StoredValue::new(Secret::new(""));
    let shown = RwSignal::new(None as Shown);
    Effect::new(move || {
        let hash = window().location().hash().unwrap_or_default();
        token.set_value(Secret::new(hash.trim_start_matches('#')));
        leptos::task::spawn_local(async move {
            let answer = api::invite_view(token.get_value()).await;
            shown.set(Some(answer));
        });
    });
    view! {
        <Door>
            {move || match shown.get() {
                None => view! { <Loading /> }.into_any(),
                Some(Ok(invite)) => view! { <Form invite=invite token=token /> }.into_any(),
                Some(Err(error @ api::ApiError::Problem(domain::Problem::Refused { .. }))) => {
                    view! {
                        <div class="card">
                            <h1>"Not a valid invitation"</h1>
                            <p>{error.to_string()}</p>
                            <a class="btn" href="/">
                                "Go to the start page"
                            </a>
                        </div>
                    }
                        .into_any()
                }
                Some(Err(error)) => view! { <ErrorPage error=error /> }.into_any(),
            }}
            <noscript>
                <p>"An invitation needs JavaScript."</p>
            </noscript>
        </Door>
    }
}

#[component]
fn Form(invite: InviteView, token: StoredValue<Secret>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let send = move || {
        let password = Secret::new(input_value("password"));
        if busy.get_untracked() {
            return;
        }
        if password.expose().is_empty() {
            error.set(Some("Fill in the password.".into()));
            focus("password");
            return;
        }
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            match api::accept_invite(token.get_value(), password).await {
                Ok(_) => {
                    // Replaces the link, so that the token does not stay in the history.
                    let _ = window().location().replace("/");
                }
                Err(problem) => {
                    busy.set(false);
                    error.set(Some(problem.to_string()));
                    focus("password");
                }
            }
        });
    };
    view! {
        <form
            class="card"
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <h1>"Join "{invite.account}</h1>
            <p>"You are invited as " <strong>{invite.name}</strong> ", with the role " <strong>{invite.role.shown_as()}</strong> "."</p>
            <ErrorNote error=error />
            <Entry
                id="password"
                label="Password"
                kind="password"
                hint="Yours, if you sign in with this name already. Else choose one now, of at least 12 characters."
                autocomplete="current-password"
                autofocus=true
            />
            <Button kind="submit" class="primary" busy=busy>
                "Join"
            </Button>
        </form>
    }
}
