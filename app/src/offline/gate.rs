//! When the file that keeps drafts is loaded: at once where something was typed, is stored or can't wait; else when the service worker has
//! brought it here with the rest of the application. So a first visit loads nothing twice, and nothing that it does not use.

use super::standing;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, Storage};

const ADDRESS: &str = "/sw.js";
/// Where there is no service worker after this time, there will be none soon.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    static GATE: (Promise, Option<Function>) = {
        let mut opener = None;
        let open = Promise::new(&mut |open, _| opener = Some(open));
        (open, opener)
    };
}

/// Lets everything through that waits, and whatever comes later.
pub fn open() {
    // The function of a promise does not fail.
    let _ = GATE.with(|(_, open)| open.as_ref().map(|open| open.call0(&JsValue::NULL)));
}

/// Until then.
pub async fn opened() {
    let _ = JsFuture::from(GATE.with(|(opened, _)| opened.clone())).await;
}

pub fn service_worker() -> Option<ServiceWorkerContainer> {
    // There is none over plain http from elsewhere than localhost.
    let container = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    (!container.is_undefined()).then(|| container.unchecked_into())
}

/// In the local storage while something is kept here that a page may want at once.
const KEPT: &str = "seatline.kept";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Whether the server has another build by now, and with it none of the files of this page's. It is told where it is so.
pub async fn is_replaced() -> bool {
    // `start.js` knows which build it is of.
    let ask = Reflect::get(&window(), &"isReplaced".into()).unwrap_or_default();
    let asked = ask.unchecked_into::<Function>().call0(&JsValue::NULL).unwrap_or_default();
    let replaced = JsFuture::from(asked.unchecked_into::<Promise>()).await.is_ok_and(|replaced| replaced.is_truthy());
    if replaced {
        standing::change(|standing| standing.newer = true);
    }
    replaced
}

/// Something is kept here from now on.
pub fn keeps() {
    // Without it the next page waits for the service worker.
    let _ = storage().map(|storage| storage.set_item(KEPT, "1"));
}

/// Nothing is kept here any more.
pub fn keeps_nothing() {
    let _ = storage().map(|storage| storage.remove_item(KEPT));
}

/// Installs the service worker, or has it look whether there is a newer one.
pub fn install() {
    let Some(container) = service_worker() else { return open() };
    if storage().is_some_and(|storage| matches!(storage.get_item(KEPT), Ok(Some(_)))) {
        open();
    }
    set_timeout(open, PATIENCE);
    leptos::task::spawn_local(async move {
        // A refusal (a private window) leaves everything but starting without a connection.
        if JsFuture::from(container.register(ADDRESS)).await.is_ok()
            && let Ok(ready) = container.ready()
        {
            let _ = JsFuture::from(ready).await;
        }
        open();
    });
}
