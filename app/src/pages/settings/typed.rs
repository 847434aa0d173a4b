//! What is typed on this page and not sent yet is asked about before it is lost.

use super::State;
use crate::{
    guard::{self, Leaving},
    ui::{input_value, set_input_value},
};
use leptos::prelude::*;

pub const ACCOUNT_NAME: &str = "account-name";
/// Empty at first.
const EMPTY: [&str; 4] = ["new-realm", "invite-name", "old-password", "new-password"];

/// Counts the inputs that hold what was typed.
#[derive(Clone, Copy)]
pub struct Typed {
    state: State,
    count: RwSignal<usize>,
}

impl Typed {
    pub fn new(state: State) -> Self {
        let typed = Self { state, count: RwSignal::new(0) };
        guard::register(Leaving {
            modified: typed.count.into(),
            name: Signal::stored("Settings".to_owned()),
            hidden: Callback::new(|()| Vec::new()),
            keeps: Callback::new(|()| None),
            save: None,
            lose: Callback::new(move |()| typed.count.set(0)),
        });
        // Also what was typed before the page was alive, and what became empty since it was sent.
        Effect::new(move || {
            state.view.track();
            typed.count();
        });
        // Where nobody typed another name, the one that somebody else saved is shown.
        Effect::new(move |before: Option<String>| {
            let name = state.view.with(|view| view.account.name.clone());
            if before.is_some_and(|before| before == input_value(ACCOUNT_NAME)) {
                set_input_value(ACCOUNT_NAME, &name);
                typed.count();
            }
            name
        });
        typed
    }

    pub fn count(self) {
        let filled = EMPTY.iter().filter(|id| !input_value(id).is_empty()).count();
        let renamed = self.state.administers() && {
            let name = input_value(ACCOUNT_NAME);
            !name.is_empty() && self.state.view.with_untracked(|view| view.account.name != name)
        };
        self.count.set(filled + usize::from(renamed));
    }
}
