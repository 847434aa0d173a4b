//! What a page that goes has not written yet: the database is too slow for its last moment, the local storage is not. Without secrets; those
//! are sealed in the database where there is time for it.

use super::{
    database::{self, COPIES},
    desk, gate, store,
};
use crate::loading;
use domain::OperatorId;
use domain::offline::{Key, WorkingCopy};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use web_sys::Storage;

const PREFIX: &str = "seatline.note.";

thread_local! {
    /// Counts what is sealed: only the newest is written.
    static SEALING: Cell<u32> = const { Cell::new(0) };
    /// What this tab sealed and has not written yet.
    static SEALED: RefCell<Vec<Key>> = const { RefCell::new(Vec::new()) };
}

/// Whether this tab sealed some of it.
pub fn sealed_here(key: &Key) -> bool {
    SEALED.with_borrow(|sealed| sealed.contains(key))
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn name(key: &Key) -> String {
    [PREFIX, &key.to_string()].concat()
}

/// Leaves one. At once: the page is gone in a moment.
pub fn leave(key: Key) {
    if let (Some(storage), Some(page)) = (storage(), desk::page(&key)) {
        // A full storage loses the last moment, nothing older.
        let _ = page.copy.try_with_value(|copy| storage.set_item(&name(&key), &copy.note()));
        gate::keeps();
    }
}

/// Leaves one, and the secrets a moment later, for as long as what writes copies is on its way.
pub fn leave_all(key: Key) {
    leave(key);
    let Some(Some(packed)) = desk::page(&key).and_then(|page| page.copy.try_with_value(WorkingCopy::sealed_note)) else { return };
    let number = SEALING.get().wrapping_add(1);
    SEALING.set(number);
    leptos::task::spawn_local(async move {
        let place = store::note(&key);
        let (row, kept) = store::row(key.operator, &place, packed).await;
        if kept && SEALING.get() == number && !loading::has_offline() {
            SEALED.with_borrow_mut(|sealed| sealed.push(key));
            // What the browser refuses is told once that is there.
            let _ = database::put(COPIES, &place, &row).await;
            // Another tab may have taken the note in before: it tells of what is sealed.
            leave(key);
        }
    });
}

/// What was left, the newest last.
pub async fn read(key: &Key) -> Vec<WorkingCopy> {
    let Some(note) = storage().and_then(|storage| storage.get_item(&name(key)).ok().flatten()) else { return Vec::new() };
    let sealed = store::read_note(key, desk::tab()).await;
    sealed.into_iter().chain(WorkingCopy::peek(&note, desk::tab())).collect()
}

/// Where the operator has some.
pub fn keys(operator: OperatorId) -> Vec<Key> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten());
    names.filter_map(|name| name.strip_prefix(PREFIX)?.parse().ok()).filter(|key: &Key| key.operator == operator).collect()
}

/// The operator signs out.
pub async fn forget_sealed(operator: OperatorId) {
    let _ = database::delete(COPIES, &[store::NOTE, &operator.to_string(), "/"].concat()).await;
}

/// It is written now.
pub async fn remove(key: &Key) {
    SEALED.with_borrow_mut(|sealed| sealed.retain(|other| other != key));
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(key));
    }
    let _ = database::delete(COPIES, &store::note(key)).await;
}
