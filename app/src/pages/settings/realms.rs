//! The account's realms: added, removed where no device set it, one of them the default. A realm is never renamed.

use super::{Part, State, realm_default::MakeDefault};
use crate::{
    api,
    ui::{Button, Entry, ErrorNote, Icon, count, input_value, set_input_value},
};
use domain::{RealmId, rules::text, view::RealmLine};
use leptos::prelude::*;

#[component]
pub fn Realms(state: State) -> impl IntoView {
    let part = Part::new();
    let wrong = RwSignal::new(None::<String>);
    // The realm that is about to become the default.
    let asked = RwSignal::new(None::<(RealmId, String)>);
    let administers = Memo::new(move |_| state.administers());
    let add = move || {
        part.error.set(None);
        let realm = match text::realm(&input_value("new-realm")) {
            Ok(realm) => realm,
            Err(fault) => return wrong.set(Some(fault.to_string())),
        };
        wrong.set(None);
        state.act(part, api::add_realm(state.account, realm), "The realm is added.", || set_input_value("new-realm", ""));
    };
    let remove = move |id| state.act(part, api::remove_realm(state.account, id), "The realm is removed.", || ());
    let line = move |line: RealmLine| {
        let (id, name) = (line.realm.id, line.realm.name.clone());
        let label = name.clone();
        let use_it = move |_| asked.set(Some((id, name.clone())));
        view! {
            <tr>
                <td>
                    <code>{label.clone()}</code>
                </td>
                <td>{uses(state, &line)}</td>
                <td class="do">
                    {(administers.get() && !line.realm.is_default)
                        .then(|| {
                            view! {
                                <button type="button" class="btn small" on:click=use_it>
                                    "Make default"
                                    <span class="visually-hidden">": "{label.clone()}</span>
                                </button>
                                <button type="button" class="btn small danger" on:click=move |_| remove(id)>
                                    "Remove"
                                    <span class="visually-hidden">" "{label.clone()}</span>
                                </button>
                            }
                        })}
                </td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="h-realms">
            <h2 id="h-realms">"Realms"</h2>
            <p class="sub">"The SIP domains of this account. Devices inherit the default one, or set another. A realm is never renamed."</p>
            <div class="tablewrap">
                <table class="cards" aria-labelledby="h-realms">
                    <thead>
                        <tr>
                            <th scope="col">"Realm"</th>
                            <th scope="col">"Used by"</th>
                            <th scope="col">
                                <span class="visually-hidden">"Actions"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || state.view.with(|view| view.realms.clone())
                            key=|line| (line.realm.id, line.realm.is_default, line.chosen_by)
                            children=line
                        />
                    </tbody>
                </table>
            </div>
            <ErrorNote error=part.error />
            <Show when=move || administers.get()>
                <form
                    class="inline"
                    method="dialog"
                    on:submit=move |ev| {
                        ev.prevent_default();
                        add();
                    }
                >
                    <Entry id="new-realm" label="Another realm" error=wrong />
                    <Button kind="submit" busy=part.busy>
                        <Icon name="plus" />
                        "Add realm"
                    </Button>
                </form>
            </Show>
            <MakeDefault state=state asked=asked />
        </section>
    }
}

/// Who is in the realm.
fn uses(state: State, line: &RealmLine) -> AnyView {
    let chosen = line.chosen_by;
    let own = (chosen > 0 || !line.realm.is_default)
        .then(|| if chosen == 0 { "not used".to_owned() } else { format!("set on {}", count(chosen, "device")) });
    if !line.realm.is_default {
        return own.into_any();
    }
    view! {
        <strong>"default"</strong>
        ", inherited by "
        {move || count(state.view.with(|view| view.inheriting), "device")}
        {own.map(|own| ", ".to_owned() + &own)}
    }
    .into_any()
}
