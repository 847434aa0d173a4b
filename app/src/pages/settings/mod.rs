//! The account's settings, and what is one's own: password and theme.

mod blocked;
mod invites;
mod name;
mod operators;
mod own;
mod phones;
mod realm_default;
mod realms;
mod typed;

use crate::{
    api::{self, ApiError},
    layout::use_account,
    live::{Fresh, use_live},
    ui::{OnlineOnly, announce, ask, loaded, set_title},
};
use domain::{
    EventKind, Role,
    view::{Live, SettingsView},
};
use leptos::{prelude::*, task::spawn_local};
use typed::Typed;

/// The page's data, with what all its parts do: act, say what came of it, load again.
#[derive(Clone, Copy)]
pub struct State {
    pub view: RwSignal<SettingsView>,
    pub account: domain::AccountId,
    fresh: Fresh,
}

impl State {
    pub fn administers(self) -> bool {
        self.view.with(|view| view.role >= Role::Admin)
    }

    /// Loads again, each part showing what changed in it.
    pub fn reload(self) {
        self.fresh.load();
    }

    /// Waits for `call`; then says `done`, loads again and runs `after`, or shows the error.
    pub fn act(
        self,
        part: Part,
        call: impl Future<Output = Result<(), ApiError>> + 'static,
        done: &'static str,
        after: impl FnOnce() + 'static,
    ) {
        if part.busy.get_untracked() {
            return;
        }
        part.busy.set(true);
        part.error.set(None);
        spawn_local(async move {
            let answer = call.await;
            part.busy.try_set(false);
            match answer {
                Ok(()) => {
                    announce(done);
                    self.reload();
                    after();
                }
                Err(problem) => {
                    part.error.try_set(Some(problem.to_string()));
                    // What is shown may be what made it go wrong.
                    self.reload();
                }
            }
        });
    }
}

/// How one part of the page stands.
#[derive(Clone, Copy)]
pub struct Part {
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<String>>,
}

impl Part {
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }
}

/// `/a/{account}/settings`
#[component]
pub fn Settings() -> impl IntoView {
    set_title("Settings".to_owned());
    let account = use_account();
    let id = Memo::new(move |_| account.with(|a| a.id));
    let settings = ask(move || api::settings(id.get()));
    view! {
        <header class="page">
            <h1>"Settings"</h1>
        </header>
        {loaded(settings, |view| view! { <Parts view=view /> }.into_any())}
    }
}

#[component]
fn Parts(view: SettingsView) -> impl IntoView {
    let (account, view) = (view.account.id, RwSignal::new(view));
    let fresh = Fresh::new(move || {
        Box::pin(async move {
            view.try_set(api::settings(account).await?);
            Ok(())
        })
    });
    let state = State { view, account, fresh };
    use_live().on_message(Callback::new(move |message| {
        let event = match &message {
            Live::Event(event) => event,
            Live::Reload => return state.reload(),
            _ => return,
        };
        let here = matches!(
            event.kind,
            EventKind::AccountRenamed
                | EventKind::RealmAdded
                | EventKind::RealmRemoved
                | EventKind::DefaultRealmChanged
                | EventKind::Sha256Changed
                | EventKind::OperatorInvited
                | EventKind::InviteRevoked
                | EventKind::OperatorJoined
                | EventKind::OperatorRoleChanged
                | EventKind::OperatorRemoved
        );
        if here {
            state.reload();
        }
    }));
    let administers = Memo::new(move |_| state.administers());
    let typed = Typed::new(state);
    view! {
        <div class="settings" on:input=move |_| typed.count()>
            <OnlineOnly what="Settings">
            {view! { <name::Name state=state /> }.into_any()}
            {view! { <realms::Realms state=state /> }.into_any()}
            {view! { <phones::Phones state=state /> }.into_any()}
            <Show when=move || administers.get()>
                {view! { <operators::Operators state=state /> }.into_any()}
                {view! { <invites::Invites state=state /> }.into_any()}
                {view! { <blocked::Blocked state=state /> }.into_any()}
            </Show>
            {view! { <own::Password on_done=Callback::new(move |()| typed.count()) /> }.into_any()}
            </OnlineOnly>
            {view! { <own::Look /> }.into_any()}
        </div>
    }
}
