//! Whether the server is reached: what the last request came to says it, not what the browser believes of the network.

use super::{
    desk,
    standing::{self, standing},
    task::{Task, tell},
};
use crate::guard;
use leptos::prelude::*;

/// A request got through, or did not. The first that does after one that did not sends what waits.
pub fn reached(through: bool) {
    let before = is_unreached();
    if !through && desk::is_over() {
        // Who may read here without a connection may do so until the session's end.
        guard::over();
        return reload();
    }
    standing::change(|standing| {
        standing.unreached = !through;
        if through {
            standing.as_of = None;
        }
    });
    match (before, through) {
        (true, true) => tell(Task::Hurry),
        (false, false) => tell(Task::Watch),
        _ => {}
    }
}

/// Whether the last request did not get through.
pub fn is_unreached() -> bool {
    standing().with_untracked(|standing| standing.unreached)
}

/// Whether the session ended.
pub fn is_signed_out() -> bool {
    standing().with_untracked(|standing| standing.signed_out)
}

/// The session ended: nothing goes out until a sign-in.
pub fn signed_out() {
    standing::change(|standing| standing.signed_out = true);
}

/// The operator signed in again, over the page or in another tab: what waits is tried.
pub fn signed_in() {
    standing::change(|standing| standing.signed_out = false);
}

/// Loads the page anew, by the newest build.
pub fn reload() {
    let _ = window().location().reload();
}
