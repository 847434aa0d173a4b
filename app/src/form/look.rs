//! What the page shows of one field beside its control.

use domain::form::{Draft, State};
use domain::offline::{Hold, WorkingCopy};
use domain::{Fault, Field};

/// Everything that the page shows of one field beside its control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub state: State,
    pub modified: bool,
    pub error: Option<String>,
    /// The value before one's own edit in words, where there is one.
    pub was: Option<String>,
    /// What dropping that edit is called: where nothing else of its unit is edited, what somebody else saved takes its place.
    pub undo: &'static str,
}

impl Look {
    /// `quiet`: faults of what nobody typed are not told yet.
    pub fn of(copy: &WorkingCopy, quiet: bool, field: Field) -> Self {
        let draft = copy.draft();
        let mut state = draft.state(field);
        let modified = draft.is_modified(field);
        if quiet && !modified {
            return Self { state: State::Clean, modified, error: None, was: None, undo: "" };
        }
        let mut error = fault(copy, field).map(|fault| fault.to_string());
        if error.is_some() {
            state = state.max(State::Invalid);
        }
        let mut undo = "undo";
        if state == State::Conflict {
            error = Some(conflict(draft, field));
            if !draft.edits().keys().any(|other| *other != field && other.unit() == field.unit()) {
                undo = "take theirs";
            }
        }
        let was = (modified && draft.edits().contains_key(&field)).then(|| field.shown(&draft.was(field)));
        Self { state, modified, error, was, undo }
    }
}

pub fn fault(copy: &WorkingCopy, field: Field) -> Option<Fault> {
    let draft = copy.draft();
    draft.fault(field).or_else(|| match copy.hold() {
        Some(Hold::Refused { faults, .. }) => faults.get(&field).filter(|_| draft.is_shown(field)).cloned(),
        _ => None,
    })
}

/// Who saved what while this field was edited, or another one that belongs to it.
fn conflict(draft: &Draft, field: Field) -> String {
    let base = draft.base();
    let stamp = base.stamp(field.unit());
    let by = if stamp.by.is_empty() { "Somebody" } else { &stamp.by };
    let theirs = base.value(field);
    let what = if theirs == draft.was(field) {
        let others = field.unit().fields(base.kind).filter(|other| base.value(*other) != draft.was(*other)).map(Field::label);
        // A password has no value here: where nothing else differs, it is what they changed.
        let others = others.collect::<Vec<_>>().join(", ");
        ["changed ", if others.is_empty() { Field::Password.label() } else { &others }].concat()
    } else {
        ["saved ", &field.shown(&theirs)].concat()
    };
    [by, " ", &what, " while you were editing. SAVE asks which to keep."].concat()
}

#[cfg(test)]
mod tests {
    use super::conflict;
    use domain::form::{Draft, Kind, Stamp};
    use domain::{Field, Value};

    fn after(theirs: impl Fn(domain::Record) -> domain::Record) -> Draft {
        let before = Kind::Device.blank().with(Field::Username, Value::text("user_a"));
        let mut draft = Draft::new(before.clone());
        draft.set(Field::Username, Value::text("mine"));
        let mut now = theirs(before);
        now.set_stamp(Field::Username.unit(), Stamp { version: 2, by: "east".into(), by_id: None, at: 5 });
        draft.rebase(now);
        draft
    }

    #[test]
    fn a_conflict_says_what_they_saved_here_or_what_they_changed_beside_it() {
        let told = |draft: &Draft, field| conflict(draft, field).split(" while").next().unwrap().to_owned();
        let draft = after(|now| now.with(Field::Username, Value::text("theirs")));
        assert_eq!(told(&draft, Field::Username), "east saved theirs");
        let draft = after(|now| now.with(Field::Method, Value::text("ip")));
        assert_eq!(told(&draft, Field::Username), "east changed Authentication Method");
        assert_eq!(told(&draft, Field::Method), "east saved IP");
        assert_eq!(told(&after(|now| now), Field::Username), "east changed Password");
        let mut draft = after(|now| now);
        draft.set(Field::Password, Value::secret("mine-mine-1"));
        assert_eq!(told(&draft, Field::Password), "east changed Password");
    }
}
