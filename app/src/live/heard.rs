//! How much of the stream this tab has heard: a page whose data was asked for before a message came, and that stands only after it, did not
//! hear that message.

use std::cell::Cell;

thread_local! {
    static HEARD: Cell<u32> = const { Cell::new(0) };
    /// What had been heard when the data of the page that is being made was asked for.
    static AS_OF: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The number of messages so far.
#[cfg(not(feature = "ssr"))]
pub fn heard() -> u32 {
    HEARD.get()
}

pub(super) fn one_more() {
    HEARD.set(HEARD.get().wrapping_add(1));
}

/// Makes a page of data that was asked for when `then` messages had been heard.
pub fn made_as_of<T>(then: u32, make: impl FnOnce() -> T) -> T {
    let before = AS_OF.replace(Some(then));
    let made = make();
    AS_OF.set(before);
    made
}

/// Whether something came since the data of the page that is being made was asked for.
pub(super) fn missed() -> bool {
    AS_OF.get().is_some_and(|then| then != HEARD.get())
}
