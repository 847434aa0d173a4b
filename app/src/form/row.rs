//! One field on the page: label, control, mark, error, "was", hint.

use super::{FormHandle, Look, password};
use crate::ui::Mark;
use domain::Field;
use leptos::prelude::*;

/// The id of a field's control.
pub fn control_id(field: Field) -> String {
    ["f-", field.name()].concat()
}

pub(super) fn error_id(field: Field) -> String {
    ["f-", field.name(), "-error"].concat()
}

pub(super) fn hint_id(field: Field) -> String {
    ["f-", field.name(), "-hint"].concat()
}

/// What describes the control: its error, its hint.
pub(super) fn described(look: Memo<Look>, field: Field) -> impl Fn() -> String + Send + Sync + 'static {
    move || {
        let hint = hint_id(field);
        if look.with(|look| look.error.is_some()) { [&error_id(field), " ", &hint].concat() } else { hint }
    }
}

pub(super) fn invalid(look: Memo<Look>) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static {
    move || look.with(|look| look.error.is_some()).then_some("true")
}

/// A field, where the draft says that it is on the page. `children`: the control, with the field's `control_id`.
#[component]
pub fn Row(
    form: FormHandle,
    field: Field,
    look: Memo<Look>,
    /// What stands beneath.
    #[prop(optional, into)]
    hint: ViewFn,
    children: ChildrenFn,
) -> AnyView {
    let shown = form.shown(field);
    let name = field.name();
    (move || {
        let (children, hint) = (children.clone(), hint.clone());
        shown.get().then(move || {
            view! {
                <div class="field" data-field=name data-state=move || look.with(|look| look.state.as_str()) on:focusin=move |_| form.focused(field)>
                    <label for=control_id(field)>{field.label()}</label>
                    <div class="control">{children()}</div>
                    <div class="at">{move || look.with(|look| look.modified).then(|| view! { <Mark /> })}</div>
                    <div class="below">
                        {error(look, field)} {was(form, look, field)} <div class="hint" id=hint_id(field)>
                            {hint.run()}
                        </div>
                    </div>
                </div>
            }
            .into_any()
        })
    })
    .into_any()
}

fn error(look: Memo<Look>, field: Field) -> AnyView {
    let text = Memo::new(move |_| look.with(|look| look.error.clone()));
    (move || text.get().map(|text| view! { <p class="err" id=error_id(field)>{text}</p> })).into_any()
}

fn was(form: FormHandle, look: Memo<Look>, field: Field) -> AnyView {
    let text = Memo::new(move |_| look.with(|look| look.was.clone().map(|was| (was, look.undo))));
    let undo = move |_| {
        form.undo(field);
        if field == Field::Password {
            // The field itself would fetch and show the stored one.
            password::focus_beside();
        } else {
            crate::ui::focus(&control_id(field));
        }
    };
    (move || {
        text.get().map(|(text, name)| {
            view! {
                <p class="was">
                    "was " <span>{text}</span> " "
                    <button type="button" class="linkish" on:click=undo>
                        {name}
                    </button>
                </p>
            }
        })
    })
    .into_any()
}
