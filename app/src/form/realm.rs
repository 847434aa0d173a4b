//! Realm: inherited from the account, which it follows, or one of the account's realms.

use super::row::{control_id, described, invalid};
use super::{FormHandle, Look};
use crate::ui::focus;
use domain::view::RealmRef;
use domain::{Field, Value};
use leptos::{html, prelude::*};
use std::time::Duration;

const FIELD: Field = Field::Realm;

/// The realm that a device follows which inherits it.
#[inline(never)]
pub fn default_realm(realms: &[RealmRef]) -> String {
    realms.iter().find(|realm| realm.is_default).map(|realm| realm.name.clone()).unwrap_or_default()
}

fn choose(form: FormHandle, own: Option<String>) {
    form.set(FIELD, Value::Realm(own));
    // The other control stands by then.
    set_timeout(|| focus(&control_id(FIELD)), Duration::from_millis(20));
}

/// The control. The switch between both states stands in the hint: [`realm_hint`].
#[component]
pub fn RealmInput(form: FormHandle, look: Memo<Look>, realms: RwSignal<Vec<RealmRef>>) -> AnyView {
    let own = Memo::new(move |_| form.value(FIELD).as_realm().is_some());
    (move || {
        if own.get() {
            chosen(form, look, realms)
        } else {
            let name = realms.with(|realms| default_realm(realms));
            view! {
                <input
                    id=control_id(FIELD)
                    class="mono"
                    value=name
                    readonly=true
                    autocomplete="off"
                    aria-describedby=described(look, FIELD)
                    aria-invalid=invalid(look)
                />
            }
            .into_any()
        }
    })
    .into_any()
}

fn chosen(form: FormHandle, look: Memo<Look>, realms: RwSignal<Vec<RealmRef>>) -> AnyView {
    let node = NodeRef::<html::Select>::new();
    let rendered = form.value_untracked(FIELD).as_realm().unwrap_or_default().to_owned();
    let mut names: Vec<String> = realms.with(|realms| realms.iter().map(|realm| realm.name.clone()).collect());
    if !names.contains(&rendered) {
        names.push(rendered.clone());
    }
    let options = names.into_iter().map(|name| {
        let words = name.clone();
        view! {
            <option value=name.clone() selected=name == rendered>
                {words}
            </option>
        }
    });
    let options = options.collect_view();
    Effect::new(move |alive: Option<()>| {
        let value = form.value(FIELD);
        let Some(select) = node.get() else { return };
        let chosen = select.value();
        if alive.is_none() && chosen != rendered && value.as_realm() == Some(&rendered) && !form.read_only {
            form.set(FIELD, Value::Realm(Some(chosen)));
        } else if value.as_realm().is_some_and(|own| own != chosen) {
            select.set_value(value.as_realm().unwrap_or_default());
        }
    });
    view! {
        <select
            node_ref=node
            id=control_id(FIELD)
            class="mono"
            disabled=form.read_only
            autocomplete="off"
            aria-describedby=described(look, FIELD)
            aria-invalid=invalid(look)
            on:change=move |ev| form.set(FIELD, Value::Realm(Some(event_target_value(&ev))))
        >
            {options}
        </select>
    }
    .into_any()
}

/// Says whether the realm is inherited, and switches.
pub fn realm_hint(form: FormHandle, realms: RwSignal<Vec<RealmRef>>) -> AnyView {
    let own = Memo::new(move |_| form.value(FIELD).as_realm().is_some());
    let button = move |words: &'static str, to: fn(&[RealmRef]) -> Option<String>| {
        (!form.read_only).then(|| {
            view! {
                <button type="button" class="linkish" on:click=move |_| choose(form, realms.with_untracked(|realms| to(realms)))>
                    {words}
                </button>
            }
        })
    };
    (move || {
        if own.get() {
            view! { "Set for this device alone. " {button("Inherit again", |_| None)} }.into_any()
        } else {
            view! {
                "Inherited from the account, and follows it. "
                {button("Set another", |realms| {
                    let other = realms.iter().find(|realm| !realm.is_default).or(realms.first());
                    other.map(|realm| realm.name.clone())
                })}
            }
            .into_any()
        }
    })
    .into_any()
}
