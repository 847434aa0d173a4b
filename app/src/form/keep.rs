//! Edits outlive the page: they are the desk's, which stores them and brings back what was left.

use super::{FormHandle, control_id};
use crate::{
    offline::{self, Open, with_standing},
    ui::{focus, now},
};
use domain::{Value, offline::WorkingCopy};
use leptos::prelude::*;
use std::time::Duration;

impl FormHandle {
    /// Takes up what this computer keeps of the record, and keeps what is typed from now on.
    pub(super) fn keep(self) {
        if self.read_only {
            return;
        }
        // An effect: the server keeps nothing. Its cleanup also keeps edits that nobody chose to lose: a step back that the browser did not
        // let us ask about.
        Effect::new(move || {
            let parts = self.parts();
            self.copy.update_value(|copy| copy.alive(now(), offline::tab()));
            let first = StoredValue::new(true);
            let opened = offline::open(Open {
                key: parts.key,
                copy: self.copy,
                changed: Callback::new(move |came| {
                    self.came(came);
                    if first.try_update_value(std::mem::take) == Some(true) {
                        self.focus_again();
                    }
                }),
                answered: Callback::new(move |answer| self.answered(answer)),
                saver: parts.saver,
                contact: parts.contact,
            });
            let listeners = ["pagehide", "visibilitychange"].map(|name| window_event_listener_untyped(name, move |_| self.write_at_once()));
            on_cleanup(move || {
                listeners.into_iter().for_each(WindowListenerHandle::remove);
                offline::close(opened);
            });
        });
    }

    /// What is kept of the edits when the page goes, in words. None: nothing is.
    pub(super) fn kept(self) -> Option<&'static str> {
        if with_standing(|standing| standing.trouble.is_some()) {
            return None;
        }
        let secret = |copy: &WorkingCopy| copy.draft().edits().values().any(|edit| matches!(edit.value, Value::Secret(_)));
        let without = !window().is_secure_context() && self.copy.with_value(secret);
        Some(if without {
            "Kept as a draft, what you typed but for the password stays on this computer."
        } else {
            "Kept as a draft, what you typed stays on this computer."
        })
    }

    /// The page may go at any moment.
    fn write_at_once(self) {
        if self.parts().inner.with_value(|inner| inner.writing) || offline::is_unwritten(&self.parts().key) {
            offline::leave_note(self.parts().key);
            self.write_now();
        }
    }

    /// The focus goes where it was when the draft was left, unless it is somewhere already.
    fn focus_again(self) {
        let field = self.copy.with_value(|copy| copy.focus.filter(|_| !copy.draft().edits().is_empty()));
        let nowhere = || document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let Some(field) = field.filter(|_| nowhere()) {
            // A field that the draft brought to the page stands there by then.
            set_timeout(move || focus(&control_id(field)), Duration::from_millis(30));
        }
    }
}
