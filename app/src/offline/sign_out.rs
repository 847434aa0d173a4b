//! Signing out: secrets go, what was looked at goes, what waited is a draft. Without a connection the session can't be ended on the server
//! at once: a mark is left that the service worker reads, and until the session has ended every page is this one.

use super::{database, desk, kept, lock, note, store, sync::sync, tabs};
use crate::api::{self, ApiError};
use domain::OperatorId;
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

/// Sets the mark for an operator, or takes it away.
async fn mark(who: Option<OperatorId>) -> Result<(), JsValue> {
    let marks = marks().await?;
    if let Some(operator) = who {
        let body = web_sys::Response::new_with_opt_str(Some(&operator.to_string()))?;
        call(&marks, "put", &Array::of2(&MARK.into(), &body.into())).await?;
    } else {
        call(&marks, "delete", &Array::of1(&MARK.into())).await?;
    }
    Ok(())
}

/// Whose mark there is, in words.
async fn marked() -> Option<String> {
    let found = call(&marks().await.ok()?, "match", &Array::of1(&MARK.into())).await.ok().filter(|found| !found.is_undefined())?;
    JsFuture::from(found.dyn_into::<web_sys::Response>().ok()?.text().ok()?).await.ok()?.as_string()
}

/// A page that no service worker held back, over a mark: none was there yet, or it was passed over. The session ends now, if it is still
/// the one of who signed out.
pub async fn catch_up() {
    let Some(whose) = marked().await else { return };
    if desk::operator().is_none_or(|operator| operator.to_string() != whose) {
        // Somebody else signed in since: that session is over here, or nobody's.
        let _ = mark(None).await;
    } else if api::sign_out().await.is_ok() && unmark().await {
        tabs::go_out();
    }
}

/// Whether somebody signed out here and the server does not know.
pub async fn is_marked() -> bool {
    let found = async { call(&marks().await?, "match", &Array::of1(&MARK.into())).await };
    found.await.is_ok_and(|found| !found.is_undefined())
}

/// The server knows by now: nothing of who signed out stays, and pages are shown again.
pub async fn unmark() -> bool {
    // The page that signed out may not have come so far.
    if let Some(operator) = kept::last_operator().await {
        strip(operator).await;
    }
    kept::forget_all().await;
    mark(None).await.is_ok()
}

/// Takes the secrets of the operator from this computer; what waited is a draft.
async fn strip(operator: OperatorId) {
    {
        let _held = lock::hold(lock::COPIES).await;
        kept::signs_out(operator).await;
    }
    for key in note::keys(operator) {
        sync(key, &mut |_| Vec::new()).await;
    }
    for copy in store::all(operator, desk::tab()).await.unwrap_or_default() {
        let mut left = false;
        sync(copy.key, &mut |copy| {
            copy.sign_out();
            left = !copy.is_empty();
            Vec::new()
        })
        .await;
        if !left {
            let _ = store::remove(&copy.key).await;
        }
    }
    note::forget_sealed(operator).await;
    let _ = database::delete(database::KEYS, &operator.to_string()).await;
}

/// Signs out. Ok also where the server is not reached: then it is told by the next page. Where it refuses nothing is another than before.
pub async fn sign_out() -> Result<(), ApiError> {
    // An answer that is still on its way is not kept any more.
    kept::close();
    // Before the request, which may never come to an end: the next page is the shell then, and takes the secrets away.
    let operator = desk::operator();
    let marked = operator.is_some() && mark(operator).await.is_ok();
    let answer = api::sign_out().await;
    let unreached = matches!(answer, Err(ApiError::Rpc(_)));
    if answer.is_err() && !(unreached && marked) {
        let _ = mark(None).await;
        kept::reopen();
        return answer;
    }
    if let Some(operator) = operator {
        strip(operator).await;
    }
    kept::forget_all().await;
    if !unreached {
        let _ = mark(None).await;
    }
    if let Some(operator) = operator {
        tabs::tell_out(operator);
    }
    Ok(())
}
