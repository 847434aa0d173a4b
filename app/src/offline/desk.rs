//! The working copies of this tab: those that pages show, and those whose page is gone and that are not written yet.

use super::{
    gate, note, tabs,
    task::{Task, tell_by_and_by},
};
use crate::{
    loading,
    ui::{ids::random, now},
};
use domain::offline::{CameIn, Key, WorkingCopy};
use domain::view::Saved;
use domain::{Millis, OperatorId, Patch};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    pin::Pin,
};

/// The answer to a save, on its way.
pub type Saving = Pin<Box<dyn Future<Output = Result<Saved, crate::api::ApiError>>>>;

/// What a page with a form tells the desk.
#[derive(Clone, Copy)]
pub struct Open {
    pub key: Key,
    pub copy: StoredValue<WorkingCopy>,
    /// The copy is another now; with what came in from others.
    pub changed: Callback<Vec<CameIn>>,
    /// An answer came: what was saved, or why it was not, in words.
    pub answered: Callback<Result<Saved, String>>,
    /// Saves what is never queued.
    pub saver: Option<Callback<(Patch, bool), Saving>>,
    /// The phone that is rebooted after a save, where there are several. Not kept: who goes on later does not reboot any more.
    pub contact: Option<StoredValue<Option<String>>>,
}

/// Names what was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opened(u32);

enum Place {
    /// On a page. `fresh`: it has not taken up what was stored.
    Open { id: u32, open: Open, fresh: bool },
    /// Its page is gone, and it is not written yet.
    Parted { copy: Box<WorkingCopy>, fresh: bool },
}

thread_local! {
    static OPERATOR: Cell<Option<(OperatorId, Millis)>> = const { Cell::new(None) };
    /// How often the operator had signed out here when this page began, once that was read.
    static SIGN_OUTS: Cell<Option<u32>> = const { Cell::new(None) };
    static TAB: Cell<u32> = const { Cell::new(0) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
    /// What is about to be written already.
    static SOON: RefCell<Vec<Key>> = const { RefCell::new(Vec::new()) };
    /// What came in from others where no page was open to tell of it.
    static CAME: RefCell<Vec<(Key, Vec<CameIn>)>> = const { RefCell::new(Vec::new()) };
    /// What is being written.
    static WRITING: RefCell<Vec<Key>> = const { RefCell::new(Vec::new()) };
}

/// A number that no other tab has.
pub fn tab() -> u32 {
    if TAB.get() == 0 {
        let mut bytes = [0; 4];
        random(&mut bytes);
        TAB.set(u32::from_le_bytes(bytes).max(1));
    }
    TAB.get()
}

/// Who is signed in, once the page knows.
pub fn operator() -> Option<OperatorId> {
    OPERATOR.get().map(|(operator, _)| operator)
}

/// Whether the operator's session would have ended by now.
pub(super) fn is_over() -> bool {
    OPERATOR.get().is_some_and(|(_, until)| until > 0 && now() >= until)
}

/// The operator whose pages these are, and when the session ends in any case.
pub fn begin(operator: OperatorId, until: Millis) {
    begins_anew();
    if OPERATOR.replace(Some((operator, until))).is_none_or(|(before, _)| before != operator) {
        // At once: another tab may sign out before what keeps drafts is here.
        tabs::listen();
        tell_by_and_by(Task::Begin(operator));
    }
}

/// The operator is signed in, whatever was before.
pub(super) fn begins_anew() {
    SIGN_OUTS.set(None);
}

/// Whether the operator signed out since this page began; `often`: how often that was by now.
pub(super) fn is_behind(often: u32) -> bool {
    let seen = SIGN_OUTS.get().unwrap_or(often);
    SIGN_OUTS.set(Some(seen));
    seen != often
}

/// The operator signed out, in another tab: this page is about to go.
pub(super) fn end() {
    OPERATOR.set(None);
}

/// A page shows the copy from now on, and takes up what is stored of it.
pub fn open(open: Open) -> Opened {
    let id = NEXT.replace(NEXT.get() + 1);
    PLACES.with_borrow_mut(|places| places.push(Place::Open { id, open, fresh: true }));
    if open.copy.try_with_value(WorkingCopy::is_empty) == Some(false) {
        // Typed before the page was alive.
        gate::open();
    }
    sync_by_and_by(open.key);
    Opened(id)
}

/// The page goes. What it holds is written in its place.
pub fn close(Opened(id): Opened) {
    let key = PLACES.with_borrow_mut(|places| {
        let at = places.iter().position(|place| matches!(place, Place::Open { id: other, .. } if *other == id))?;
        let Place::Open { open, fresh, .. } = places.remove(at) else { return None };
        if let Some(copy) = open.copy.try_get_value().filter(|copy| !fresh || !copy.is_empty()) {
            places.insert(at, Place::Parted { copy: Box::new(copy), fresh });
        }
        Some(open.key)
    });
    if let Some(key) = key {
        sync_by_and_by(key);
    }
}

/// The page may go at any moment now, with edits that are not written.
pub fn leave_note(key: Key) {
    note::leave(key);
}

/// Has the copy written; what does it may be on its way still, and until then there is a note.
pub fn sync_soon(key: Key) {
    gate::open();
    if !loading::has_offline() {
        note::leave_all(key);
    }
    sync_by_and_by(key);
}

/// The same, where nothing is lost by waiting; once for all who ask before it begins.
fn sync_by_and_by(key: Key) {
    let waits = SOON.with_borrow_mut(|soon| {
        let waits = soon.contains(&key);
        if !waits {
            soon.push(key);
        }
        waits
    });
    if !waits {
        tell_by_and_by(Task::Sync(key));
    }
}

/// It begins.
pub(super) fn begins(key: &Key) {
    SOON.with_borrow_mut(|soon| soon.retain(|other| other != key));
    WRITING.with_borrow_mut(|writing| writing.push(*key));
}

/// It is done, or could not be.
pub(super) fn ends(key: &Key) {
    WRITING.with_borrow_mut(|writing| writing.retain(|other| other != key));
}

/// Whether something of it may not be written yet.
pub fn is_unwritten(key: &Key) -> bool {
    SOON.with_borrow(|soon| soon.contains(key)) || WRITING.with_borrow(|writing| writing.contains(key))
}

/// The open page of a copy.
pub(super) fn page(key: &Key) -> Option<Open> {
    page_of(key).map(|(open, _)| open)
}

/// The same, and whether it has taken up what was stored.
pub(super) fn page_of(key: &Key) -> Option<(Open, bool)> {
    PLACES.with_borrow(|places| {
        places.iter().rev().find_map(|place| match place {
            Place::Open { open, fresh, .. } if open.key == *key => Some((*open, *fresh)),
            _ => None,
        })
    })
}

/// The page has taken up what was stored.
pub(super) fn taken_up(key: &Key) {
    PLACES.with_borrow_mut(|places| {
        let here = places.iter_mut().rev().find(|place| matches!(place, Place::Open { open, .. } if open.key == *key));
        if let Some(Place::Open { fresh, .. }) = here {
            *fresh = false;
        }
    });
}

/// Takes the copies of a key whose pages are gone, oldest first, each with whether it had taken up what was stored.
pub(super) fn parted(key: &Key) -> Vec<(WorkingCopy, bool)> {
    PLACES.with_borrow_mut(|places| {
        let (gone, stay) =
            std::mem::take(places).into_iter().partition(|place| matches!(place, Place::Parted { copy, .. } if copy.key == *key));
        *places = stay;
        let gone: Vec<Place> = gone;
        gone.into_iter().filter_map(|place| if let Place::Parted { copy, fresh } = place { Some((*copy, fresh)) } else { None }).collect()
    })
}

/// Others' changes came in, and no page is open.
pub(super) fn came_in(key: &Key, came: Vec<CameIn>) {
    if !came.is_empty() {
        CAME.with_borrow_mut(|all| all.push((*key, came)));
    }
}

/// What came in before the page was open.
pub(super) fn take_came_in(key: &Key) -> Vec<CameIn> {
    let (own, others) = CAME.take().into_iter().partition(|(other, _)| other == key);
    CAME.set(others);
    let own: Vec<(Key, Vec<CameIn>)> = own;
    own.into_iter().flat_map(|(_, came)| came).collect()
}

/// What could not be written, and whose page is gone: it lives as long as the tab.
pub(super) fn part(copy: WorkingCopy) {
    PLACES.with_borrow_mut(|places| places.push(Place::Parted { copy: Box::new(copy), fresh: false }));
}

/// Whether this tab has it, on a page or not.
pub(super) fn has(key: &Key) -> bool {
    copies().iter().any(|copy| copy.key == *key)
}

/// The copies of this tab.
pub(super) fn copies() -> Vec<WorkingCopy> {
    PLACES.with_borrow(|places| {
        let all = places.iter().filter_map(|place| match place {
            Place::Open { open, .. } => open.copy.try_get_value(),
            Place::Parted { copy, .. } => Some((**copy).clone()),
        });
        all.collect()
    })
}
