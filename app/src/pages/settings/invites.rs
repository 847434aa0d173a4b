//! Invitations: a one-time link, shown once.

use super::{Part, State};
use crate::{
    api,
    ui::{Button, CopyButton, Entry, ErrorNote, Icon, Until, focus, input_value, set_input_value},
};
use domain::{
    Role,
    rules::{operator, text},
    view::InviteLine,
};
use leptos::{prelude::*, task::spawn_local};

/// The link that was just made, and for whom.
type Fresh = Option<(String, String)>;

#[component]
pub fn Invites(state: State) -> impl IntoView {
    let part = Part::new();
    let wrong = RwSignal::new(None::<String>);
    let role = RwSignal::new(Role::Operator);
    let fresh = RwSignal::new(None as Fresh);
    let invite = move || {
        if part.busy.get_untracked() {
            return;
        }
        part.error.set(None);
        let name = match text::name(&input_value("invite-name"), operator::NAME_MOST) {
            Ok(name) => name,
            Err(fault) => return wrong.set(Some(fault.to_string())),
        };
        wrong.set(None);
        part.busy.set(true);
        spawn_local(async move {
            let answer = api::invite(state.account, name.clone(), role.get_untracked()).await;
            part.busy.try_set(false);
            match answer {
                Ok(token) => {
                    let origin = window().location().origin().unwrap_or_default();
                    set_input_value("invite-name", "");
                    fresh.try_set(Some((name, format!("{origin}/invite#{token}"))));
                    set_timeout(|| focus("invite-link"), std::time::Duration::ZERO);
                    state.reload();
                }
                Err(problem) => {
                    part.error.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    let take_back = move |id: String| {
        state.act(part, api::revoke_invite(state.account, id), "The invitation is taken back.", move || fresh.set(None));
    };
    let line = move |line: InviteLine| {
        let id = line.id;
        let name = line.name.clone();
        view! {
            <li>
                <span class="grow">
                    <strong>{line.name}</strong>
                    " as "
                    {line.role.shown_as()}
                    <span class="sub">", by "{line.by}", good for "<Until at=line.expires /></span>
                </span>
                <button type="button" class="btn small danger" on:click=move |_| take_back(id.clone())>
                    "Take back"
                    <span class="visually-hidden">" the invitation of "{name}</span>
                </button>
            </li>
        }
    };
    let options =
        Role::ALL.map(|one| view! { <option value=one.as_str() selected=one == Role::Operator>{one.shown_as()}</option> }).collect_view();
    view! {
        <section class="card" aria-labelledby="h-invites">
            <h2 id="h-invites">"Invite somebody"</h2>
            <p class="sub">"Makes a link that works once. Whoever has it joins under this name, so give it to nobody else."</p>
            <form
                class="inline"
                method="dialog"
                on:submit=move |ev| {
                    ev.prevent_default();
                    invite();
                }
            >
                <Entry id="invite-name" label="Operator's name" error=wrong />
                <div class="entry">
                    <label for="invite-role">"Role"</label>
                    <select
                        id="invite-role"
                        autocomplete="off"
                        on:change=move |ev| role.set(Role::parse(&event_target_value(&ev)).unwrap_or(Role::Operator))
                    >
                        {options}
                    </select>
                </div>
                <Button kind="submit" busy=part.busy>
                    <Icon name="plus" />
                    "Make a link"
                </Button>
            </form>
            <ErrorNote error=part.error />
            {move || fresh.get().map(|(name, link)| view! { <Link name=name link=link /> })}
            <ul class="lines">
                <For each=move || state.view.with(|view| view.invites.clone()) key=|line| line.id.clone() children=line />
            </ul>
        </section>
    }
}

#[component]
fn Link(name: String, link: String) -> impl IntoView {
    let text = Signal::stored(link.clone());
    view! {
        <div class="entry fresh">
            <label for="invite-link">"Link for "{name}</label>
            <div class="row">
                <input
                    id="invite-link"
                    class="grow code"
                    readonly
                    value=link
                    autocomplete="off"
                    aria-describedby="invite-once"
                    on:focus={|ev| event_target::<web_sys::HtmlInputElement>(&ev).select()}
                />
                <CopyButton text=text what="the link" class="" />
            </div>
            <p class="hint" id="invite-once">
                "Shown this once. It is not kept anywhere, and can be taken back below."
            </p>
        </div>
    }
}
