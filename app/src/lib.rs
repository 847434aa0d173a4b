//! The pages of Seatline, shared by the server (feature `ssr`) and the browser (feature `hydrate`).

pub mod api;
pub mod guard;
mod refusal;
#[cfg(feature = "ssr")]
pub mod request;
mod shell;
pub mod ui;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

pub use refusal::Refusal;
pub use shell::{Site, shell};

/// The root of every page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home />
            </Routes>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    let clicks = RwSignal::new(0);
    view! {
        <main>
            <h1>"Seatline"</h1>
            <button on:click=move |_| clicks.update(|n| *n += 1)>"Count " {clicks}</button>
        </main>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <main>
            <h1>"Not found"</h1>
            <p>
                "There is no page at this address. " <a href="/">"Go to the start page"</a>
            </p>
        </main>
    }
}

/// Brings the page to life: hydrates what the server rendered, or mounts into the empty shell of a page that was not.
#[cfg(feature = "hydrate")]
pub fn start() {
    guard::install();
    let body = document().body().expect("module scripts run after the body was parsed");
    if body.get_attribute("data-shell").as_deref() == Some("1") {
        mount_to_body(App);
    } else {
        hydrate_body(App);
    }
}
