//! One draft in several tabs: two copies become one. What every tab does in whatever order, all end with the same.

use super::{Hold, WorkingCopy, copy::Tick, news::version, sign_out::is_secret};
use crate::{Field, Value};

impl WorkingCopy {
    /// Takes in what another tab has of the same draft. The queue and the saved state are those of the copy that came further; of each field
    /// stands what was typed last. True: something here changed.
    pub fn join(&mut self, other: &Self) -> bool {
        if other.key != self.key || other == self {
            return false;
        }
        let before = self.clone();
        let ahead = other.revision > self.revision;
        let (mut high, low) = if ahead { (other.clone(), before.clone()) } else { (before.clone(), other.clone()) };
        let mut moved = low.draft.clone();
        for step in &high.moves {
            moved.advance(step.unit, step.from, &step.to);
        }
        if low.revision != high.revision {
            moved.rebase(high.draft.base().clone());
        }
        for tick in &low.ticks {
            let known = high.ticks.iter().find(|t| t.field == tick.field);
            if known.is_some_and(|known| (known.count, known.tab) >= (tick.count, tick.tab)) {
                continue;
            }
            let field = tick.field;
            let put_back = low.draft.value(field);
            if !low.draft.edits().contains_key(&field) && high.own_save_since(&low, field) && put_back != Value::Hidden {
                high.draft.set(field, put_back);
            } else {
                high.draft.adopt(field, &moved);
            }
            high.ticks.retain(|t| t.field != field);
            high.ticks.push(Tick { ..tick.clone() });
        }
        crate::few::sort_by(&mut high.ticks, |a, b| a.field < b.field);
        if (low.touched, low.focus) > (high.touched, high.focus) {
            (high.touched, high.focus) = (low.touched, low.focus);
        }
        if low.revision == high.revision && low.newer.as_ref().map(version) > high.newer.as_ref().map(version) {
            high.newer.clone_from(&low.newer);
        }
        if low.revision == high.revision
            && let (Some(Hold::Refused { faults, .. }), Some(Hold::Refused { faults: others, .. })) = (&mut high.hold, &low.hold)
        {
            // What was typed anew in one of the tabs is refused no more.
            faults.retain(|field, _| others.contains_key(field));
        }
        // Typed again in one of the tabs.
        high.secrets_lost &= !high.draft.edits().values().any(|edit| is_secret(&edit.value));
        high.tab = self.tab;
        *self = high;
        *self != before
    }

    /// Whether only this operator's own saves lie between the other copy's saved state and this one's.
    fn own_save_since(&self, low: &Self, field: Field) -> bool {
        let unit = field.unit();
        let (start, end) = (low.draft.base().stamp(unit).version, self.draft.base().stamp(unit).version);
        let reached =
            self.moves.iter().filter(|step| step.unit == unit).fold(start, |v, step| if v == step.from { step.to.version } else { v });
        start != end && reached == end
    }
}
