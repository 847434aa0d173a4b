//! The leave guard: every way out of a page with unsaved edits asks first.
//!
//! Links are caught by a capturing click listener (`links`), back and forward by the Navigation API (`history`), code
//! that navigates goes through [`guarded_navigate`], sign-out through [`ask_then`], and closing or reloading the tab is asked about in
//! the browser's own words, only while something is modified.

mod dialog;
mod history;
mod links;
mod registry;
mod unload;

pub use dialog::LeaveDialog;
#[cfg(feature = "hydrate")]
pub use links::follow_links;
pub use registry::{Leaving, Saving, ask_then, guarded_navigate, guarded_replace, over, register};
pub use unload::unstored;

/// Sets the listeners. Once, before the page follows its address: the first listener is the first to be heard.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "there are no listeners on the server"))]
pub fn install() {
    links::install();
    history::install();
}
