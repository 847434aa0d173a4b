//! Editing that goes on without a connection: drafts and what waits to be saved are kept in this browser, encrypted where they hold a
//! secret, and are sent when the server is reached. What happens to a draft is decided in `domain::offline`; here stand the browser's
//! database, its locks, its channels between tabs, and its service worker, each as thin as it can be. `docs/OFFLINE.md` tells the cases.
//!
//! On the server all of it is still: its signals never change, and nothing is ever opened.

mod database;
mod desk;
mod gate;
mod kept;
mod lock;
mod note;
mod reach;
mod seal;
mod sender;
mod sign_out;
mod standing;
mod store;
mod sync;
mod tabs;
mod task;
mod trouble;
mod worker;

pub use desk::{Open, Saving, begin, close, is_unwritten, leave_note, open, operator, sync_soon, tab};
pub use gate::{install, is_replaced, open as prepare};
pub use kept::{all as looked_at, keep_soon, keeps};
pub use reach::{is_signed_out, is_unreached, reached, reload, signed_in, signed_out};
pub use standing::{Work, ask_sign_in, on_sign_in, with_standing};
pub use tabs::signs_in;
pub use task::{Outcome, Running, Task, ask, run, tell, tell_by_and_by};
