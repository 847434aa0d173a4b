//! What goes on in the account, pushed by the server: one stream for all tabs of a browser, handed to whoever listens.

mod carried;
mod fresh;
mod heard;
mod shared;
mod stream;
mod watch;

use domain::view::Live;
use leptos::prelude::*;
use std::time::Duration;

pub use fresh::{Fresh, Missed};
#[cfg(not(feature = "ssr"))]
pub use heard::heard;
pub use heard::made_as_of;
pub use watch::keep_open;

/// How the stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not opened yet.
    Fresh,
    Open,
    /// The connection is gone; it is tried again by itself.
    Lost,
    /// The session ended: trying again does not help.
    SignedOut,
}

type Listener = (u32, Callback<Live>);

/// The account's live stream, from the context.
#[derive(Clone, Copy)]
pub struct LiveHandle {
    pub status: RwSignal<Status>,
    listeners: StoredValue<Vec<Listener>>,
    next: StoredValue<u32>,
}

/// Makes the handle and hands it to the pages below; [`keep_open`] opens the stream.
pub fn provide_live() -> LiveHandle {
    let handle = LiveHandle { status: RwSignal::new(Status::Fresh), listeners: StoredValue::new(Vec::new()), next: StoredValue::new(0) };
    provide_context(handle);
    handle
}

/// The stream of the account whose page this is.
pub fn use_live() -> LiveHandle {
    use_context().expect("every page under an account stands below its layout")
}

impl LiveHandle {
    /// Calls `listener` with every message until the caller's owner goes. What came while the page's data was on its way, it hears of by
    /// a [`Live::Reload`].
    pub fn on_message(self, listener: Callback<Live>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.listeners.update_value(|all| all.push((id, listener)));
        if heard::missed() {
            set_timeout(
                move || {
                    if self.listeners.try_with_value(|all| all.iter().any(|(other, _)| *other == id)) == Some(true) {
                        listener.run(Live::Reload);
                    }
                },
                Duration::ZERO,
            );
        }
        on_cleanup(move || {
            self.listeners.try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    fn tell(self, message: &Live) {
        heard::one_more();
        // A copy: a listener may make listeners come and go.
        let Some(all) = self.listeners.try_get_value() else { return };
        for (_, listener) in all {
            listener.run(message.clone());
        }
    }
}
