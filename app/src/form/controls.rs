//! Text, select and switch.
//!
//! The server writes what is saved into the markup; the DOM then belongs to whoever types. A control writes into the DOM only what differs
//! from it (an undo, a merge), and takes what was typed before the page was alive as the edit that it is.

use super::row::{control_id, described, invalid};
use super::{FormHandle, Look};
use domain::{Field, Value};
use leptos::{html, prelude::*};

/// What the control of a text field shows for a value: a MAC address in pairs.
fn shown(field: Field, value: &Value) -> String {
    match field {
        Field::Mac => field.shown(value).replace("empty", ""),
        _ => value.as_text().to_owned(),
    }
}

/// Equal as typed, or in the field's normal form.
fn same(field: Field, a: &str, b: &str) -> bool {
    a == b || matches!((field.normal(&Value::text(a)), field.normal(&Value::text(b))), (Ok(a), Ok(b)) if a == b)
}

/// A line of text.
#[component]
pub fn TextInput(
    form: FormHandle,
    field: Field,
    look: Memo<Look>,
    #[prop(default = "text")] inputmode: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let rendered = shown(field, &form.value_untracked(field));
    {
        let rendered = rendered.clone();
        Effect::new(move |alive: Option<()>| {
            let value = shown(field, &form.value(field));
            let Some(input) = node.get() else { return };
            let typed = input.value();
            if alive.is_none() && typed != rendered && value == rendered {
                form.set(field, Value::Text(typed));
            } else if !same(field, &typed, &value) {
                input.set_value(&value);
            }
        });
    }
    view! {
        <input
            node_ref=node
            id=control_id(field)
            class:mono=mono
            value=rendered
            inputmode=inputmode
            placeholder=placeholder
            readonly=form.read_only
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby=described(look, field)
            aria-invalid=invalid(look)
            on:input=move |ev| form.set(field, Value::Text(event_target_value(&ev)))
        />
    }
}

/// One of several choices: value and words.
#[component]
pub fn SelectInput(form: FormHandle, field: Field, look: Memo<Look>, choices: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    let rendered = form.value_untracked(field).as_text().to_owned();
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            view! {
                <option value=value selected=value == rendered>
                    {words}
                </option>
            }
        })
        .collect_view();
    Effect::new(move |alive: Option<()>| {
        let value = form.value(field);
        let Some(select) = node.get() else { return };
        let chosen = select.value();
        if alive.is_none() && chosen != rendered && value.as_text() == rendered && !form.read_only {
            form.set(field, Value::Text(chosen));
        } else if chosen != value.as_text() {
            select.set_value(value.as_text());
        }
    });
    view! {
        <select
            node_ref=node
            id=control_id(field)
            disabled=form.read_only
            autocomplete="off"
            aria-describedby=described(look, field)
            aria-invalid=invalid(look)
            on:change=move |ev| form.set(field, Value::Text(event_target_value(&ev)))
        >
            {options}
        </select>
    }
}

/// On or off.
#[component]
pub fn SwitchInput(form: FormHandle, field: Field, look: Memo<Look>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let rendered = form.value_untracked(field).is_on();
    Effect::new(move |alive: Option<()>| {
        let on = form.value(field).is_on();
        let Some(input) = node.get() else { return };
        if alive.is_none() && input.checked() != rendered && on == rendered && !form.read_only {
            form.set(field, Value::Switch(input.checked()));
        } else if input.checked() != on {
            input.set_checked(on);
        }
    });
    view! {
        <input
            node_ref=node
            id=control_id(field)
            class="switch"
            type="checkbox"
            role="switch"
            checked=rendered
            disabled=form.read_only
            autocomplete="off"
            aria-describedby=described(look, field)
            on:change=move |ev| form.set(field, Value::Switch(event_target_checked(&ev)))
        />
    }
}
