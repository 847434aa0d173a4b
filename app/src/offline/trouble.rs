//! Why edits may not outlive the page, in words, for as long as it is so.

use super::{standing, store::Failure};
use domain::offline::{Key, Unreadable};
use leptos::prelude::window;
use std::cell::{Cell, RefCell};

const BLOCKED: &str = "This browser does not let Seatline store drafts: edits live in this page alone, until they are saved.";
const FULL: &str = "This computer has no room for drafts: edits live in this page alone, until they are saved.";
const NEWER: &str = "A newer version of Seatline wrote a draft here. It is kept; edits live in this page alone, until they are saved.";
const DAMAGED: &str = "A draft that was kept here can't be read. It stays as it is; edits live in this page alone, until they are saved.";
const IN_CLEAR: &str = "This browser does not encrypt: the password that you typed lives in this page alone, until it is saved.";

thread_local! {
    static TROUBLED: RefCell<Vec<Option<Key>>> = const { RefCell::new(Vec::new()) };
    static SEALS: Cell<bool> = const { Cell::new(true) };
}

/// Whether secrets can be encrypted here.
pub fn encrypts() -> bool {
    SEALS.get() && window().is_secure_context()
}

/// A copy, or none of them, is kept.
pub fn told(key: Option<Key>, failure: &Failure) {
    let words = match failure {
        Failure::Unreadable(Unreadable::Newer { .. }) => NEWER,
        Failure::Unreadable(Unreadable::Damaged) => DAMAGED,
        Failure::Browser(trouble) => {
            let name = js_sys::Reflect::get(trouble, &"name".into()).ok().and_then(|name| name.as_string());
            if name.as_deref() == Some("QuotaExceededError") { FULL } else { BLOCKED }
        }
    };
    TROUBLED.with_borrow_mut(|troubled| troubled.push(key));
    say(Some(words));
}

/// A copy was written; `sealed`: with its secrets.
pub fn sealed(key: Key, sealed: bool) {
    SEALS.set(sealed || !window().is_secure_context());
    let over = TROUBLED.with_borrow_mut(|troubled| {
        troubled.retain(|other| other.is_some_and(|other| other != key));
        troubled.is_empty()
    });
    if !sealed && window().is_secure_context() {
        say(Some(IN_CLEAR));
    } else if over {
        say(None);
    }
}

fn say(words: Option<&'static str>) {
    standing::change(|standing| standing.trouble = words);
}
