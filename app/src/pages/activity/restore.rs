//! Bringing back what was deleted; where something else took its place meanwhile, other values are asked for.

use super::list::State;
use crate::{
    api::{self, ApiError},
    ui::{Button, Dialog, ErrorNote, announce, focus, ids, input_value},
};
use domain::{DeviceId, Event, Field, Hindrance, OperationId, Problem, Value};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Restore(state: State) -> impl IntoView {
    let open = Signal::derive(move || state.restoring.with(Option::is_some));
    let title = Signal::derive(move || {
        let name = state.restoring.with(|row| row.as_ref().map(|row| row.event.subject.clone()));
        format!("Restore {}?", name.unwrap_or_default())
    });
    let close = Callback::new(move |()| state.restoring.set(None));
    view! {
        <Dialog open=open on_close=close title=title>
            {move || {
                state.restoring.get_untracked().map(|row| view! { <Form event=row.event state=state close=close /> })
            }}
        </Dialog>
    }
}

/// The input of one hindrance.
fn input_id(i: usize) -> String {
    format!("instead-{i}")
}

/// What was typed, in the shape of the field.
fn typed(field: Field, text: &str) -> Value {
    if field == Field::Ip {
        return Value::List(text.split([',', ' ']).filter(|part| !part.is_empty()).map(Into::into).collect());
    }
    Value::text(text)
}

type Instead = (Option<DeviceId>, Field, Value);

async fn send(state: State, event: &Event, operation: OperationId, instead: Vec<Instead>) -> Result<(), ApiError> {
    match (event.device, event.seat) {
        (Some(device), _) => {
            let instead = instead.into_iter().map(|(_, field, value)| (field, value)).collect();
            api::restore_device(state.account, device, operation, instead).await
        }
        (None, Some(seat)) => api::restore_seat(state.account, seat, operation, instead).await,
        (None, None) => Err(ApiError::Problem(Problem::NotFound)),
    }
}

#[component]
fn Form(event: Event, state: State, close: Callback<()>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    // What stands in the way; grows while answers bring new hindrances, keeping what was typed for the older.
    let hindrances = RwSignal::new(Vec::<Hindrance>::new());
    let operation = StoredValue::new(ids::new_operation());
    let is_device = event.device.is_some();
    let name = event.subject.clone();
    let event = StoredValue::new(event);
    let restore = move || {
        if busy.get_untracked() {
            return;
        }
        let instead: Vec<Instead> = hindrances.with_untracked(|all| {
            all.iter().enumerate().map(|(i, h)| (h.device, h.field, typed(h.field, &input_value(&input_id(i))))).collect()
        });
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let event = event.get_value();
            let answer = send(state, &event, operation.get_value(), instead).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    close.run(());
                    announce(format!("{} is restored.", event.subject));
                    state.refresh();
                }
                Err(ApiError::Problem(Problem::Hindered { by })) => {
                    // Other values are another request.
                    operation.try_set_value(ids::new_operation());
                    hindrances.try_update(|all| merge(all, by));
                    set_timeout(|| focus("instead-0"), std::time::Duration::ZERO);
                }
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    let what = if is_device {
        "The device comes back to its seat with its settings. A phone that registers does so again by itself."
    } else {
        "The seat comes back with the devices that went with it. Phones that register do so again by themselves."
    };
    view! {
        <form
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                restore();
            }
        >
            <p>{what}</p>
            {move || {
                hindrances
                    .with(|all| !all.is_empty())
                    .then(|| view! { <p class="strong">"Something took its place meanwhile. Choose other values:"</p> })
            }}
            <For each=move || hindrances.get().into_iter().enumerate() key=|(i, h)| (*i, h.fault.to_string()) let:hindrance>
                <Other i=hindrance.0 hindrance=hindrance.1 restored=name.clone() />
            </For>
            <ErrorNote error=error />
            <div class="acts">
                <Button autofocus=true on_press=close>
                    "Cancel"
                </Button>
                <Button kind="submit" class="primary" busy=busy>
                    "Restore"
                </Button>
            </div>
        </form>
    }
}

/// Puts the newest answers over the older; an older one that no longer stands in the way keeps its place without a fault.
fn merge(all: &mut Vec<Hindrance>, by: Vec<Hindrance>) {
    for new in by {
        match all.iter_mut().find(|old| old.device == new.device && old.field == new.field) {
            Some(old) => *old = new,
            None => all.push(new),
        }
    }
}

#[component]
fn Other(i: usize, hindrance: Hindrance, restored: String) -> impl IntoView {
    let id = input_id(i);
    let error = format!("{id}-error");
    let of = if hindrance.name == restored { String::new() } else { format!(" of {}", hindrance.name) };
    let kind = if hindrance.field == Field::Password { "password" } else { "text" };
    // What was typed for this one before the answer came.
    let value = input_value(&id);
    view! {
        <div class="entry">
            <label for=id.clone()>{hindrance.field.label()} {of}</label>
            <input
                id=id
                type=kind
                value=value
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-invalid="true"
                aria-describedby=error.clone()
            />
            <p class="err" id=error>
                {hindrance.fault.to_string()}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Fault;

    #[test]
    fn a_newer_answer_replaces_the_fault_of_its_field_only() {
        let h = |field, fault| Hindrance { device: None, name: "Front desk".into(), field, fault };
        let mut all = vec![h(Field::Extension, Fault::Required)];
        merge(&mut all, vec![h(Field::Extension, Fault::Choice), h(Field::SeatName, Fault::Required)]);
        assert_eq!(all, [h(Field::Extension, Fault::Choice), h(Field::SeatName, Fault::Required)]);
    }

    #[test]
    fn addresses_are_typed_as_a_list() {
        assert_eq!(typed(Field::Ip, "192.0.2.1, 192.0.2.8/29"), Value::List(vec!["192.0.2.1".into(), "192.0.2.8/29".into()]));
        assert_eq!(typed(Field::Username, "desk, 1"), Value::text("desk, 1"));
    }
}
