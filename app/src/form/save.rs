//! SAVE: what is sent, what an answer does to the draft, and what is said.

use super::{Choice, FormHandle, control_id, notes};
use crate::api::ApiError;
use crate::ui::{announce, count, focus, ids::new_operation};
use domain::few::Map;
use domain::form::{PatchItem, Unit};
use domain::view::Saved;
use domain::{Fault, Field, OperationId, Patch, Problem, Record};
use leptos::prelude::*;
use std::pin::Pin;

/// The server's answer to a patch, on its way.
pub type Answer = Pin<Box<dyn Future<Output = Result<Saved, ApiError>>>>;

/// Sends a patch; true: "Save, then reboot".
pub type Saver = Callback<(Patch, bool), Answer>;

/// Why a save did not go through, beside what stands at the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub text: String,
    /// Signing in (in another tab: the edits stay in this one) is the way on.
    pub sign_in: bool,
}

/// A patch that got no answer.
pub(super) struct Sent {
    operation: OperationId,
    items: Vec<PatchItem>,
    then_reboot: bool,
}

impl FormHandle {
    /// Saves what is modified. True when it went through, or nothing was to be saved.
    pub async fn save(self, then_reboot: bool) -> bool {
        if self.read_only || self.parts().saving.get_untracked() {
            return false;
        }
        self.parts().failure.set(None);
        if self.inner.with_value(|inner| inner.draft.modified().is_empty()) {
            announce("Nothing is modified.");
            return true;
        }
        self.parts().then_reboot.set(then_reboot);
        let faults = self.inner.with_value(|inner| own_faults(&inner.draft));
        if !faults.is_empty() {
            self.refused(faults);
            return false;
        }
        if self.ask_conflicts() {
            return false;
        }
        let Some(patch) = self.inner.try_update_value(|inner| {
            let patch = inner.draft.patch(new_operation());
            let operation = match &inner.sent {
                Some(sent) if sent.items == patch.items && sent.then_reboot == then_reboot => sent.operation,
                _ => patch.operation,
            };
            inner.sent = Some(Sent { operation, items: patch.items.clone(), then_reboot });
            Patch { operation, ..patch }
        }) else {
            return false;
        };
        let saving = self.parts().saving;
        saving.set(true);
        let answer = self.parts().saver.run((patch.clone(), then_reboot)).await;
        // The page may be gone by now.
        if saving.try_set(false).is_some() {
            return answer.is_ok();
        }
        match answer {
            Ok(saved) => {
                self.went_through(&patch, saved);
                true
            }
            Err(error) => {
                self.did_not(error);
                false
            }
        }
    }

    /// Saves, for a press of a button.
    pub fn save_now(self) {
        leptos::task::spawn_local(async move {
            self.save(false).await;
        });
    }

    fn went_through(self, patch: &Patch, saved: Saved) {
        let noted = self.inner.try_update_value(|inner| {
            inner.sent = None;
            inner.faults.clear();
            let before = inner.draft.base().clone();
            let mine: Vec<Field> = patch.items.iter().map(|item| item.field).collect();
            let noted = notes::others(&before, &saved.record, &mine);
            inner.draft.saved(patch, saved.record.clone());
            noted
        });
        self.tell_all();
        self.note(noted.unwrap_or_default());
        self.parts().secret_lost.set(false);
        self.keep();
        announce(["Saved. ", &count(patch.items.len() as u64, "field"), "."].concat());
        self.parts().on_saved.run(saved);
    }

    fn did_not(self, error: ApiError) {
        // An answer came: the next try is another write.
        if error.problem().is_some() {
            self.inner.update_value(|inner| inner.sent = None);
        }
        match error {
            ApiError::Problem(Problem::Invalid { faults }) => self.refused(faults),
            ApiError::Problem(Problem::Conflict { record, .. }) => self.conflicting(*record),
            other => {
                let sign_in = matches!(other, ApiError::Problem(Problem::SignedOut));
                let kept = if sign_in { "Your edits are kept. " } else { "" };
                let text = match &other {
                    ApiError::Problem(Problem::SignedOut) => "You are signed out.".to_owned(),
                    other => ["Not saved. ", &other.to_string()].concat(),
                };
                self.parts().failure.set(Some(Failure { text: [&text, " ", kept].concat().trim_end().to_owned(), sign_in }));
            }
        }
    }

    /// Puts each fault at its field and the focus on the first.
    fn refused(self, faults: Map<Field, Fault>) {
        let text = ["Not saved. ", &Problem::Invalid { faults: faults.clone() }.to_string()].concat();
        let kind = self.inner.with_value(|inner| inner.draft.base().kind);
        let first = Field::of(kind).iter().copied().find(|field| faults.contains_key(field) && self.shown_now(*field));
        // What is not on the page is told here, since it has no place of its own.
        let hidden: Vec<String> = faults
            .iter()
            .filter(|(field, _)| !self.shown_now(**field))
            .map(|(field, fault)| [" ", field.label(), ": ", &fault.to_string()].concat())
            .collect();
        self.inner.update_value(|inner| {
            inner.faults = faults;
            inner.quiet = false;
        });
        self.tell_all();
        self.parts().failure.set(Some(Failure { text: [text, hidden.concat()].concat(), sign_in: false }));
        if let Some(field) = first {
            set_timeout(move || focus(&control_id(field)), std::time::Duration::from_millis(30));
        }
    }

    fn shown_now(self, field: Field) -> bool {
        self.inner.with_value(|inner| inner.draft.is_shown(field))
    }

    fn conflicting(self, record: Record) {
        self.rebase(record);
        if !self.ask_conflicts() {
            // What differed is equal by now: nothing is left to choose, and another SAVE goes through.
            self.parts().failure.set(Some(Failure { text: "Somebody saved meanwhile. SAVE again.".into(), sign_in: false }));
        }
    }

    /// Opens the choice where somebody else's save touched what is modified here.
    fn ask_conflicts(self) -> bool {
        let choices = self.inner.with_value(|inner| Choice::all(&inner.draft));
        let any = !choices.is_empty();
        if any {
            self.parts().conflict.set(Some(choices));
        }
        any
    }

    /// Takes the decisions (true: mine) and saves what is left to save.
    pub(super) fn decide(self, decisions: Vec<(Unit, bool)>) {
        self.inner.update_value(|inner| {
            for (unit, mine) in decisions {
                if mine {
                    inner.draft.keep_mine(unit);
                } else {
                    inner.draft.take_theirs(unit);
                }
            }
        });
        self.parts().conflict.set(None);
        self.tell_all();
        let then_reboot = self.parts().then_reboot.get_untracked();
        leptos::task::spawn_local(async move {
            if self.save(then_reboot).await && self.modified_count().try_get_untracked() == Some(0) {
                self.keep();
            }
        });
    }
}

fn own_faults(draft: &domain::Draft) -> Map<Field, Fault> {
    domain::few::map(Field::of(draft.base().kind).iter().filter_map(|field| Some((*field, draft.fault(*field)?))))
}
