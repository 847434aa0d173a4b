//! The pages of Seatline, shared by the server (feature `ssr`) and the browser (feature `hydrate`).

mod address;
pub mod api;
mod editor;
mod form;
mod guard;
mod layout;
mod live;
pub mod loading;
pub mod offline;
mod pages;
pub mod parts;
mod refusal;
#[cfg(feature = "ssr")]
pub mod request;
mod routes;
mod shell;
mod ui;

pub use refusal::Refusal;
pub use routes::{App, Page, Place};
pub use shell::{EARLY, EMPTY_POLICY, Site, empty, shell};

/// Brings the page to life: hydrates what the server rendered, or mounts into the empty shell of a page that was not. `loader` gets the
/// parts of the pages; the part of this page comes first, since only what is there can take over what stands in the document.
#[cfg(feature = "hydrate")]
pub async fn start(loader: loading::Loader) {
    // Before the page hears of anything: these listeners come first.
    guard::install();
    api::watch();
    loading::provide(loader);
    let path = leptos::prelude::location().pathname().unwrap_or_default();
    if let Some(part) = parts::Part::of(Place::parse(&path)) {
        loading::load(part).await;
    }
    let body = leptos::prelude::document().body().expect("module scripts run after the body was parsed");
    if body.get_attribute("data-shell").as_deref() == Some("1") {
        if matches!(offline::ask(offline::Task::IsMarked).await, offline::Outcome::Yes) {
            loading::load(parts::Part::Door).await;
            leptos::mount::mount_to_body(|| parts::page(Place::SignedOut));
        } else {
            leptos::mount::mount_to_body(App);
            guard::follow_links();
        }
    } else {
        leptos::mount::hydrate_body(App);
        guard::follow_links();
    }
    offline::install();
    offline::tell_by_and_by(offline::Task::Listen);
    // What watches the page from outside can see that its script has taken over.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}
