//! The wasm entry point: `static/start.js` loads the module and calls [`hydrate`].

mod parts;

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life.
#[wasm_bindgen]
pub fn hydrate() {
    wasm_bindgen_futures::spawn_local(app::start(parts::loader()));
}
