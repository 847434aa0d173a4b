//! How things stand, for whatever shows it: one value, one signal.

use domain::offline::{Key, Status, WorkingCopy};
use domain::{Field, Kind, Millis, SeatId};
use leptos::prelude::*;
use std::cell::Cell;

/// A draft, or what waits to be saved, of the operator who is signed in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub key: Key,
    /// The name as it is saved.
    pub name: String,
    /// The seat of a device.
    pub seat: Option<SeatId>,
    pub status: Status,
    /// Fields that differ from what is saved.
    pub modified: usize,
    /// Fields that wait to be saved.
    pub waiting: usize,
    /// When it was edited last.
    pub touched: Millis,
    /// What tells it from others of the same name: a device's username, a seat's extension.
    pub detail: String,
    /// Label and value of what was typed.
    pub typed: Vec<(&'static str, String)>,
}

impl Work {
    pub(super) fn of(copy: &WorkingCopy) -> Option<Self> {
        if copy.is_empty() {
            return None;
        }
        let base = copy.draft().base();
        let name = Field::of(base.kind).first().map(|name| base.value(*name).as_text().to_owned());
        Some(Self {
            key: copy.key,
            name: name.unwrap_or_default(),
            seat: copy.seat,
            status: copy.status(),
            modified: copy.draft().modified().len(),
            waiting: copy.waiting(),
            touched: copy.touched,
            detail: base.value(if base.kind == Kind::Seat { Field::Extension } else { Field::Username }).as_text().to_owned(),
            typed: typed(copy),
        })
    }
}

fn typed(copy: &WorkingCopy) -> Vec<(&'static str, String)> {
    let draft = copy.draft();
    draft.modified().into_iter().map(|field| (field.label(), field.shown(&draft.value(field)))).collect()
}

impl Standing {
    pub(super) fn sort(&mut self) {
        domain::few::sort_by(&mut self.work, |a, b| a.touched > b.touched);
    }
}

/// What the pages show of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The last request did not get through.
    pub unreached: bool,
    /// The session ended; what waits goes on after a sign-in.
    pub signed_out: bool,
    /// The page shows what this computer kept; when that was read.
    pub as_of: Option<Millis>,
    /// Why edits may not outlive this page, in words.
    pub trouble: Option<&'static str>,
    /// The browser may clear what is kept when it runs short of room.
    pub fleeting: bool,
    /// The server has another build than this page.
    pub newer: bool,
    /// Newest first.
    pub work: Vec<Work>,
}

thread_local! {
    // Of the browser's one thread. On the server nobody changes it.
    static STANDING: ArcRwSignal<Standing> = ArcRwSignal::new(Standing::default());
    static SIGN_IN: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
}

/// The signal.
pub fn standing() -> ArcRwSignal<Standing> {
    STANDING.with(Clone::clone)
}

/// The dialog that asks for a sign-in over the page.
pub fn on_sign_in(open: RwSignal<bool>) {
    SIGN_IN.set(Some(open));
}

/// Opens it, or closes it.
pub fn ask_sign_in(asks: bool) {
    if let Some(open) = SIGN_IN.get() {
        open.try_set(asks);
    }
}

/// Reads it, tracked.
pub fn with_standing<T>(read: impl FnOnce(&Standing) -> T) -> T {
    standing().with(read)
}

/// Changes it; who watches is told where it is another then.
pub(super) fn change(change: impl FnOnce(&mut Standing)) {
    let signal = standing();
    let mut next = signal.get_untracked();
    change(&mut next);
    if signal.with_untracked(|now| *now != next) {
        signal.set(next);
    }
}
