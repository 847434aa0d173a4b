//! The side navigation: where to go, in which account, as whom.

use super::{AccountCtx, ThemeChoice, use_me};
use crate::{
    address::use_address,
    guard,
    offline::{self, Outcome, Task, Work, with_standing},
    ui::{Button, ErrorNote, Icon, count},
};
use domain::AccountId;
use leptos::prelude::*;

/// Path, words, drawing, and the paths that belong to it beside its own.
const PAGES: [(&str, &str, &str, &[&str]); 4] = [
    ("/seats", "Seats", "seats", &["/batches"]),
    ("/carriers", "Carriers", "carriers", &["/flags"]),
    ("/activity", "Activity", "activity", &[]),
    ("/settings", "Settings", "settings", &[]),
];

/// Whether `path` is `page` or below it.
fn is_below(path: &str, page: &str) -> bool {
    path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[component]
pub fn Side(account: Memo<AccountCtx>) -> impl IntoView {
    let path = use_address().path;
    let link = move |(page, words, icon, others): (&'static str, &'static str, &'static str, &'static [&'static str])| {
        let current = move || {
            let path = path.get();
            let base = account.with(|a| a.href(""));
            let path = path.strip_prefix(base.as_str()).unwrap_or_default();
            (is_below(path, page) || others.iter().any(|other| is_below(path, other))).then_some("page")
        };
        view! {
            <a href=move || account.with(|a| a.href(page)) aria-current=current>
                <Icon name=icon />
                {words}
            </a>
        }
    };
    view! {
        <header class="side">
            <a class="brand" href=move || account.with(|a| a.href("/seats"))>
                <Icon name="brand" />
                "Seatline"
            </a>
            <AccountSwitch account=account />
            <nav aria-label="Main">{PAGES.map(link).collect_view()}</nav>
            <Waiting account=account />
            <WhoAmI account=account />
        </header>
    }
}

/// How much waits to be saved, on every page; of another account where nothing waits in this one.
#[component]
fn Waiting(account: Memo<AccountCtx>) -> AnyView {
    let waiting = Memo::new(move |_| {
        let here = account.with(|a| a.id);
        with_standing(|standing| {
            let waits = |work: &&Work| work.waiting > 0 && work.key.target.queues();
            let of = |id: AccountId| standing.work.iter().filter(waits).filter(|work| work.key.account == id).count() as u64;
            let there = standing.work.iter().find(waits).map(|work| (work.key.account, of(work.key.account)));
            Some((here, of(here))).filter(|(_, n)| *n > 0).or(there)
        })
    });
    (move || {
        waiting.get().map(|(id, n)| {
            let elsewhere = account.with(|a| a.id) != id;
            view! {
                <a class="waiting" href=["/a/", &id.to_string(), "/seats?drafts=1"].concat()>
                    <Icon name="offline" />
                    {count(n, "change")} " waiting to be saved" {elsewhere.then_some(" in another account")}
                </a>
            }
        })
    })
    .into_any()
}

/// The account's name; where there are several, the others to go to. Links, so that the leave guard sees them.
#[component]
fn AccountSwitch(account: Memo<AccountCtx>) -> AnyView {
    let me = use_me().0;
    let others = Memo::new(move |_| {
        let here = account.with(|a| a.id);
        me.with(|me| me.iter().flat_map(|me| me.accounts.clone()).filter(|a| a.id != here).collect::<Vec<_>>())
    });
    let open = RwSignal::new(false);
    let name = move || account.with(|a| a.name.clone());
    (move || {
        if others.with(Vec::is_empty) {
            return view! {
                <p class="account">
                    <span>"Account"</span>
                    <strong>{name}</strong>
                </p>
            }
            .into_any();
        }
        let links = others
            .get()
            .into_iter()
            .map(|other| {
                view! {
                    <li>
                        <a href=format!("/a/{}/seats", other.id) on:click=move |_| open.set(false)>
                            {other.name}
                            <span class="sub small">" "{other.role.shown_as()}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <details
                class="account switch"
                prop:open=move || open.get()
                on:toggle={move |ev| open.set(event_target::<web_sys::Element>(&ev).has_attribute("open"))}
                on:keydown=move |ev| {
                    if ev.key() == "Escape" {
                        open.set(false);
                    }
                }
            >
                <summary>
                    <span>"Account"</span>
                    <strong>{name}</strong>
                    <Icon name="down" />
                </summary>
                <ul aria-label="Other accounts">{links}</ul>
            </details>
        }
        .into_any()
    })
    .into_any()
}

#[component]
fn WhoAmI(account: Memo<AccountCtx>) -> impl IntoView {
    let me = use_me().0;
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let leave = move || {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let failure = match offline::ask(Task::SignOut).await {
                Outcome::No(problem) => problem.to_string(),
                // What takes away what is kept here can't be had any more.
                Outcome::Nothing => "Load the new version, then sign out.".into(),
                _ => {
                    guard::over();
                    let _ = window().location().assign("/sign-in");
                    return;
                }
            };
            busy.set(false);
            error.set(Some(failure));
        });
    };
    view! {
        <div class="me">
            <span class="who">
                {move || me.with(|me| me.as_ref().map(|me| me.name.clone()))} " · "
                {move || account.with(|a| a.role.shown_as())}
            </span>
            <span class="theme">
                <label class="visually-hidden" for="nav-theme">
                    "Theme"
                </label>
                <ThemeChoice id="nav-theme" />
            </span>
            <Button class="small" busy=busy on_press=Callback::new(move |()| guard::ask_then(Callback::new(move |()| leave())))>
                <Icon name="sign-out" />
                "Sign out"
            </Button>
            <ErrorNote error=error />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_page_is_current_for_what_lies_below_it_only() {
        assert!(is_below("/seats", "/seats") && is_below("/seats/new", "/seats"));
        assert!(!is_below("/seatsx", "/seats") && !is_below("/activity", "/seats"));
    }
}
