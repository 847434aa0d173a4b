//! Edits outlive a reload in the same tab: they are kept in its session storage, secrets left out.

use super::FormHandle;
use domain::form::Draft;
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Serialize, Deserialize)]
struct Kept {
    draft: Draft,
    /// A typed secret was left out.
    secret: bool,
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

impl FormHandle {
    /// Brings back what this tab kept, and keeps what is typed from now on.
    pub(super) fn keep_in_tab(self) {
        if self.read_only {
            return;
        }
        // An effect: the server has no tab. Its cleanup also keeps edits that nobody chose to lose: a step back that the browser did not
        // let us ask about.
        Effect::new(move || {
            self.bring_back();
            let listener = window_event_listener(ev::pagehide, move |_| self.keep());
            on_cleanup(move || {
                listener.remove();
                self.keep();
            });
        });
    }

    fn bring_back(self) {
        let Some(key) = self.inner.try_with_value(|inner| inner.key.clone()) else { return };
        let Some(text) = storage().and_then(|storage| storage.get_item(&key).ok().flatten()) else { return };
        let Ok(kept) = wire::from_str::<Kept>(&text) else { return self.forget() };
        let fits = self.inner.try_update_value(|inner| {
            let base = inner.draft.base().clone();
            if kept.draft.base().kind != base.kind {
                return false;
            }
            inner.draft = kept.draft;
            inner.draft.rebase(base);
            true
        });
        if fits == Some(true) {
            self.parts().secret_lost.set(kept.secret);
            self.tell_all();
        }
    }

    /// Soon, once for many keys.
    pub(super) fn keep_soon(self) {
        let waiting = self.inner.try_update_value(|inner| std::mem::replace(&mut inner.keeping, true));
        if waiting == Some(false) {
            let write = move || {
                self.inner.try_update_value(|inner| inner.keeping = false);
                self.keep();
            };
            set_timeout(write, Duration::from_millis(400));
        }
    }

    pub(super) fn keep(self) {
        let Some((key, kept)) = self.inner.try_with_value(|inner| {
            let (draft, secret) = inner.draft.without_secrets();
            (inner.key.clone(), (!draft.edits().is_empty() || secret).then_some(Kept { draft, secret }))
        }) else {
            return;
        };
        let Some(storage) = storage() else { return };
        // A full storage loses this convenience, never an edit on the page.
        let _ = match kept.and_then(|kept| serde_json::to_string(&kept).ok()) {
            Some(text) => storage.set_item(&key, &text),
            None => storage.remove_item(&key),
        };
    }

    pub(super) fn forget(self) {
        if let (Some(storage), Some(key)) = (storage(), self.inner.try_with_value(|inner| inner.key.clone())) {
            let _ = storage.remove_item(&key);
        }
        self.parts().secret_lost.try_set(false);
    }
}
