//! The other tabs of this browser: told which copy is another now, and that the operator signed out or in again.

use super::{
    desk, kept,
    reach::{is_signed_out, signed_in},
    task::{Task, tell as tell_task, tell_by_and_by},
};
use crate::guard;
use domain::{OperatorId, offline::Key};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "seatline";
/// The operator behind it signed out.
const OUT: &str = "out/";
/// The operator behind it signed in again.
const IN: &str = "in/";

thread_local! {
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Listens from now on.
pub fn listen() {
    if CHANNEL.with_borrow(Option::is_some) {
        return;
    }
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(|ev: MessageEvent| {
        let Some(text) = ev.data().as_string() else { return };
        let Some(own) = desk::operator() else { return };
        if text.strip_prefix(OUT).is_some_and(|operator| operator == own.to_string()) {
            go_out();
        } else {
            tell_by_and_by(Task::Heard(text));
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    CHANNEL.set(Some(channel));
}

/// What this tab shows is nobody's any more, and nothing of it is kept.
pub fn go_out() {
    kept::close();
    desk::end();
    guard::over();
    let _ = window().location().replace("/sign-in");
}

/// Another tab said something that can wait for what keeps drafts.
pub fn heard(text: &str) {
    let Some(own) = desk::operator() else { return };
    if text.strip_prefix(IN).is_some_and(|operator| operator == own.to_string()) {
        desk::begins_anew();
        if is_signed_out() {
            signed_in();
            tell_task(Task::Hurry);
        }
    } else if let Ok(key) = text.parse::<Key>()
        && key.operator == own
    {
        desk::sync_soon(key);
    }
}

pub fn tell(text: &str) {
    CHANNEL.with_borrow(|channel| {
        // Nothing depends on it: what was not heard is read at the next write.
        let _ = channel.as_ref().map(|channel| channel.post_message(&JsValue::from_str(text)));
    });
}

/// Tells that the operator signed out.
pub fn tell_out(operator: OperatorId) {
    tell(&[OUT, &operator.to_string()].concat());
}

const NEW: &str = "seatline.signed-in";

/// Somebody signs in in this tab, on the page for that: the next page knows who it is.
pub fn signs_in() {
    if let Ok(Some(storage)) = window().session_storage() {
        // Without it another tab of theirs waits until it is looked at.
        let _ = storage.set_item(NEW, "1");
    }
}

/// Tells it, where this is the first page behind a sign-in: another tab of this operator may wait for one.
pub fn tell_if_new(operator: OperatorId) {
    if let Ok(Some(storage)) = window().session_storage()
        && let Ok(Some(_)) = storage.get_item(NEW)
    {
        let _ = storage.remove_item(NEW);
        tell_in(operator);
    }
}

/// Tells that the operator signed in again.
pub fn tell_in(operator: OperatorId) {
    tell(&[IN, &operator.to_string()].concat());
}
