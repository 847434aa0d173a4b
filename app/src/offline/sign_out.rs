//! Signing out: secrets go, what was looked at goes, what waited is a draft. Without a connection the session can't be ended on the server
//! at once: a mark is left that the service worker reads, and until the session has ended every page is this one.

use super::{database, desk, kept, store, tabs};
use crate::api::{self, ApiError};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The cache that holds the mark, and the mark's name in it; `sw.js` has them too.
const MARKS: &str = "seatline-marks";
const MARK: &str = "/signed-out";

/// Calls a method of the browser's that gives a promise.
async fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = Reflect::apply(&method, object, arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

async fn marks() -> Result<JsValue, JsValue> {
    let caches = Reflect::get(&window(), &"caches".into())?;
    call(&caches, "open", &Array::of1(&MARKS.into())).await
}

pub async fn mark(on: bool) -> Result<(), JsValue> {
    let marks = marks().await?;
    if on {
        call(&marks, "put", &Array::of2(&MARK.into(), &web_sys::Response::new()?.into())).await?;
    } else {
        call(&marks, "delete", &Array::of1(&MARK.into())).await?;
    }
    Ok(())
}

/// Whether somebody signed out here and the server does not know.
pub async fn is_marked() -> bool {
    let found = async { call(&marks().await?, "match", &Array::of1(&MARK.into())).await };
    found.await.is_ok_and(|found| !found.is_undefined())
}

/// Signs out. Ok also where the server is not reached: then it is told by the next page.
pub async fn sign_out() -> Result<(), ApiError> {
    if let Some(operator) = desk::operator() {
        for copy in store::all(operator, desk::tab()).await.unwrap_or_default() {
            desk::sync(copy.key, &mut |copy| {
                copy.sign_out();
                Vec::new()
            })
            .await;
        }
        let _ = database::delete(database::KEYS, &operator.to_string()).await;
        kept::forget(operator).await;
    }
    let done = match api::sign_out().await {
        Err(ApiError::Rpc(_)) if mark(true).await.is_ok() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => Ok(()),
    };
    if done.is_ok() {
        tabs::tell_out();
    }
    done
}
