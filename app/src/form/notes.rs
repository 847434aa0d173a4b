//! What others saved meanwhile, in words.

use super::FormHandle;
use crate::ui::{Button, Icon};
use domain::Field;
use domain::form::{Record, Unit};
use leptos::prelude::*;

/// One sentence for each field that changed from `before` to `now` by somebody else; `mine` are the fields that are decided elsewhere.
pub(super) fn others(before: &Record, now: &Record, mine: &[Field]) -> Vec<String> {
    let mut out = Vec::new();
    let mut units: Vec<Unit> = Field::of(now.kind).iter().map(|field| field.unit()).collect();
    units.dedup();
    for unit in units {
        let stamp = now.stamp(unit);
        if stamp.version == before.stamp(unit).version {
            continue;
        }
        let by = if stamp.by.is_empty() { "Somebody" } else { &stamp.by };
        let (mut told, mut any_mine) = (false, false);
        for field in unit.fields(now.kind) {
            any_mine |= mine.contains(&field);
            if before.value(field) != now.value(field) && !mine.contains(&field) {
                told = true;
                let to = field.shown(&now.value(field));
                out.push([by, " changed ", field.label(), " to ", &to, " meanwhile; it is kept."].concat());
            }
        }
        // A password has no value here: a unit that changed while nothing in it did, changed its password.
        if !told && !any_mine && unit == Field::Password.unit() {
            out.push([by, " changed Password meanwhile; it is kept."].concat());
        }
    }
    out
}

/// The notes, until they are put away.
#[component]
pub fn Notes(form: FormHandle) -> AnyView {
    (move || {
        let notes = form.parts().notes.get();
        (!notes.is_empty()).then(|| {
            view! {
                <div class="banner info" role="status">
                    <Icon name="info" />
                    <div>{notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view()}</div>
                    <Button class="small" on_press=Callback::new(move |()| form.parts().notes.set(Vec::new()))>
                        "Got it"
                    </Button>
                </div>
            }
            .into_any()
        })
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use domain::form::{Kind, Stamp};

    fn by(record: &Record, field: Field, value: Value, version: i64) -> Record {
        let mut out = record.clone().with(field, value);
        out.set_stamp(field.unit(), Stamp { version, by: "ops-east".into(), by_id: None, at: 0 });
        out
    }

    #[test]
    fn names_who_changed_what_and_leaves_my_fields_to_the_choice() {
        let before = Kind::Device.blank();
        let now = by(&by(&before, Field::ExpireSeconds, Value::text("600"), 2), Field::Mac, Value::text("805ec0123456"), 3);
        assert_eq!(others(&before, &now, &[Field::Mac]), ["ops-east changed Expire Seconds to 600 meanwhile; it is kept."]);
    }

    #[test]
    fn a_password_is_told_by_its_stamp() {
        let before = Kind::Device.blank();
        let now = by(&before, Field::Password, Value::Hidden, 2);
        assert_eq!(others(&before, &now, &[]), ["ops-east changed Password meanwhile; it is kept."]);
        assert_eq!(others(&before, &now, &[Field::Username]), Vec::<String>::new());
    }
}
