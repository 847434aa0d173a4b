//! A new seat with its first device: realm, username and password are filled in by the server.

use crate::{
    api::{self, ApiError},
    guard,
    layout::{AccountCtx, set_title, use_account},
    routes::Page,
    ui::{Button, Entry, ErrorNote, ErrorPage, NeedsConnection, focus, ids, input_value, offline},
};
use domain::{Field, Kind, Problem, Role, Value};
use leptos::prelude::*;

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

#[component]
fn Form(account: Memo<AccountCtx>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let wrong = RwSignal::new([const { None }; 3] as Faults);
    let fault = move |i: usize| Signal::derive(move || wrong.with(|wrong| wrong[i].clone()));
    // One name for this seat, however often it is sent.
    let operation = StoredValue::new(None);
    let show = move |faults: Faults| {
        let first = faults.iter().position(Option::is_some);
        wrong.set(faults);
        if let Some(first) = first {
            focus(INPUTS[first].0);
        }
        first.is_none()
    };
    let send = move || {
        let values = INPUTS.map(|(id, _)| input_value(id));
        if busy.get_untracked() || !show(faults(&values)) {
            return;
        }
        let [name, extension, device] = values;
        let (name_id, account) = (operation.get_value().unwrap_or_else(ids::new_operation), account.get_untracked());
        operation.set_value(Some(name_id));
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            match api::new_seat(account.id, name_id, name, extension, device).await {
                Ok(made) => guard::guarded_navigate(account.href(&Page::Device(made.seat, made.device).to_string())),
                Err(problem) => {
                    busy.set(false);
                    // What did not get through may have arrived: only a refusal frees the name of the operation.
                    if !problem.is_offline() {
                        operation.set_value(None);
                    }
                    if let Some(Problem::Invalid { faults }) = problem.problem() {
                        show(INPUTS.map(|(_, field)| faults.get(&field).map(ToString::to_string)));
                    } else {
                        error.set(Some(problem.to_string()));
                    }
                }
            }
        });
    };
    view! {
        <form
            class="card narrow"
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <h1>"New seat"</h1>
            <p class="sub">"A person or a place, with its first device. The device gets the account's realm, a username and a password."</p>
            <ErrorNote error=error />
            <Entry id="seat-name" label="Name" hint="Such as Front desk, or a person's name." error=fault(0) autofocus=true />
            <Entry id="extension" label="Extension" hint="Digits and * # +, unique in the account." error=fault(1) inputmode="tel" />
            <Entry id="device-name" label="First device" value=Kind::Device.blank().text(Field::Name).to_owned() error=fault(2) />
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
