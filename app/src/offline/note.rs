//! What a page that goes has not written yet: the database is too slow for its last moment, the local storage is not. Without secrets.

use super::{desk, gate};
use domain::offline::{Key, WorkingCopy};
use leptos::prelude::*;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn name(key: &Key) -> String {
    ["seatline.note.", &key.to_string()].concat()
}

/// Leaves one. At once: the page is gone in a moment.
pub fn leave(key: Key) {
    if let (Some(storage), Some(page)) = (storage(), desk::page(&key)) {
        // A full storage loses the last moment, nothing older.
        let _ = page.copy.try_with_value(|copy| storage.set_item(&name(&key), &copy.note()));
        gate::keeps();
    }
}

/// What was left.
pub fn read(key: &Key) -> Option<WorkingCopy> {
    let note = storage()?.get_item(&name(key)).ok().flatten()?;
    WorkingCopy::peek(&note, desk::tab())
}

/// It is written now.
pub fn remove(key: &Key) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(key));
    }
}
