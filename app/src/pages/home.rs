//! The start page: on to the seats, to setup or to sign-in.

use super::next::safe_next;
use crate::{
    api::{self, ApiError},
    layout::Door,
    ui::{ErrorPage, Icon, Loading, set_status},
};
use domain::{Problem, view::AccountRef};
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    let asked = Resource::new(
        || (),
        |()| async {
            match api::me().await {
                Err(ApiError::Problem(Problem::SignedOut)) => {
                    let needed = api::setup_state().await.is_ok_and(|state| state.needed);
                    Ok(Start::Elsewhere(if needed { "/setup" } else { "/sign-in" }.into()))
                }
                Err(error) => Err(error),
                Ok(me) => Ok(match me.accounts.as_slice() {
                    [one] => Start::Elsewhere(format!("/a/{}/seats", one.id)),
                    _ => Start::Choose(me.accounts),
                }),
            }
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match asked.await {
                    Ok(Start::Elsewhere(path)) => view! { <Redirect path=safe_next(Some(&path)).to_owned() /> }.into_any(),
                    Ok(Start::Choose(accounts)) => choose(accounts),
                    Err(error) => view! { <Door><ErrorPage error=error /></Door> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
enum Start {
    Elsewhere(String),
    Choose(Vec<AccountRef>),
}

fn choose(accounts: Vec<AccountRef>) -> AnyView {
    if accounts.is_empty() {
        return view! {
            <Door>
                <div class="card">
                    <h1>"No account"</h1>
                    <p>"You belong to no account any more. Ask an admin for an invitation."</p>
                    <a class="btn" href="/sign-in">
                        "Sign in as somebody else"
                    </a>
                </div>
            </Door>
        }
        .into_any();
    }
    let lines = accounts
        .into_iter()
        .map(|account| {
            view! {
                <li>
                    <a href=format!("/a/{}/seats", account.id)>
                        <strong>{account.name}</strong>
                        <span class="sub">{account.role.shown_as()}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Door>
            <div class="card">
                <h1>"Accounts"</h1>
                <p class="sub">"Choose the one to work in."</p>
                <ul class="choices">{lines}</ul>
            </div>
        </Door>
    }
    .into_any()
}

/// Any address that no page has.
#[component]
pub fn Nowhere() -> impl IntoView {
    set_status(404);
    view! {
        <Door>
            <div class="card error-page">
                <h1>"Not found"</h1>
                <p>"There is no page at this address."</p>
                <a class="btn primary" href="/">
                    <Icon name="seats" />
                    "Go to the start page"
                </a>
            </div>
        </Door>
    }
}
