//! Which pages have something to lose, and where the operator was going when the guard asked.

use super::{history, unload};
use crate::address;
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    pin::Pin,
};

/// A save under way: true when it went through.
pub type Saving = Pin<Box<dyn Future<Output = bool>>>;

/// What a page with edits tells the guard.
#[derive(Clone, Copy)]
pub struct Leaving {
    /// How many fields are modified and not saved.
    pub modified: Signal<usize>,
    /// Whose fields they are.
    pub name: Signal<String>,
    /// What was typed and is not on the page now: named, not counted.
    pub hidden: Callback<(), Vec<&'static str>>,
    /// What "Keep as a draft" does, in words. None: this computer keeps nothing of it.
    pub keeps: Callback<(), Option<&'static str>>,
    /// None: what is typed is not saved all at once.
    pub save: Option<Callback<(), Saving>>,
    /// Drops the edits for good.
    pub lose: Callback<()>,
}

/// A way out that waits for an answer.
#[derive(Clone)]
pub(super) enum Way {
    Path {
        path: String,
        replace: bool,
    },
    /// An entry of the session history.
    Entry(String),
    /// One step back, where the browser has no Navigation API.
    Back,
    Then(Callback<()>),
}

thread_local! {
    static PAGES: RefCell<Vec<(u32, Leaving)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static PENDING: RefCell<Option<Way>> = const { RefCell::new(None) };
    static ASKING: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
    /// The edits of the page are kept: it may go.
    static LET_GO: Cell<bool> = const { Cell::new(false) };
    /// The page is over, whatever is done on it.
    static OVER: Cell<bool> = const { Cell::new(false) };
}

/// The calling page has something to lose from when it is mounted until it is gone.
pub fn register(leaving: Leaving) {
    // An effect: the server renders pages and guards none.
    Effect::new(move || {
        let id = NEXT.with(|next| next.replace(next.get().wrapping_add(1)));
        PAGES.with_borrow_mut(|pages| pages.push((id, leaving)));
        history::remember_here();
        on_cleanup(move || {
            PAGES.with_borrow_mut(|pages| pages.retain(|page| page.0 != id));
            unload::ask(false);
        });
    });
    Effect::new(move || {
        LET_GO.set(false);
        unload::ask(leaving.modified.get() > 0 && !OVER.get());
    });
}

/// The page that has unsaved edits, if one has.
pub(super) fn dirty() -> Option<Leaving> {
    if LET_GO.get() || OVER.get() {
        return None;
    }
    PAGES.with_borrow(|pages| pages.iter().map(|page| page.1).find(|page| page.modified.try_get_untracked().unwrap_or(0) > 0))
}

/// The page may go with its edits, until it is edited again.
pub(super) fn let_go() {
    LET_GO.set(true);
    unload::ask(false);
}

/// Nothing is asked any more: its operator signed out, and what was typed is kept.
pub fn over() {
    OVER.set(true);
    unload::ask(false);
    unload::unstored(false);
}

/// Whether the dialog can be shown at all.
pub(super) fn can_ask() -> bool {
    ASKING.get().is_some()
}

/// Asks about `way`; what was asked before is forgotten.
pub(super) fn ask(way: Way) {
    PENDING.set(Some(way));
    if let Some(asking) = ASKING.get() {
        asking.try_set(true);
    }
}

/// The way that waits, taken.
pub(super) fn take_pending() -> Option<Way> {
    PENDING.take()
}

pub(super) fn set_dialog(asking: RwSignal<bool>) {
    ASKING.set(Some(asking));
}

/// Goes, without asking any more.
#[expect(clippy::disallowed_methods, reason = "the guard is the one place that navigates; it asked before")]
pub(super) fn go(way: Way) {
    match way {
        Way::Path { path, replace } => address::go(&path, replace, true),
        Way::Entry(key) => history::traverse_to(&key),
        Way::Back => {
            let _ = window().history().and_then(|history| history.back());
        }
        Way::Then(then) => then.run(()),
    }
}

fn leave_by(way: Way) {
    if dirty().is_some() && can_ask() { ask(way) } else { go(way) }
}

/// The only way for code to go to another page: asks first where edits would be lost.
pub fn guarded_navigate(path: impl Into<String>) {
    leave_by(Way::Path { path: path.into(), replace: false });
}

/// The same, in the place of the current entry of the session history.
pub fn guarded_replace(path: impl Into<String>) {
    leave_by(Way::Path { path: path.into(), replace: true });
}

/// Does `then` (signing out, changing the account) when nothing is lost by it.
pub fn ask_then(then: Callback<()>) {
    leave_by(Way::Then(then));
}
