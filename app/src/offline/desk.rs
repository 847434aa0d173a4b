//! The working copies of this tab, and the one way to read, change and write them: whatever touches a copy goes through [`sync`], under one
//! lock over all tabs, so that no tab writes over another.

use super::{
    lock, note,
    standing::{self, Work},
    store::{self, Failure},
    tabs,
    task::{Task, tell},
};
use crate::{
    loading,
    ui::{ids::random, now},
};
use domain::offline::{CameIn, Key, Unreadable, WorkingCopy};
use domain::view::Saved;
use domain::{DAY, OperatorId, Patch};
use leptos::prelude::*;
use std::{cell::Cell, cell::RefCell, pin::Pin, time::Duration};

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
}

/// Names what was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opened(u32);

#[derive(Clone)]
enum Place {
    /// On a page. `fresh`: it has not taken up what was stored.
    Open { id: u32, open: Open, fresh: bool },
    /// Its page is gone, and it is not written yet.
    Parted(Key, Box<WorkingCopy>),
}

impl Place {
    const fn key(&self) -> Key {
        match self {
            Self::Open { open, .. } => open.key,
            Self::Parted(key, _) => *key,
        }
    }
}

thread_local! {
    static OPERATOR: Cell<Option<OperatorId>> = const { Cell::new(None) };
    static TAB: Cell<u32> = const { Cell::new(0) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
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
    OPERATOR.get()
}

/// The operator whose pages these are.
pub fn begin(operator: OperatorId) {
    if OPERATOR.replace(Some(operator)) != Some(operator) {
        tell(Task::Begin(operator));
    }
}

/// Tells what the operator has here, and goes on with what waits.
pub(super) async fn take_stock(operator: OperatorId) {
    tabs::listen();
    match store::all(operator, tab()).await {
        Ok(copies) => {
            let (old, kept): (Vec<_>, Vec<_>) = copies.into_iter().partition(|copy| copy.is_empty() && copy.touched + DAY < now());
            // No tab of before can bring them back any more.
            for copy in old {
                let _ = store::remove(&copy.key).await;
            }
            standing::change(|standing| {
                standing.work = kept.iter().filter_map(Work::of).collect();
                sort(&mut standing.work);
            });
        }
        Err(_) => trouble(Some(BLOCKED)),
    }
    super::sender::pump().await;
}

fn sort(work: &mut [Work]) {
    domain::few::sort_by(work, |a, b| a.touched > b.touched);
}

const BLOCKED: &str = "This browser does not let Seatline store drafts: edits live in this page alone, until they are saved.";
const FULL: &str = "This computer has no room for drafts: edits live in this page alone, until they are saved.";
const NEWER: &str = "A newer version of Seatline wrote a draft here. It is kept; edits live in this page alone, until they are saved.";

pub(super) fn trouble(words: Option<&'static str>) {
    standing::change(|standing| standing.trouble = words);
}

fn told(failure: &Failure) {
    trouble(Some(match failure {
        Failure::Unreadable(Unreadable::Newer { .. }) => NEWER,
        Failure::Unreadable(Unreadable::Damaged) => {
            "A draft that was kept here can't be read. It stays as it is; edits live in this page alone."
        }
        Failure::Browser(trouble) => {
            let name = js_sys::Reflect::get(trouble, &"name".into()).ok().and_then(|name| name.as_string());
            if name.as_deref() == Some("QuotaExceededError") { FULL } else { BLOCKED }
        }
    }));
}

/// A page shows the copy from now on, and takes up what is stored of it.
pub fn open(open: Open) -> Opened {
    let id = NEXT.replace(NEXT.get() + 1);
    PLACES.with_borrow_mut(|places| places.push(Place::Open { id, open, fresh: true }));
    sync_soon(open.key, Duration::ZERO);
    Opened(id)
}

/// The page goes. What it holds is written in its place.
pub fn close(opened: Opened) {
    let parted = PLACES.with_borrow_mut(|places| {
        let place = places.iter_mut().find(|place| matches!(place, Place::Open { id, .. } if *id == opened.0))?;
        let Place::Open { open, fresh, .. } = place else { return None };
        let (key, untouched) = (open.key, *fresh);
        match open.copy.try_get_value().filter(|copy| !untouched || !copy.is_empty()) {
            Some(copy) => *place = Place::Parted(key, Box::new(copy)),
            None => places.retain(|place| !matches!(place, Place::Open { id, .. } if *id == opened.0)),
        }
        Some(key)
    });
    if let Some(key) = parted {
        sync_soon(key, Duration::ZERO);
    }
}

/// The page may go at any moment now, with edits that are not written.
pub fn leave_note(key: Key) {
    loading::offline_at_once(Task::Note(key));
}

/// Writes the copy within `wait`.
pub fn sync_soon(key: Key, wait: Duration) {
    let now = move || tell(Task::Sync(key));
    if wait.is_zero() { now() } else { set_timeout(now, wait) }
}

/// The open page of a copy.
pub(super) fn page(key: &Key) -> Option<Open> {
    PLACES.with_borrow(|places| {
        places.iter().rev().find_map(|place| match place {
            Place::Open { open, .. } if open.key == *key => Some(*open),
            _ => None,
        })
    })
}

/// The copies that are open on pages of this tab.
pub(super) fn pages() -> Vec<WorkingCopy> {
    PLACES.with_borrow(|places| {
        let open = places.iter().filter_map(|place| match place {
            Place::Open { open, .. } => open.copy.try_get_value(),
            Place::Parted(..) => None,
        });
        open.collect()
    })
}

/// What this tab holds of a copy, together with what is stored; `work` is done on both in one.
fn together(key: Key, stored: Option<&WorkingCopy>, work: &mut dyn FnMut(&mut WorkingCopy) -> Vec<CameIn>) -> Option<WorkingCopy> {
    let place = PLACES.with_borrow(|places| places.iter().rev().find(|place| place.key() == key).cloned());
    match place {
        Some(Place::Open { id, open, fresh }) => {
            let done = open.copy.try_update_value(|copy| {
                let mut came = match stored {
                    Some(stored) if fresh => copy.take_up(stored.clone(), now()),
                    // Without encryption (plain http from elsewhere) only the page has what was typed as a secret: it comes first.
                    Some(_) if !window().is_secure_context() => Vec::new(),
                    Some(stored) => {
                        copy.join(stored);
                        Vec::new()
                    }
                    None => Vec::new(),
                };
                came.extend(work(copy));
                (copy.clone(), came)
            });
            let (copy, came) = done?;
            PLACES.with_borrow_mut(|places| {
                for place in places {
                    if let Place::Open { id: other, fresh, .. } = place
                        && *other == id
                    {
                        *fresh = false;
                    }
                }
            });
            open.changed.run(came);
            Some(copy)
        }
        Some(Place::Parted(_, mut copy)) => {
            if let Some(stored) = stored {
                copy.join(stored);
            }
            work(&mut copy);
            PLACES.with_borrow_mut(|places| places.retain(|place| !matches!(place, Place::Parted(other, _) if *other == key)));
            Some(*copy)
        }
        None => stored.cloned().map(|mut copy| {
            work(&mut copy);
            copy
        }),
    }
}

/// Reads the copy, joins what this tab has of it, does `work` on it, and writes it down: all under one lock. Other tabs are told.
pub(super) async fn sync(key: Key, work: &mut dyn FnMut(&mut WorkingCopy) -> Vec<CameIn>) {
    let _held = lock::hold(lock::COPIES).await;
    let read = store::read(&key, tab()).await;
    let known = match (read.as_ref().ok().cloned().flatten(), note::take(&key)) {
        (Some(mut stored), Some(note)) => {
            stored.join(&note);
            Some(stored)
        }
        (stored, note) => stored.or(note),
    };
    let Some(copy) = together(key, known.as_ref(), work) else { return forget(&key) };
    match &read {
        Err(failure) if !copy.is_empty() => told(failure),
        Ok(stored) if stored.as_ref() != Some(&copy) && (stored.is_some() || !copy.is_empty()) => match store::write(&copy).await {
            Ok(_) => {
                trouble(None);
                tabs::tell(&key.to_string());
            }
            Err(failure) => told(&Failure::Browser(failure)),
        },
        _ => {}
    }
    show(&key, Work::of(&copy));
}

fn forget(key: &Key) {
    show(key, None);
}

fn show(key: &Key, work: Option<Work>) {
    if Some(key.operator) != operator() {
        return;
    }
    standing::change(|standing| {
        standing.work.retain(|other| other.key != *key);
        standing.work.extend(work);
        sort(&mut standing.work);
    });
}
