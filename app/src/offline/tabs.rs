//! The other tabs of this browser: told which copy is another now, and that the operator signed out.

use super::desk;
use domain::offline::Key;
use leptos::prelude::*;
use std::{cell::RefCell, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "seatline";
/// The operator signed out.
const OUT: &str = "out";

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
        if text == OUT {
            // What this tab shows is nobody's any more.
            let _ = window().location().replace("/sign-in");
        } else if let Ok(key) = text.parse::<Key>()
            && Some(key.operator) == desk::operator()
        {
            desk::sync_soon(key, Duration::ZERO);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    CHANNEL.set(Some(channel));
}

pub fn tell(text: &str) {
    CHANNEL.with_borrow(|channel| {
        // Nothing depends on it: what was not heard is read at the next write.
        let _ = channel.as_ref().map(|channel| channel.post_message(&JsValue::from_str(text)));
    });
}

pub fn tell_out() {
    tell(OUT);
}
