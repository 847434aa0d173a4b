//! Everything under `/a/{account}`: loads who is signed in, once, and frames the page.

use super::{
    again::SignInDialog,
    banners::{Connection, Insecure, Newer},
    nav::Side,
};
use crate::{
    address::use_address,
    api, guard, live,
    offline::{self, with_standing},
    routes::{AccountPage, Place, use_here},
    ui::{ErrorPage, LiveRegion, announce, answered, ask, focus_in_place},
};
use domain::offline::{Key, Target};
use domain::{AccountId, OperatorId, Problem, Role};
use leptos::prelude::*;
use std::time::Duration;

/// The account whose page this is, and what its operator may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCtx {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
}

impl AccountCtx {
    /// May edit, reboot, delete.
    pub fn edits(&self) -> bool {
        self.role >= Role::Operator
    }

    /// The address of a page of this account: `path` begins with a slash.
    pub fn href(&self, path: &str) -> String {
        format!("/a/{}{path}", self.id)
    }
}

/// Who is signed in; set before any page below the layout is made. Updated where a page changes it (the account's name).
#[derive(Clone, Copy)]
pub struct Me(pub RwSignal<Option<domain::view::Me>>);

/// The account of the page.
pub fn use_account() -> Memo<AccountCtx> {
    use_context().expect("every page under an account stands below its layout")
}

/// Who is signed in.
pub fn use_me() -> Me {
    use_context().expect("every page under an account stands below its layout")
}

/// The key of the operator's work on something of this account.
pub fn use_key(target: Target) -> Key {
    let operator = use_me().0.with_untracked(|me| me.as_ref().map_or(OperatorId(uuid::Uuid::nil()), |me| me.id));
    Key { operator, account: use_account().with_untracked(|account| account.id), target }
}

/// The frame of every page under `/a/{account}`.
#[component]
pub fn AccountLayout() -> impl IntoView {
    let me = RwSignal::new(None::<domain::view::Me>);
    let here = use_here();
    let found = Memo::new(move |_| {
        let Place::Account(id, _) = here.place.get() else { return None };
        me.with(|me| {
            let account = me.as_ref()?.accounts.iter().find(|account| account.id == id)?;
            Some(AccountCtx { id, name: account.name.clone(), role: account.role })
        })
    });
    // Pages are made only where `found` is some: what stands here else is never seen.
    let nobody = AccountCtx { id: AccountId(uuid::Uuid::nil()), name: String::new(), role: Role::Viewer };
    let account = Memo::new(move |last: Option<&AccountCtx>| found.get().or_else(|| last.cloned()).unwrap_or_else(|| nobody.clone()));
    provide_context(Me(me));
    provide_context(account);
    let live = live::provide_live();
    answered(ask(api::me), move |answer| match answer {
        Ok(answer) => {
            keep_for(&answer);
            let operator = answer.id;
            me.set(Some(answer));
            view! { <Frame live=live operator=operator found=found account=account /> }.into_any()
        }
        Err(error) => view! { <main><ErrorPage error=error /></main> }.into_any(),
    })
}

/// What is kept in this browser is kept for this operator, and shown without a connection until the session would end.
fn keep_for(me: &domain::view::Me) {
    let (id, until) = (me.id, me.until);
    Effect::new(move || offline::begin(id, until));
}

#[component]
fn Frame(live: live::LiveHandle, operator: OperatorId, found: Memo<Option<AccountCtx>>, account: Memo<AccountCtx>) -> impl IntoView {
    let known = Memo::new(move |_| found.with(Option::is_some));
    live::keep_open(live, operator, Memo::new(move |_| account.with(|a| a.id)));
    follow_pages();
    // What can't be stored lives as long as the tab.
    Effect::new(move || guard::unstored(with_standing(|standing| standing.trouble.is_some() && !standing.work.is_empty())));
    view! {
        <a class="skip" href="#main" rel="external">
            "Skip to the page"
        </a>
        <div class="app">
            <Side account=account />
            <main id="main" tabindex="-1">
                <Insecure />
                <Connection />
                <Newer />
                {move || {
                    if known.get() {
                        view! { <AccountPage /> }.into_any()
                    } else {
                        view! { <ErrorPage error=api::ApiError::Problem(Problem::NotFound) /> }.into_any()
                    }
                }}
            </main>
        </div>
        <SignInDialog />
        <LiveRegion />
    }
}

/// After a change of page without a load: says its title, and brings the focus into it where the pressed link is gone.
fn follow_pages() {
    let path = use_address().path;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            let arrive = || {
                if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                    focus_in_place("main");
                }
                announce(document().title());
            };
            set_timeout(arrive, Duration::from_millis(150));
        }
        now
    });
}
