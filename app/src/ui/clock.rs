//! The browser's time as a signal, for "2 min" and "in 214 s".

use super::now;
use domain::Millis;
use leptos::prelude::*;
use std::time::Duration;

/// Now, each second; `None` until the page is alive, since the server's text must not tell a time that the browser's does not.
pub fn use_clock() -> Signal<Option<Millis>> {
    let time = RwSignal::new(None);
    Effect::new(move || {
        time.set(Some(now()));
        if let Ok(ticking) = set_interval_with_handle(
            move || {
                time.try_set(Some(now()));
            },
            Duration::from_secs(1),
        ) {
            on_cleanup(move || ticking.clear());
        }
    });
    time.into()
}
