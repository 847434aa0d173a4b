//! Line drawings on a grid of 16, decoration beside a word: a screen reader skips them.

use leptos::prelude::*;

const fn path(name: &str) -> &'static str {
    match name.as_bytes() {
        b"brand" => "M3 11V8a5 5 0 0 1 10 0v3M3 10.5h2v4H4a1 1 0 0 1-1-1zM13 10.5h-2v4h1a1 1 0 0 0 1-1z",
        b"seats" => "M2.5 3.5h11v6h-11zM8 9.5v4M5 13.5h6",
        b"carriers" => "M2 8h3l2-4 2 8 2-4h3",
        b"activity" => "M8 2.5a5.5 5.5 0 1 1-5.2 3.7M2.5 3v3.3h3.3M8 5v3l2 1.5",
        b"settings" => "M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M8 3v3h3.5V3zM4.5 10v3H8v-3z",
        b"reboot" => "M13.5 8a5.5 5.5 0 1 1-1.7-4M12 1.5V4.3H9.2",
        b"trash" => "M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 6.8v4M9.3 6.8v4",
        b"copy" => "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
        b"plus" => "M8 3v10M3 8h10",
        b"check" => "M3 8.5l3.2 3.2L13 4.8",
        b"close" => "M4 4l8 8M12 4l-8 8",
        b"undo" => "M5 3L2.5 5.5 5 8M2.5 5.5h7a4 4 0 0 1 0 8H6",
        b"search" => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2",
        b"warn" => "M8 2.5l6 11H2zM8 6.5v3M8 11.5v.01",
        b"offline" => "M2 2l12 12M3 7a8 8 0 0 1 2.3-1.5M8 4.6A8 8 0 0 1 13 7M5 9.4a4.5 4.5 0 0 1 1.6-1M8 12v.01",
        b"up" => "M8 13V3M4 7l4-4 4 4",
        b"down" => "M8 3v10M4 9l4 4 4-4",
        b"key" => "M5 6.5a3 3 0 1 0 3 3L13.5 4M11 6.5l1.5 1.5",
        b"sign-out" => "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
        b"restore" => "M2.5 8a5.5 5.5 0 1 0 1.7-4M4 1.5v2.8h2.8",
        b"phone" => "M5 1.5h6v13H5zM7.3 12.3h1.4",
        b"info" => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.3v3.5M8 5v.01",
        _ => "",
    }
}

/// The drawing `name`.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=path(name)></path>
        </svg>
    }
}
