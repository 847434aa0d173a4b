//! The service worker, which keeps the application itself for starting without a connection, and what it says of newer builds.

use super::{sender, standing};
use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

const ADDRESS: &str = "/sw.js";

fn container() -> Option<ServiceWorkerContainer> {
    // There is none over plain http from elsewhere than localhost.
    let container = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    (!container.is_undefined()).then(|| container.unchecked_into())
}

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

/// Installs it, or looks whether there is a newer one. Asks the browser to keep what is stored here.
pub fn register() {
    ask_when_told();
    let Some(container) = container() else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(|ev: MessageEvent| {
        if let Some(active) = ev.data().as_string() {
            standing::change(|standing| standing.newer = build().is_some_and(|own| own != active));
        }
    });
    container.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    // A refusal (a private window) leaves everything but starting without a connection.
    quietly(container.register(ADDRESS));
    if let Ok(asked) = window().navigator().storage().persist() {
        leptos::task::spawn_local(async move {
            let keeps = JsFuture::from(asked).await.ok().and_then(|keeps| keeps.as_bool());
            standing::change(|standing| standing.fleeting = keeps == Some(false));
        });
    }
}

/// Whatever it comes to.
fn quietly(promise: Promise) {
    leptos::task::spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
}

/// Looks for a newer build: the server was away, and may have come back as another.
pub async fn look() {
    let Some(container) = container() else { return };
    let found = JsFuture::from(container.get_registration()).await;
    let found = found.ok().and_then(|found| found.dyn_into::<ServiceWorkerRegistration>().ok());
    if let Some(asked) = found.and_then(|registration| registration.update().ok()) {
        let _ = JsFuture::from(asked).await;
    }
}
