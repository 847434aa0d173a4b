//! What went wrong: a whole page for what cannot be shown, a note beside what did not go through.

use super::{Icon, Time, offline, set_title};
use crate::{Refusal, address::use_address, api::ApiError};
use domain::Problem;
use leptos::prelude::*;

/// The page's HTTP status while the server renders it. An answer of the API has set its own.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status)) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

fn title(error: &ApiError) -> &'static str {
    match error {
        ApiError::Problem(Problem::SignedOut) => "Signed out",
        ApiError::Problem(Problem::NotAllowed { .. }) => "Not allowed",
        ApiError::Problem(Problem::NotFound) => "Not found",
        ApiError::Problem(Problem::Deleted { .. }) => "Deleted meanwhile",
        ApiError::Problem(Problem::SlowDown { .. }) | ApiError::Refused(Refusal::TooMany) => "Too many requests",
        ApiError::Problem(_) => "That did not work",
        ApiError::Rpc(_) if error.is_offline() => "No connection",
        ApiError::Refused(_) | ApiError::Rpc(_) => "The server failed",
    }
}

/// A page that cannot be shown: what happened, and a way on.
#[component]
pub fn ErrorPage(
    error: ApiError,
    /// Where the way on leads: address and words. The start page when left out.
    #[prop(optional)]
    way: Option<(String, String)>,
) -> impl IntoView {
    set_title(title(&error).to_owned());
    match error {
        ApiError::Problem(Problem::NotFound) => set_status(404),
        ApiError::Problem(Problem::NotAllowed { .. }) => set_status(403),
        _ => {}
    }
    let deleted = match &error {
        ApiError::Problem(Problem::Deleted { at, .. }) => Some(*at),
        _ => None,
    };
    let here = use_address().path;
    let signed_out = matches!(error, ApiError::Problem(Problem::SignedOut));
    let try_again =
        !matches!(error, ApiError::Problem(Problem::NotFound | Problem::Deleted { .. } | Problem::NotAllowed { .. } | Problem::SignedOut));
    let unseen = error.is_offline();
    if unseen {
        // It shows itself once the server is reached.
        let away = offline();
        Effect::new(move |before: Option<bool>| {
            let now = away.get();
            if before == Some(true) && !now {
                let _ = window().location().reload();
            }
            now
        });
    }
    let (href, words) = way.unwrap_or_else(|| ("/".into(), "Go to the start page".into()));
    view! {
        <div class="card error-page" role="alert">
            <h1>{title(&error)}</h1>
            <p>
                {error.to_string()}
                {deleted.map(|at| view! { <span class="sub">" Deleted "<Time at=at />"."</span> })}
            </p>
            {unseen.then(|| view! { <p class="sub">"Nothing of this page is kept on this computer, so there is nothing of it to show without a connection."</p> })}
            {deleted.map(|_| {
                // The account that the page is in.
                let account = here.with_untracked(|path| path.get(..39).filter(|path| path.starts_with("/a/")).map(str::to_owned));
                let activity = match account {
                    Some(account) => view! { <a href=[&account, "/activity"].concat()>"Activity"</a> }.into_any(),
                    None => "Activity".into_any(),
                };
                view! { <p class="sub">"It can be restored from " {activity} " for 30 days."</p> }
            })}
            <div class="row">
                {if signed_out {
                    view! { <a class="btn primary" href=format!("/sign-in?next={}", here.get_untracked()) rel="external">"Sign in"</a> }.into_any()
                } else {
                    view! { <a class="btn primary" href=href>{words}</a> }.into_any()
                }}
                {try_again
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                on:click=|_| {
                                    let _ = window().location().reload();
                                }
                            >
                                <Icon name="reboot" />
                                "Try again"
                            </button>
                        }
                    })}
            </div>
        </div>
    }
}

/// What a press of a button came to, where it did not go through; nothing while there is none.
#[component]
pub fn ErrorNote(#[prop(into)] error: Signal<Option<String>>) -> AnyView {
    (move || {
        error.get().map(|text| {
            view! {
                <div class="banner bad" role="alert">
                    <Icon name="warn" />
                    <p>{text}</p>
                </div>
            }
        })
    })
    .into_any()
}
