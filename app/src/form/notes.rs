//! What others saved meanwhile, in words.

use super::FormHandle;
use crate::ui::{Button, Icon};
use domain::Field;
use domain::offline::CameIn;
use leptos::prelude::*;

/// One field that somebody else changed, in a sentence.
pub(super) fn words(came: CameIn) -> String {
    let CameIn { field, by, value } = came;
    let by = if by.is_empty() { "Somebody" } else { &by };
    if field == Field::Password {
        return [by, " changed Password meanwhile; it is kept."].concat();
    }
    [by, " changed ", field.label(), " to ", &field.shown(&value), " meanwhile; it is kept."].concat()
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

    #[test]
    fn who_changed_what_and_of_a_password_only_that() {
        let came = |field, value, by: &str| words(CameIn { field, by: by.into(), value });
        assert_eq!(
            came(Field::ExpireSeconds, Value::text("600"), "ops-east"),
            "ops-east changed Expire Seconds to 600 meanwhile; it is kept."
        );
        assert_eq!(came(Field::Password, Value::Hidden, ""), "Somebody changed Password meanwhile; it is kept.");
    }
}
