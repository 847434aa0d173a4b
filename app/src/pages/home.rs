//! The start page: on to the seats, to setup or to sign-in.

use crate::{
    api::{self, ApiError},
    layout::Door,
    routes::{Elsewhere, Page, Place},
    ui::{ErrorPage, Icon, answered, ask, set_status, set_title},
};
use domain::{Problem, view::AccountRef};
use leptos::prelude::*;

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    answered(ask(api::me), |me| match me {
        Ok(me) => match me.accounts.as_slice() {
            [one] => view! { <Elsewhere path=Place::Account(one.id, Page::Seats).to_string() /> }.into_any(),
            _ => choose(me.accounts),
        },
        Err(ApiError::Problem(Problem::SignedOut)) => view! { <Enter /> }.into_any(),
        Err(error) => view! { <Door><ErrorPage error=error /></Door> }.into_any(),
    })
}

/// On to setup or to sign-in.
#[component]
fn Enter() -> impl IntoView {
    answered(ask(api::setup_state), |state| {
        let to = if state.is_ok_and(|state| state.needed) { Place::Setup } else { Place::SignIn };
        view! { <Elsewhere path=to.to_string() /> }.into_any()
    })
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
    set_title("Not found".to_owned());
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
