//! What is stored without its secrets, read beside a page that may have them: where the browser encrypts nothing, a secret is only in the tab
//! that it was typed in. Several tabs still have one draft, but for that.

use super::{WorkingCopy, copy::Place, press::Press};
use crate::{Field, OperationId, Secret, Value};

/// Which secret: of two with the same one, one value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seal {
    field: Field,
    /// Of a change that waits, with this operation id, if it has one yet; else of the draft.
    waits: bool,
    operation: Option<OperationId>,
    /// Which typing of it, and which SAVE.
    rank: Option<(u64, u32, u32)>,
}

impl WorkingCopy {
    /// What [`Self::pack`] gave, with those secrets that this page has. What needs another one is left out. None where [`Self::unpack`] fails.
    pub fn beside(&self, clear: &str) -> Option<Self> {
        let mut copy = Self::peek(clear, self.tab)?;
        copy.name_presses();
        let known = self.secrets();
        let mut missing = Vec::new();
        for place in std::mem::take(&mut copy.sealed) {
            let seal = copy.seal(&place);
            match known.iter().find(|(known, _)| *known == seal) {
                Some((_, secret)) => copy.unseal(&place, secret),
                None => missing.push(place),
            }
        }
        copy.leave_out(&missing);
        Some(copy)
    }

    /// Whether it says more than the text does. That a secret is missing here, which another tab has, is not more.
    pub fn says_more(&self, clear: &str) -> bool {
        let opened = (Self::peek(&self.pack().clear, self.tab), Self::peek(clear, self.tab));
        let (Some(mut own), Some(mut other)) = opened else { return true };
        let has: Vec<Seal> = own.sealed.iter().map(|place| own.seal(place)).collect();
        if !other.sealed.iter().all(|place| has.contains(&other.seal(place))) {
            for copy in [&mut own, &mut other] {
                let sealed = std::mem::take(&mut copy.sealed);
                copy.leave_out(&sealed);
            }
        }
        own != other
    }

    fn seal(&self, place: &Place) -> Seal {
        let field = place.field;
        let Some(at) = place.at.checked_sub(1) else {
            let tick = self.ticks.iter().find(|tick| tick.field == field);
            return Seal { field, waits: false, operation: None, rank: tick.map(|tick| (tick.count, tick.tab, 0)) };
        };
        let change = self.queue.get(at);
        let rank = change.and_then(|change| change.press(field)).map(Press::rank);
        Seal { field, waits: true, operation: change.and_then(|change| change.operation), rank }
    }

    fn secrets(&self) -> Vec<(Seal, Secret)> {
        let typed = self.draft.edits().iter().map(|(field, edit)| (0, *field, &edit.value));
        let waits = self.queue.iter().enumerate();
        let waits = waits.flat_map(|(i, change)| change.items.iter().map(move |item| (i + 1, item.field, &item.value)));
        let all = typed.chain(waits).filter_map(|(at, field, value)| {
            let Value::Secret(secret) = value else { return None };
            Some((self.seal(&Place { at, field }), secret.clone()))
        });
        all.collect()
    }

    /// Whatever needs a secret that is not here: the edit, as if it was never typed, and the change.
    fn leave_out(&mut self, missing: &[Place]) {
        let mut at = 0;
        self.queue.retain(|_| {
            at += 1;
            !missing.iter().any(|place| place.at == at)
        });
        self.ticks.retain(|tick| !missing.iter().any(|place| place.at == 0 && place.field == tick.field));
        self.draft.drop_hidden();
    }
}
