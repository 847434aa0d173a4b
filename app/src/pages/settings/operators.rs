//! Who may enter the account, and as what.

use super::{Part, State};
use crate::{
    api,
    ui::{Button, Dialog, ErrorNote},
};
use domain::{OperatorId, Role, view::OperatorLine};
use leptos::prelude::*;

#[component]
pub fn Operators(state: State) -> impl IntoView {
    let part = Part::new();
    let leaving = RwSignal::new(None::<OperatorLine>);
    let me = state.view.with_untracked(|view| view.me);
    let line = move |line: OperatorLine| {
        let id = line.id;
        let label = format!("Role of {}", line.name);
        let name = line.name.clone();
        let role = line.role;
        let choose = move |ev: leptos::ev::Event| {
            if let Some(role) = Role::parse(&event_target_value(&ev)) {
                let call = api::set_role(state.account, id, role);
                state.act(part, call, "The role is changed.", || ());
            }
        };
        view! {
            <tr>
                <td>
                    {line.name.clone()}
                    {(id == me).then(|| view! { <span class="sub">" (you)"</span> })}
                </td>
                <td>{role_select(&label, role, choose, part)}</td>
                <td class="do">
                    <button type="button" class="btn small danger" on:click=move |_| leaving.set(Some(line.clone()))>
                        "Remove"
                        <span class="visually-hidden">" "{name.clone()}</span>
                    </button>
                </td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="h-operators">
            <h2 id="h-operators">"Operators"</h2>
            <p class="sub">"Viewers read, without secrets. Operators edit, reboot and delete. Admins also see to operators, realms and settings."</p>
            <div class="tablewrap">
                <table class="cards" aria-labelledby="h-operators">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Role"</th>
                            <th scope="col">
                                <span class="visually-hidden">"Actions"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || state.view.with(|view| view.operators.clone())
                            // The error too: a role that was refused shows again what it is.
                            key=move |line| (line.id, line.role, part.error.get())
                            children=line
                        />
                    </tbody>
                </table>
            </div>
            <ErrorNote error=part.error />
            <Remove state=state leaving=leaving me=me />
        </section>
    }
}

fn role_select(label: &str, role: Role, choose: impl FnMut(leptos::ev::Event) + 'static, part: Part) -> AnyView {
    let options = Role::ALL.map(|one| view! { <option value=one.as_str() selected=one == role>{one.shown_as()}</option> }).collect_view();
    view! {
        <select aria-label=label.to_owned() autocomplete="off" disabled=move || part.busy.get() on:change=choose>
            {options}
        </select>
    }
    .into_any()
}

#[component]
fn Remove(state: State, leaving: RwSignal<Option<OperatorLine>>, me: OperatorId) -> impl IntoView {
    let part = Part::new();
    let close = Callback::new(move |()| {
        leaving.set(None);
        part.error.set(None);
    });
    let name = move || leaving.with(|line| line.as_ref().map(|line| line.name.clone())).unwrap_or_default();
    let title = Signal::derive(move || format!("Remove {}?", name()));
    let what = move || {
        if leaving.with(|line| line.as_ref().is_some_and(|line| line.id == me)) {
            "You leave this account at once, and need an invitation to come back."
        } else {
            "They can't enter this account any more, from now on. Other accounts of theirs stay as they are."
        }
    };
    let go = Callback::new(move |()| {
        let Some(line) = leaving.get_untracked() else { return };
        let own = line.id == me;
        state.act(part, api::remove_operator(state.account, line.id), "The operator is removed.", move || {
            close.run(());
            if own {
                let _ = window().location().assign("/");
            }
        });
    });
    view! {
        <Dialog open=Signal::derive(move || leaving.with(Option::is_some)) on_close=close title=title>
            <p>{what}</p>
            <ErrorNote error=part.error />
            <div class="acts">
                <Button autofocus=true on_press=close>
                    "Cancel"
                </Button>
                <Button class="danger solid" busy=part.busy on_press=go>
                    "Remove"
                </Button>
            </div>
        </Dialog>
    }
}
