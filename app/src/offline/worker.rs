//! The service worker, which keeps the application itself for starting without a connection, and what it says of newer builds.

use super::{gate::service_worker, sender, standing};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, MessageEvent, ServiceWorkerRegistration};

/// The build that this page came with: the folder of its styles.
fn build() -> Option<String> {
    let styles: Element = document().query_selector("link[rel=stylesheet]").ok()??;
    styles.get_attribute("href")?.split('/').nth(2).map(str::to_owned)
}

/// What the browser believes of the network is a reason to ask the server, and no more.
fn ask_when_told() {
    for name in ["online", "offline"] {
        let told = Closure::<dyn Fn()>::new(|| leptos::task::spawn_local(sender::ask()));
        let _ = window().add_event_listener_with_callback(name, told.as_ref().unchecked_ref());
        told.forget();
    }
}

/// Hears of newer builds, and of the network. Asks the browser to keep what is stored here.
pub fn listen() {
    ask_when_told();
    if !window().navigator().on_line() {
        // It went before there was anybody to hear of it.
        leptos::task::spawn_local(sender::ask());
    }
    let Some(container) = service_worker() else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(|ev: MessageEvent| {
        if let Some(active) = ev.data().as_string() {
            standing::change(|standing| standing.newer = build().is_some_and(|own| own != active));
        }
    });
    container.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    if let Ok(asked) = window().navigator().storage().persist() {
        leptos::task::spawn_local(async move {
            let keeps = JsFuture::from(asked).await.ok().and_then(|keeps| keeps.as_bool());
            standing::change(|standing| standing.fleeting = keeps == Some(false));
        });
    }
}

/// Looks for a newer build: the server was away, and may have come back as another.
pub async fn look() {
    let Some(container) = service_worker() else { return };
    let found = JsFuture::from(container.get_registration()).await;
    let found = found.ok().and_then(|found| found.dyn_into::<ServiceWorkerRegistration>().ok());
    if let Some(asked) = found.and_then(|registration| registration.update().ok()) {
        let _ = JsFuture::from(asked).await;
    }
}
