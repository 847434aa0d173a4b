//! One thing that happened.

use super::{filter, list::State, words};
use crate::ui::{Icon, Time, Until};
use domain::{
    Event, Role,
    form::Change,
    view::{ActivityAsk, ActivityRow},
};
use leptos::prelude::*;

/// What was changed, from what to what.
pub fn changes(all: Vec<Change>) -> Option<AnyView> {
    let rows: Vec<AnyView> = all.into_iter().map(change).collect();
    (!rows.is_empty()).then(|| view! { <ul class="changes">{rows}</ul> }.into_any())
}

fn change(change: Change) -> AnyView {
    view! {
        <li>
            <span class="sub">{change.field.label()}</span>
            " "
            {if change.field == domain::Field::Password {
                "changed".into_any()
            } else {
                view! {
                    <del>{change.from}</del>
                    <span aria-hidden="true">" → "</span>
                    <span class="visually-hidden">" to "</span>
                    <ins>{change.to}</ins>
                }
                    .into_any()
            }}
        </li>
    }
    .into_any()
}

/// The list narrowed to what the row is about, where it is not yet.
fn narrowed(event: &Event, ask: &ActivityAsk) -> Option<ActivityAsk> {
    match (event.device, event.seat) {
        (Some(device), _) => ask.device.is_none().then(|| ActivityAsk { device: Some(device), ..ask.clone() }),
        (None, Some(seat)) => ask.seat.is_none().then(|| ActivityAsk { seat: Some(seat), ..ask.clone() }),
        (None, None) => None,
    }
}

#[component]
pub fn Row(row: ActivityRow, role: Role, state: State) -> impl IntoView {
    let event = row.event.clone();
    let who = if event.by_name.is_empty() { "Seatline".to_owned() } else { event.by_name.clone() };
    let (path, verb) = (words::path(&event), words::verb(&event));
    let subject = (!words::speaks_for_itself(&event)).then(|| match path {
        Some(path) => view! { <a href=format!("/a/{}{path}", state.account)>{event.subject.clone()}</a> }.into_any(),
        None => view! { <strong>{event.subject.clone()}</strong> }.into_any(),
    });
    let only = state.ask.with_value(|ask| narrowed(&event, ask)).map(|ask| {
        view! {
            <span class="sub">" · "</span>
            <a class="only small" href=filter::string(&ask)>
                "Only this"
                <span class="visually-hidden">" "{event.subject.clone()}</span>
            </a>
        }
    });
    let changes = changes(event.changes);
    let restorable = row.restorable_until.filter(|_| role >= Role::Operator);
    let note = event.note;
    view! {
        <li>
            <span class="when sub n">
                <Time at=event.at seconds=true />
            </span>
            <div class="what">
                <strong>{who}</strong>
                " "
                {verb}
                " "
                {subject}
                {(!note.is_empty()).then(|| view! { <span class="sub">" · "{note}</span> })}
                {only}
                {changes}
            </div>
            {restorable
                .map(|until| {
                    let name = event.subject;
                    view! {
                        <div class="restore">
                            <button type="button" class="btn small" on:click=move |_| state.restoring.set(Some(row.clone()))>
                                <Icon name="restore" />
                                "Restore"
                                <span class="visually-hidden">" "{name}</span>
                            </button>
                            <span class="sub small">
                                <Until at=until />
                                " left"
                            </span>
                        </div>
                    }
                })}
        </li>
    }
}
