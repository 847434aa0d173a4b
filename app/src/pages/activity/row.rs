//! One thing that happened.

use super::{list::State, words};
use crate::ui::{Icon, Time, Until};
use domain::{Role, form::Change, view::ActivityRow};
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

#[component]
pub fn Row(row: ActivityRow, role: Role, state: State) -> impl IntoView {
    let event = row.event.clone();
    let who = if event.by_name.is_empty() { "Seatline".to_owned() } else { event.by_name.clone() };
    let path = words::path(&event);
    let subject = (!words::speaks_for_itself(event.kind)).then(|| match path {
        Some(path) => view! { <a href=format!("/a/{}{path}", state.account)>{event.subject.clone()}</a> }.into_any(),
        None => view! { <strong>{event.subject.clone()}</strong> }.into_any(),
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
                {words::verb(event.kind)}
                " "
                {subject}
                {(!note.is_empty()).then(|| view! { <span class="sub">" · "{note}</span> })}
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
