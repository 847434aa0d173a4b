//! Words across the page: what does not work here, and that the connection is gone.

use super::use_account;
use crate::{
    guard,
    live::{Status, use_live},
    offline::{self, with_standing},
    ui::{Button, Icon, Time},
};
use leptos::prelude::*;
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
    let edits = use_account().with_untracked(super::AccountCtx::edits);
    let shown = RwSignal::new(Status::Fresh);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(Some(waiting)) = waiting {
            waiting.clear();
        }
        // A request may meet it before the stream does.
        let (signed_out, unreached) = with_standing(|standing| (standing.signed_out, standing.unreached));
        let now = match status.get() {
            _ if signed_out => Status::SignedOut,
            _ if unreached => Status::Lost,
            now => now,
        };
        if now == Status::Lost {
            let tell = move || {
                shown.try_set(Status::Lost);
            };
            return set_timeout_with_handle(tell, Duration::from_secs(2)).ok();
        }
        shown.set(now);
        None
    });
    (move || match shown.get() {
        Status::Lost => view! {
            <div class="banner" role="status">
                <Icon name="offline" />
                <p>
                    <strong>"No connection. "</strong>
                    {move || match with_standing(|standing| standing.as_of) {
                        Some(at) => view! { "You see what this computer kept, as of " <Time at=at /> ". " }.into_any(),
                        None => "What you see may be old. ".into_any(),
                    }}
                    {(edits && window().is_secure_context()).then_some("Seats and devices can be edited: what you save waits on this computer and goes out by itself.")}
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
                <Button class="small" on_press=Callback::new(move |()| offline::ask_sign_in(true))>
                    "Sign in"
                </Button>
            </div>
        }
        .into_any(),
        Status::Fresh | Status::Open => ().into_any(),
    })
    .into_any()
}

/// Offers a newer build. Nothing is swapped under a page: what is unsaved is asked about first.
#[component]
pub fn Newer() -> AnyView {
    let newer = Memo::new(move |_| with_standing(|standing| standing.newer));
    (move || {
        newer.get().then(|| {
            view! {
                <div class="banner info" role="status">
                    <Icon name="info" />
                    <p>
                        <strong>"A new version of Seatline is there. "</strong>
                        "This page stays as it is until it is loaded again."
                    </p>
                    <Button class="small" on_press=Callback::new(|()| guard::ask_then(Callback::new(|()| offline::reload())))>
                        "Load it"
                    </Button>
                </div>
            }
        })
    })
    .into_any()
}
