//! The tab's title.

use leptos::prelude::*;

/// Shows `title` in the tab while the caller's owner lives, with the product's name behind it.
pub fn set_title(title: impl Into<Signal<String>>) {
    let title = title.into();
    Effect::new(move || document().set_title(&(title.get() + " · Seatline")));
}
