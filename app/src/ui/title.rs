//! The tab's title.

use leptos::prelude::*;

fn whole(title: String) -> String {
    title + " · Seatline"
}

/// Shows `title` in the tab while the caller's owner lives, with the product's name behind it; in the document that the server sends too.
pub fn set_title(title: impl Into<Signal<String>>) {
    let title = title.into();
    #[cfg(feature = "ssr")]
    if let Some(page) = use_context::<crate::request::PageTitle>() {
        page.set(whole(title.get_untracked()));
    }
    Effect::new(move || document().set_title(&whole(title.get())));
}
