//! Generic components: they know the look, and nothing of seats or phones.

mod announce;
mod asked;
mod button;
mod clock;
mod copy;
mod delete;
mod dialog;
mod entry;
mod error;
mod icon;
pub mod ids;
mod loaded;
mod online;
mod pages;
mod state;
mod table;
mod time;
mod words;

pub use announce::{LiveRegion, announce};
pub use asked::ask;
pub use button::{Button, CopyButton};
pub use clock::use_clock;
pub use copy::copy;
pub use delete::{Deletable, delete_dialog};
pub use dialog::Dialog;
pub use entry::{Check, Entry, focus, focus_in_place, input_value, is_checked, set_input_value};
pub use error::{ErrorNote, ErrorPage, set_status};
pub use icon::Icon;
pub use ids::random;
pub use loaded::{Loading, answered, answered_quietly, loaded};
pub use online::{NeedsConnection, OnlineOnly, offline};
pub use pages::Pages;
pub use state::{Banner, Mark, Pill};
pub use table::table;
pub use time::{Time, Until, now};
pub use words::{count, thousands};
