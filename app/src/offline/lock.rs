//! Web Locks: one at a time, over all tabs. A browser without them (plain http from elsewhere) has no lock, and goes on.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// For reading, joining and writing a working copy.
pub const COPIES: &str = "seatline.copies";
/// For one send.
pub const SEND: &str = "seatline.send";

/// Dropping it lets the next one in.
pub struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // The function of a promise does not fail.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits for the lock.
pub async fn hold(name: &str) -> Held {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).ok().and_then(|request| request.dyn_into::<Function>().ok());
    let Some(request) = request else { return Held(None) };
    let granted = Promise::new(&mut |grant, refuse| {
        // The lock is held for as long as the promise that its callback returns: its end is handed out.
        let held = Closure::once_into_js(move |_: JsValue| {
            Promise::new(&mut |release, _| {
                let _ = grant.call1(&JsValue::NULL, &release);
            })
        });
        match request.call2(&locks, &name.into(), &held).map(JsCast::dyn_into::<Promise>) {
            // What is refused (a page that is about to go) is refused by its promise.
            Ok(Ok(asked)) => spawn_local(async move {
                if JsFuture::from(asked).await.is_err() {
                    let _ = refuse.call0(&JsValue::NULL);
                }
            }),
            _ => drop(refuse.call0(&JsValue::NULL)),
        }
    });
    Held(JsFuture::from(granted).await.ok().map(JsCast::unchecked_into))
}
