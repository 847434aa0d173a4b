//! Signing out: secrets go, nothing is saved any more in the operator's name, nothing else that was typed is lost.

use super::{Hold, WorkingCopy};
use crate::Value;

impl WorkingCopy {
    /// What stays when the operator signs out. Of a change without an answer the operation id and what is no secret stay, so that its result
    /// can be asked for at the next sign-in.
    pub fn sign_out(&mut self) {
        self.drop_unsent(Hold::SignedOut);
        // One that was sent is lost only if the server does not have it.
        let sent: Vec<&Value> = self.queue.iter().flat_map(|change| &change.items).map(|item| &item.value).collect();
        self.secrets_lost |= self.draft.edits().values().any(|edit| is_secret(&edit.value) && !sent.contains(&&edit.value));
        for change in &mut self.queue {
            change.ask = true;
            change.secrets_lost |= change.items.iter().any(|item| is_secret(&item.value));
            for item in change.items.iter_mut().filter(|item| is_secret(&item.value)) {
                // Its place stays: an answer may say that it was saved.
                item.value = Value::Hidden;
            }
            change.not_before = 0;
        }
        self.draft.seal();
        self.draft.drop_hidden();
        self.turn();
    }

    /// A change that never went out is a draft again.
    pub(super) fn drop_unsent(&mut self, hold: Hold) {
        if self.unqueue().is_some() {
            self.hold = Some(hold);
        }
    }
}

pub(super) const fn is_secret(value: &Value) -> bool {
    matches!(value, Value::Secret(_))
}
