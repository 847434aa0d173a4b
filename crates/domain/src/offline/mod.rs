//! What a browser keeps of an operator's work on one seat or device: the draft, and the changes that wait to be saved. Pure: the browser
//! stores, encrypts, sends and tells the time.
//!
//! A [`WorkingCopy`] is one value. Every method changes it at once; then the browser writes it down and tells the other tabs, in this order:
//!
//! - **Typing**: [`WorkingCopy::set`], [`WorkingCopy::undo`], [`WorkingCopy::discard`]; write within 200 ms.
//! - **SAVE**: [`WorkingCopy::save`] folds what is modified into the change that was never sent, or begins another one after the one that was.
//! - **Sending**: under a lock that one tab holds: [`next`] names the copy whose turn it is, [`WorkingCopy::begin`] freezes its change under an
//!   operation id. **Write it down before the request leaves**: a request that nobody remembers could be applied twice. Then
//!   [`WorkingCopy::answered`].
//! - **A newer saved state** from anywhere: [`WorkingCopy::load`]; while a change has no answer, it waits for that.
//! - **A choice**: [`WorkingCopy::decide`].
//! - **Signing out**: [`WorkingCopy::sign_out`].
//! - **Storing**: [`WorkingCopy::pack`] gives a text to store and one to encrypt, [`WorkingCopy::unpack`] takes them back.
//! - **Other tabs** send the same two texts; [`WorkingCopy::join`] makes one of both. Read, join and write stand under one lock, so that no tab
//!   writes over another. Sending, answers and signing out stand under it too. Typing, loading, SAVE, choices and putting away do not: a page
//!   does them at once, on what it knows, and each press of SAVE has a name by which it is found again, or known to be over.
//!
//! The draft holds everything that is not known to be saved, also what waits. So no answer can take away what somebody typed: a save that
//! went through removes from the draft what it saved, any other answer leaves the draft alone.

mod answer;
mod beside;
mod change;
mod copy;
mod join;
mod key;
mod news;
mod press;
mod queue;
mod seen;
mod sign_out;
mod stored;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use change::{Change, Hold, Sending, Status};
pub use copy::WorkingCopy;
pub use key::{Key, Target};
pub use news::{CameIn, came_in};
pub use queue::{Asked, Decision, Next, next};
pub use seen::{Seen, seen};
pub use stored::{FORMAT, Packed, Unreadable};

use crate::{DAY, Millis};

/// How long the server knows the operation ids of what it saved. A change that waits longer is a draft again: sent once more, it could be
/// applied twice.
pub const OPERATIONS_KEPT: Millis = 90 * DAY;
