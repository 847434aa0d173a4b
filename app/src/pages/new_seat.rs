//! A new seat with its first device: realm, username and password are filled in by the server.

use crate::{
    api::{self, ApiError},
    guard::{self, Leaving, Saving},
    layout::{AccountCtx, use_account},
    routes::Page,
    ui::{Button, Entry, ErrorNote, ErrorPage, NeedsConnection, focus, ids, input_value, offline, set_title},
};
use domain::view::Made;
use domain::{Field, Kind, OperationId, Problem, Role, Value};
use leptos::prelude::*;
use std::time::Duration;

/// Inputs and the fields whose faults they show.
const INPUTS: [(&str, Field); 3] = [("seat-name", Field::SeatName), ("extension", Field::Extension), ("device-name", Field::Name)];

type Faults = [Option<String>; 3];

fn faults(values: &[String; 3]) -> Faults {
    let fault = |i: usize| INPUTS[i].1.normal(&Value::text(values[i].as_str())).err().map(|fault| fault.to_string());
    // An empty device name means the usual one.
    [fault(0), fault(1), if values[2].trim().is_empty() { None } else { fault(2) }]
}

/// `/a/{account}/seats/new`
#[component]
pub fn NewSeat() -> impl IntoView {
    set_title("New seat".to_owned());
    let account = use_account();
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/seats"))>"Seats"</a>
            " / New seat"
        </p>
        {move || {
            if account.with(AccountCtx::edits) {
                view! { <Form account=account /> }.into_any()
            } else {
                let error = ApiError::Problem(Problem::NotAllowed { needs: Role::Operator });
                view! { <ErrorPage error=error way=(account.with(|a| a.href("/seats")), "Go to the seats".to_owned()) /> }.into_any()
            }
        }}
    }
}

/// The form's parts: handles.
#[derive(Clone, Copy)]
struct State {
    account: Memo<AccountCtx>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    wrong: RwSignal<Faults>,
    /// One name for this seat, however often it is sent.
    operation: StoredValue<Option<OperationId>>,
    /// How many inputs hold what was typed.
    typed: RwSignal<usize>,
}

impl State {
    fn count(self) {
        let first = ["", "", &device_name()].map(str::to_owned);
        self.typed.set(INPUTS.iter().zip(first).filter(|((id, _), first)| input_value(id) != *first).count());
    }

    /// Shows the faults, the focus on the first; whether there are none.
    fn show(self, faults: Faults) -> bool {
        let first = faults.iter().position(Option::is_some);
        self.wrong.set(faults);
        if let Some(first) = first {
            // Also after a question whose end gives the focus back to what asked it.
            set_timeout(move || focus(INPUTS[first].0), Duration::from_millis(30));
        }
        first.is_none()
    }

    /// Makes the seat; none where that did not go through, with the reason on the page.
    async fn make(self) -> Option<Made> {
        let values = INPUTS.map(|(id, _)| input_value(id));
        if self.busy.get_untracked() || !self.show(faults(&values)) {
            return None;
        }
        let [name, extension, device] = values;
        let operation = self.operation.get_value().unwrap_or_else(ids::new_operation);
        self.operation.set_value(Some(operation));
        self.busy.set(true);
        self.error.set(None);
        let answer = api::new_seat(self.account.with_untracked(|a| a.id), operation, name, extension, device).await;
        match answer {
            Ok(made) => {
                // Nothing is lost any more.
                self.typed.try_set(0);
                Some(made)
            }
            Err(problem) => {
                self.busy.set(false);
                // What did not get through may have arrived: only a refusal frees the name of the operation.
                if !problem.is_offline() {
                    self.operation.set_value(None);
                }
                if let Some(Problem::Invalid { faults }) = problem.problem() {
                    self.show(INPUTS.map(|(_, field)| faults.get(&field).map(ToString::to_string)));
                } else {
                    self.error.set(Some(problem.to_string()));
                }
                None
            }
        }
    }
}

fn device_name() -> String {
    Kind::Device.blank().text(Field::Name).to_owned()
}

#[component]
fn Form(account: Memo<AccountCtx>) -> impl IntoView {
    let state = State {
        account,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        wrong: RwSignal::new([const { None }; 3]),
        operation: StoredValue::new(None),
        typed: RwSignal::new(0),
    };
    // What was typed before the page was alive counts.
    Effect::new(move || state.count());
    guard::register(Leaving {
        modified: state.typed.into(),
        name: Signal::stored("the new seat".to_owned()),
        hidden: Callback::new(|()| Vec::new()),
        keeps: Callback::new(|()| None),
        save: Some(Callback::new(move |()| -> Saving { Box::pin(async move { state.make().await.is_some() }) })),
        lose: Callback::new(move |()| state.typed.set(0)),
    });
    let send = move || {
        leptos::task::spawn_local(async move {
            if let Some(made) = state.make().await {
                let path = Page::Device(made.seat, made.device).to_string();
                guard::guarded_navigate(state.account.with_untracked(|a| a.href(&path)));
            }
        });
    };
    let (error, busy) = (state.error, state.busy);
    let fault = move |i: usize| Signal::derive(move || state.wrong.with(|wrong| wrong[i].clone()));
    view! {
        <form
            class="card narrow"
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
            on:input=move |_| state.count()
        >
            <h1>"New seat"</h1>
            <p class="sub">"A person or a place, with its first device. The device gets the account's realm, a username and a password."</p>
            <ErrorNote error=error />
            <Entry id="seat-name" label="Name" hint="Such as Front desk, or a person's name." error=fault(0) autofocus=true />
            <Entry id="extension" label="Extension" hint="Digits and * # +, unique in the account." error=fault(1) inputmode="tel" />
            <Entry id="device-name" label="First device" value=device_name() error=fault(2) />
            <NeedsConnection what="New seats" />
            <div class="acts">
                <a class="btn" href=move || account.with(|a| a.href("/seats"))>
                    "Cancel"
                </a>
                <Button kind="submit" class="primary" busy=busy disabled=offline()>
                    "Make the seat"
                </Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn an_empty_device_name_is_the_usual_one_and_the_others_are_required() {
        let of = |values: [&str; 3]| faults(&values.map(str::to_owned)).map(|fault| fault.is_some());
        assert_eq!(of(["Front desk", "1001", ""]), [false, false, false]);
        assert_eq!(of(["", "", "Phone"]), [true, true, false]);
        assert_eq!(of(["Front desk", "x", "\u{7}"]), [false, true, true]);
    }
}
