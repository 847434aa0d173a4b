//! The wasm entry point: `static/start.js` loads the module and calls [`hydrate`].

// The type of a whole page nests deeper than rustc looks by itself.
#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life.
#[wasm_bindgen]
pub fn hydrate() {
    app::start();
}
