//! When somebody last did something in this window: a page that is left open asks on and on, and its session ends all the same.

use crate::ui::now;
use domain::{MINUTE, Millis};
use leptos::prelude::window;
use std::cell::Cell;
use wasm_bindgen::{JsCast, closure::Closure};

thread_local! {
    static ACTED: Cell<Millis> = const { Cell::new(0) };
}

/// Hears of every key and press from now on, whoever else keeps them to themselves: it listens before the page does. Once.
#[cfg(feature = "hydrate")]
pub fn watch() {
    ACTED.set(now());
    let heard = Closure::<dyn Fn()>::new(|| ACTED.set(now()));
    for name in ["keydown", "pointerdown"] {
        let _ = window().add_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
    }
    heard.forget();
}

/// Whether it is more than a minute ago.
pub fn unattended() -> bool {
    now() - ACTED.get() > MINUTE
}
