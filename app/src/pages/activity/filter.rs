//! The filter, as it stands in the page's address.

use crate::{
    guard,
    ui::{Icon, focus},
};
use domain::{OperatorId, view::ActivityAsk};
use leptos::prelude::*;

pub fn read(query: &String) -> ActivityAsk {
    let mut ask = ActivityAsk { device: None, seat: None, operator: None, before: None };
    for (name, id) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "device" => ask.device = id.parse().ok(),
            "seat" => ask.seat = id.parse().ok(),
            "operator" => ask.operator = id.parse().ok(),
            _ => {}
        }
    }
    ask
}

/// The query string with its `?`; `?` alone for no filter.
pub fn string(ask: &ActivityAsk) -> String {
    let parts = [
        ask.device.map(|id| format!("device={id}")),
        ask.seat.map(|id| format!("seat={id}")),
        ask.operator.map(|id| format!("operator={id}")),
    ];
    format!("?{}", parts.into_iter().flatten().collect::<Vec<_>>().join("&"))
}

/// Whether the choice of the operator had the focus when the list was asked anew: it gets it back in the new list.
#[derive(Clone, Copy)]
pub struct Chosen(StoredValue<bool>);

impl Chosen {
    pub fn provide() {
        provide_context(Self(StoredValue::new(false)));
    }
}

/// What the list is narrowed to, and the choice of the operator.
#[component]
pub fn Filter(ask: ActivityAsk, operators: Vec<(OperatorId, String)>, device: Option<String>, seat: Option<String>) -> impl IntoView {
    let just_chosen = use_context::<Chosen>().map(|chosen| chosen.0);
    Effect::new(move || {
        if just_chosen.and_then(|chosen| chosen.try_update_value(std::mem::take)).unwrap_or(false) {
            focus("by");
        }
    });
    let device = ask.device.map(|_| chip("device", device, &ActivityAsk { device: None, ..ask.clone() }));
    let seat = ask.seat.map(|_| chip("seat", seat, &ActivityAsk { seat: None, ..ask.clone() }));
    let chosen = ask.operator;
    let known = operators.iter().any(|(id, _)| Some(*id) == chosen);
    let options = operators
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=Some(id) == chosen>{name}</option> })
        .collect_view();
    let choose = move |ev| {
        let operator = event_target_value(&ev).parse().ok();
        let path = window().location().pathname().unwrap_or_default();
        if let Some(chosen) = just_chosen {
            chosen.set_value(true);
        }
        guard::guarded_navigate(path + &string(&ActivityAsk { operator, ..ask.clone() }));
    };
    view! {
        <div class="tools">
            <label class="visually-hidden" for="by">
                "Operator"
            </label>
            <select id="by" autocomplete="off" on:change=choose>
                <option value="">"Everybody"</option>
                {options}
                {(chosen.is_some() && !known).then(|| view! { <option selected=true>"Somebody who left"</option> })}
            </select>
            {device}
            {seat}
        </div>
    }
}

/// One thing that the list is narrowed to, with the way to all.
fn chip(what: &'static str, name: Option<String>, without: &ActivityAsk) -> AnyView {
    view! {
        <span class="pill">
            {what}
            " "
            <strong>{name.unwrap_or_else(|| "that is gone".into())}</strong>
            <a class="off" href=string(without) aria-label=format!("Show every {what}")>
                <Icon name="close" />
            </a>
        </span>
    }
    .into_any()
}
