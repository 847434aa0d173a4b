//! SAVE: what is asked of the desk, and what is said of what it came to.

use super::{FormHandle, control_id};
use crate::{
    loading,
    offline::{self, Task},
    ui::{announce, count, focus, now},
};
use domain::few::Map;
use domain::offline::{Asked, Decision, Hold, Status};
use domain::view::Saved;
use domain::{Fault, Field, Problem};
use leptos::prelude::*;

impl FormHandle {
    /// Saves what is modified. True when nothing keeps the operator here: it went through, it waits for the connection, or nothing was to be
    /// saved.
    pub async fn save(self, then_reboot: bool) -> bool {
        let queues = self.parts().key.target.queues();
        // What is edited while a change is on its way is the next one.
        if self.read_only || !queues && self.parts().saving.get_untracked() {
            return false;
        }
        if offline::is_unreached() && (then_reboot || !queues) {
            announce(if queues {
                "A reboot needs a connection. Nothing was saved."
            } else {
                "Saved with a connection only. Your edits are kept."
            });
            return false;
        }
        self.parts().then_reboot.set(then_reboot);
        let asked = self.copy.try_update_value(|copy| copy.save(then_reboot, now()));
        self.go_on(asked).await
    }

    /// Saves, for a press of a button.
    pub fn save_now(self) {
        leptos::task::spawn_local(async move {
            self.save(false).await;
        });
    }

    async fn go_on(self, asked: Option<Asked>) -> bool {
        self.parts().failure.set(None);
        self.tell_all();
        match asked {
            None => return false,
            Some(Asked::Faults(faults)) => {
                self.refused(faults, "");
                return false;
            }
            Some(Asked::Choose(_)) => {
                self.ask_conflicts();
                return false;
            }
            Some(Asked::Nothing) if self.parts().waits.with_untracked(|waits| waits.fields == 0) => {
                announce("Nothing is modified.");
                return true;
            }
            Some(Asked::Nothing | Asked::Queued) => {}
        }
        let (saving, key) = (self.parts().saving, self.parts().key);
        self.parts().inner.update_value(|inner| inner.sends += 1);
        saving.set(true);
        // By now another tab may have signed in.
        offline::signed_in();
        offline::ask(Task::Save(key)).await;
        let more = self.parts().inner.try_update_value(|inner| {
            inner.sends -= 1;
            inner.sends > 0
        });
        // The page may be gone by now: what was not saved waits.
        let Some(more) = more else { return key.target.queues() };
        saving.set(more);
        if !loading::has_offline() {
            return self.outdated();
        }
        self.outcome()
    }

    /// What saves never came to this page, and does not come any more: the server has another build by now.
    fn outdated(self) -> bool {
        // It waits for nothing: it is a draft, and kept as that.
        self.copy.update_value(|copy| drop(copy.unqueue()));
        self.tell_all();
        self.parts().failure.set(Some("Not saved: this page is of the version before. Load the new one, then press SAVE.".into()));
        false
    }

    /// Says what SAVE came to. What went through said so itself.
    fn outcome(self) -> bool {
        let parts = self.parts();
        let waits = parts.waits.get_untracked();
        match waits.status {
            Status::Idle => return true,
            Status::Waiting | Status::Sent if parts.key.target.queues() => {
                announce(["Waiting to be saved: ", &count(waits.fields as u64, "field"), "."].concat());
                return true;
            }
            Status::NeedsChoice => {
                self.ask_conflicts();
            }
            Status::Refused => {
                if let Some(Hold::Refused { faults, why }) = waits.hold {
                    self.refused(faults, &why);
                }
            }
            _ => {}
        }
        false
    }

    /// An answer came to what was sent, by whichever press of SAVE.
    pub(super) fn answered(self, answer: Result<Saved, String>) {
        let parts = self.parts();
        match answer {
            Ok(saved) => {
                parts.failure.set(None);
                announce(["Saved. ", &count(saved.changed.len() as u64, "field"), "."].concat());
                if parts.then_reboot.get_untracked() && saved.job.is_none() {
                    self.note(vec!["Saved when the connection was back. The reboot was not sent: Reboot Device sends it.".into()]);
                }
                parts.then_reboot.set(false);
                parts.on_saved.run(saved);
            }
            Err(text) => {
                let waits = matches!(parts.waits.get_untracked().status, Status::Waiting | Status::Sent);
                // That nobody is signed in is told beside what waits.
                let told = waits && !text.is_empty() && !offline::is_signed_out();
                parts.failure.set(told.then(|| ["Not saved yet. ", &text].concat()));
            }
        }
    }

    /// Puts each fault at its field and the focus on the first.
    fn refused(self, faults: Map<Field, Fault>, why: &str) {
        let what = if faults.is_empty() { why.to_owned() } else { Problem::Invalid { faults: faults.clone() }.to_string() };
        let text = ["Not saved. ", &what].concat();
        let kind = self.copy.with_value(|copy| copy.draft().base().kind);
        let first = Field::of(kind).iter().copied().find(|field| faults.contains_key(field) && self.shown_now(*field));
        // What is not on the page is told here, since it has no place of its own.
        let hidden: Vec<String> = faults
            .iter()
            .filter(|(field, _)| !self.shown_now(**field))
            .map(|(field, fault)| [" ", field.label(), ": ", &fault.to_string()].concat())
            .collect();
        self.parts().inner.update_value(|inner| inner.quiet = false);
        self.tell_all();
        self.parts().failure.set(Some([text, hidden.concat()].concat()));
        if let Some(field) = first {
            set_timeout(move || focus(&control_id(field)), std::time::Duration::from_millis(30));
        }
    }

    fn shown_now(self, field: Field) -> bool {
        self.copy.with_value(|copy| copy.draft().is_shown(field))
    }

    /// Opens the choice where somebody else's save touched what is modified here.
    pub(super) fn ask_conflicts(self) {
        if self.copy.with_value(|copy| !copy.draft().conflicts().is_empty()) {
            self.parts().conflict.set(true);
        }
    }

    /// Takes the decisions and saves what is left to save. Asks again where something else is to be chosen by now.
    pub(super) fn decide(self, decisions: &[Decision]) {
        let then_reboot = self.parts().then_reboot.get_untracked();
        let asked = self.copy.try_update_value(|copy| copy.decide(decisions, then_reboot, now()));
        self.parts().conflict.set(false);
        leptos::task::spawn_local(async move {
            self.go_on(asked).await;
        });
    }
}
