//! Words across the page: what does not work here, and that the connection is gone.

use crate::{
    live::{Status, use_live},
    ui::Icon,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::time::Duration;

/// Says what the browser withholds from a page that came over plain http from elsewhere than localhost.
#[component]
pub fn Insecure() -> impl IntoView {
    let insecure = RwSignal::new(false);
    Effect::new(move || insecure.set(!window().is_secure_context()));
    view! {
        <Show when=move || insecure.get()>
            <div class="banner" role="status">
                <Icon name="warn" />
                <p>
                    <strong>"Plain http. "</strong>
                    "What you type, passwords too, travels unencrypted. The browser does not allow copying by button and editing offline here: they need https."
                </p>
            </div>
        </Show>
    }
}

/// Says that the live stream is gone, once it is for longer than a blink, or that the session ended.
#[component]
pub fn Connection() -> AnyView {
    let status = use_live().status;
    let shown = RwSignal::new(Status::Fresh);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(Some(waiting)) = waiting {
            waiting.clear();
        }
        let now = status.get();
        if now == Status::Lost {
            let tell = move || {
                shown.try_set(Status::Lost);
            };
            return set_timeout_with_handle(tell, Duration::from_secs(2)).ok();
        }
        shown.set(now);
        None
    });
    let location = use_location();
    let sign_in = move || format!("/sign-in?next={}", location.pathname.get());
    (move || match shown.get() {
        Status::Lost => view! {
            <div class="banner" role="status">
                <Icon name="offline" />
                <p>
                    <strong>"No connection. "</strong>
                    "What you see may be old. It is tried again by itself; edits stay in the page."
                </p>
            </div>
        }
        .into_any(),
        Status::SignedOut => view! {
            <div class="banner bad" role="alert">
                <Icon name="key" />
                <p>
                    <strong>"You are signed out. "</strong>
                    "Sign in to go on."
                </p>
                <a class="btn small" href=sign_in>
                    "Sign in"
                </a>
            </div>
        }
        .into_any(),
        Status::Fresh | Status::Open => ().into_any(),
    })
    .into_any()
}
