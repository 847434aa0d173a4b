//! What a page that goes has not written yet: the database is too slow for its last moment, the local storage is not. Without secrets; those
//! are sealed in the database where there is time for it. Each tab has notes of its own, since none reads what another one typed before
//! what joins them is there.

use super::{
    database::{self, COPIES},
    desk, gate, store,
};
use crate::loading;
use domain::OperatorId;
use domain::offline::{Key, WorkingCopy};
use js_sys::Array;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use web_sys::Storage;

/// Before the key and the tab.
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

/// This tab's, behind what begins the notes of a key.
fn own(start: &str) -> String {
    [start, "/", &desk::tab().to_string()].concat()
}

fn start(key: &Key) -> String {
    [PREFIX, &key.to_string()].concat()
}

/// Leaves one. At once: the page is gone in a moment.
pub fn leave(key: Key) {
    if let (Some(storage), Some(page)) = (storage(), desk::page(&key)) {
        // A full storage loses the last moment, nothing older.
        let _ = page.copy.try_with_value(|copy| storage.set_item(&own(&start(&key)), &copy.note()));
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
            let _ = database::put(COPIES, &own(&place), &row).await;
            // Another tab may have taken the note in before: it tells of what is sealed.
            leave(key);
        }
    });
}

/// What was left of a key, by all tabs.
#[derive(Default)]
pub struct Notes {
    /// What they hold.
    pub copies: Vec<WorkingCopy>,
    /// Name and text of each.
    texts: Vec<(String, String)>,
    /// Place and row of each that is sealed.
    sealed: Vec<(String, Array)>,
}

/// Reads them.
pub async fn read(key: &Key) -> Notes {
    let mut notes = Notes::default();
    let start = start(key);
    let Some(storage) = storage() else { return notes };
    for name in names(&storage).filter(|name| name.starts_with(&start)).collect::<Vec<_>>() {
        let Ok(Some(text)) = storage.get_item(&name) else { continue };
        if let Some(copy) = WorkingCopy::peek(&text, desk::tab()) {
            notes.copies.push(copy);
            notes.texts.push((name, text));
        }
    }
    // The text tells of what is sealed: where there is none, the database need not be asked.
    if !notes.copies.is_empty() {
        for (place, row, copy) in store::read_notes(key, desk::tab()).await {
            notes.copies.push(copy);
            notes.sealed.push((place, row));
        }
    }
    notes
}

fn names(storage: &Storage) -> impl Iterator<Item = String> {
    (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten())
}

/// Where the operator has some.
pub fn keys(operator: OperatorId) -> Vec<Key> {
    let Some(storage) = storage() else { return Vec::new() };
    let mut keys = Vec::new();
    for name in names(&storage) {
        if let Some(Ok(key)) = name.strip_prefix(PREFIX).map(str::parse::<Key>)
            && key.operator == operator
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    keys
}

/// The operator signs out.
pub async fn forget_sealed(operator: OperatorId) {
    let _ = database::delete(COPIES, &[store::NOTE, &operator.to_string(), "/"].concat()).await;
}

/// They are written now. What a tab left since stays.
pub async fn remove(key: &Key, notes: &Notes) {
    if let Some(storage) = storage() {
        for (name, text) in &notes.texts {
            if matches!(storage.get_item(name), Ok(Some(now)) if now == *text) {
                let _ = storage.remove_item(name);
            }
        }
    }
    for (place, row) in &notes.sealed {
        let _ = store::remove_note(place, row).await;
    }
    if sealed_here(key) {
        // Its page has all of it.
        SEALED.with_borrow_mut(|sealed| sealed.retain(|other| other != key));
        let _ = database::delete(COPIES, &own(&store::note(key))).await;
    }
}

impl Notes {
    pub fn is_empty(&self) -> bool {
        self.copies.is_empty()
    }
}
