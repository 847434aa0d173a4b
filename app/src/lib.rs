//! The pages of Seatline, shared by the server (feature `ssr`) and the browser (feature `hydrate`).

// Views are types within types.
#![recursion_limit = "256"]

pub mod api;
mod editor;
mod form;
mod guard;
mod layout;
mod live;
mod pages;
mod refusal;
#[cfg(feature = "ssr")]
pub mod request;
mod routes;
mod shell;
mod ui;

pub use refusal::Refusal;
pub use routes::App;
pub use shell::{Site, shell};

/// Brings the page to life: hydrates what the server rendered, or mounts into the empty shell of a page that was not.
#[cfg(feature = "hydrate")]
pub fn start() {
    // Before the router exists: its listeners come after these.
    guard::install();
    let body = leptos::prelude::document().body().expect("module scripts run after the body was parsed");
    if body.get_attribute("data-shell").as_deref() == Some("1") {
        leptos::mount::mount_to_body(App);
    } else {
        leptos::mount::hydrate_body(App);
    }
    // What watches the page from outside can see that its script has taken over.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}
