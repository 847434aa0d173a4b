//! Names and randomness from the browser's CSPRNG.

use domain::OperationId;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Fills `buffer` from `crypto.getRandomValues`. In the browser only.
pub fn random(buffer: &mut [u8]) {
    let crypto = window().crypto().expect("every browser that runs wasm has it, also over plain http");
    crypto.get_random_values_with_u8_array(buffer).expect("it gives up to 65536 bytes at once, and we ask for few");
}

/// A new name for one write, so that a retry of it applies once. In the browser only.
pub fn new_operation() -> OperationId {
    let mut bytes = [0; 16];
    random(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().into()
}

/// An element id that no other element of this page has. Only for what the server does not render.
pub fn element_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
