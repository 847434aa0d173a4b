//! One unit that two people changed: was, theirs, yours, in words.

use domain::form::{Draft, Unit};
use domain::{Field, Millis};

/// One field of the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub field: Field,
    pub was: String,
    pub theirs: String,
    pub mine: String,
}

/// What is to be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub unit: Unit,
    /// Who saved.
    pub by: String,
    pub at: Millis,
    /// The version of theirs.
    pub version: i64,
    pub lines: Vec<Line>,
}

/// Who saved a unit last.
fn by(draft: &Draft, unit: Unit) -> String {
    let by = draft.base().stamp(unit).by;
    // The system has no name.
    if by.is_empty() { "Somebody".into() } else { by }
}

/// Who saved what waits for a choice.
pub fn by_whom(draft: &Draft) -> String {
    let mut names: Vec<String> = draft.conflicts().into_iter().map(|unit| by(draft, unit)).collect();
    domain::few::sort(&mut names);
    names.dedup();
    names.join(" and ")
}

impl Choice {
    /// The open choices of a draft.
    pub fn all(draft: &Draft) -> Vec<Self> {
        draft.conflicts().into_iter().map(|unit| Self::one(draft, unit)).collect()
    }

    fn one(draft: &Draft, unit: Unit) -> Self {
        let base = draft.base();
        let stamp = base.stamp(unit);
        // A password has no value here. Where nothing else of theirs differs, it is what they changed.
        let theirs_seen = unit.fields(base.kind).any(|field| base.value(field) != draft.was(field));
        let lines = unit.fields(base.kind).filter_map(|field| {
            let (was, theirs, mine) = (draft.was(field), base.value(field), draft.value(field));
            let modified = draft.is_modified(field);
            let their_password = field == Field::Password && !theirs_seen;
            if !modified && !their_password && (theirs == was || !draft.is_shown(field) && !base.is_shown(field)) {
                return None;
            }
            let mine = match field {
                Field::Password if modified => "hidden, typed by you".into(),
                _ => field.shown(&mine),
            };
            let theirs = if their_password { "hidden, changed".into() } else { field.shown(&theirs) };
            Some(Line { field, was: field.shown(&was), theirs, mine })
        });
        Self { unit, by: by(draft, unit), at: stamp.at, version: stamp.version, lines: lines.collect() }
    }

    /// The labels of what is to be chosen, for the names of the controls.
    pub fn label(&self) -> String {
        self.lines.iter().map(|line| line.field.label()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use domain::form::{Kind, Stamp};

    #[test]
    fn a_unit_shows_what_either_side_touched() {
        let before = Kind::Device.blank().with(Field::Username, Value::text("user_a"));
        let mut draft = Draft::new(before.clone());
        draft.set(Field::Username, Value::text("mine"));
        draft.set(Field::Password, Value::secret("mine-mine-1"));
        draft.set(Field::Mac, Value::text("805ec0123456"));
        let mut now = before.with(Field::Username, Value::text("theirs"));
        now.set_stamp(Field::Username.unit(), Stamp { version: 2, by: "ops-east".into(), by_id: None, at: 5 });
        draft.rebase(now);
        let all = Choice::all(&draft);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].by.as_str(), all[0].at, all[0].label().as_str()), ("ops-east", 5, "Username, Password"));
        assert_eq!(all[0].lines[0], Line { field: Field::Username, was: "user_a".into(), theirs: "theirs".into(), mine: "mine".into() });
        assert_eq!(all[0].lines[1].mine, "hidden, typed by you");
        assert_eq!(all[0].lines[1].theirs, "hidden");
    }

    #[test]
    fn a_password_of_theirs_is_told_though_hidden() {
        let mut draft = Draft::new(Kind::Device.blank());
        draft.set(Field::Username, Value::text("mine"));
        let mut now = Kind::Device.blank();
        now.set_stamp(Field::Password.unit(), Stamp { version: 2, by: "ops-east".into(), by_id: None, at: 5 });
        draft.rebase(now);
        let all = Choice::all(&draft);
        assert_eq!(all[0].label(), "Username, Password");
        assert_eq!((all[0].lines[1].theirs.as_str(), all[0].lines[1].mine.as_str()), ("hidden, changed", "hidden"));
    }
}
