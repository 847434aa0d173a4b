//! The wasm entry point: `static/start.js` loads the module and calls [`hydrate`].

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life.
#[wasm_bindgen]
pub fn hydrate() {
    app::start();
}
