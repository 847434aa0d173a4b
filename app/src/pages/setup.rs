//! The first start: the single-use code from the server's output, the admin, the account and its first realm.

use crate::{
    api,
    layout::Door,
    ui::{Button, Entry, ErrorNote, ErrorPage, answered, ask, focus, input_value, set_title},
};
use domain::{
    Secret,
    rules::{operator, text},
    view::SetupState,
};
use leptos::prelude::*;

/// `/setup`
#[component]
pub fn Setup() -> impl IntoView {
    set_title("Set up".to_owned());
    answered(ask(api::setup_state), |state| {
        let inner = match state {
            Ok(state) if state.needed => view! { <Form state=state /> }.into_any(),
            Ok(_) => view! {
                <div class="card">
                    <h1>"Set up already"</h1>
                    <p>"This Seatline has its first admin. Others come by invitation."</p>
                    <a class="btn primary" href="/sign-in">
                        "Sign in"
                    </a>
                </div>
            }
            .into_any(),
            Err(error) => view! { <ErrorPage error=error /> }.into_any(),
        };
        view! { <Door>{inner}</Door> }.into_any()
    })
}

/// Ids of the inputs, in the order of the page.
const IDS: [&str; 5] = ["code", "name", "password", "account", "realm"];

/// What the browser can refuse by itself, input by input.
fn faults(values: &[String; 5]) -> [Option<String>; 5] {
    let [code, name, password, account, realm] = values;
    [
        code.trim().is_empty().then(|| "Fill this in.".to_owned()),
        text::name(name, operator::NAME_MOST).err().map(|fault| fault.to_string()),
        operator::password(password).err().map(|fault| fault.to_string()),
        text::name(account, 128).err().map(|fault| fault.to_string()),
        text::realm(realm).err().map(|fault| fault.to_string()),
    ]
}

#[component]
fn Form(state: SetupState) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let wrong = RwSignal::new([const { None::<String> }; 5]);
    let fault = move |i: usize| Signal::derive(move || wrong.with(|wrong| wrong[i].clone()));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let values = IDS.map(input_value);
        let found = faults(&values);
        let first = found.iter().position(Option::is_some);
        wrong.set(found);
        if let Some(first) = first {
            focus(IDS[first]);
            return;
        }
        let [code, name, password, account, realm] = values;
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            let code = Secret::new(code.trim());
            match api::setup(code, name, Secret::new(password), account, realm).await {
                Ok(_) => {
                    let _ = window().location().replace("/");
                }
                Err(problem) => {
                    busy.set(false);
                    error.set(Some(problem.to_string()));
                    focus("code");
                }
            }
        });
    };
    view! {
        <form
            class="card"
            method="dialog"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <h1>"Set up Seatline"</h1>
            <p class="sub">"Make the first admin and the first account. This is asked once."</p>
            <ErrorNote error=error />
            <Entry
                id="code"
                label="Code"
                hint="Single-use, from the output of the server that was just started. Good for an hour."
                error=fault(0)
                autofocus=true
            />
            <Entry id="name" label="Your name" hint="You sign in with it." autocomplete="username" error=fault(1) />
            <Entry
                id="password"
                label="Password"
                kind="password"
                hint="At least 12 characters; a few words in a row are good."
                autocomplete="new-password"
                error=fault(2)
            />
            <Entry id="account" label="Account" hint="The customer or site whose phones these are." error=fault(3) />
            <Entry
                id="realm"
                label="First realm"
                hint="The SIP domain in which its phones register. It can't be renamed later, but others can be added."
                value=state.proposed_realm
                error=fault(4)
            />
            <Button kind="submit" class="primary" busy=busy>
                "Set up"
            </Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn each_input_has_its_own_rule() {
        let good = ["code", "ana", "twelve chars", "Example", "sip.example.net"].map(str::to_owned);
        assert!(faults(&good).iter().all(Option::is_none));
        for (i, bad) in ["", " ", "eleven char", "", "a b c d"].into_iter().enumerate() {
            let mut values = good.clone();
            values[i] = bad.to_owned();
            let found = faults(&values);
            assert!(found.iter().enumerate().all(|(at, fault)| fault.is_some() == (at == i)), "{i}");
        }
    }
}
