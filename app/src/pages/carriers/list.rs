//! `/a/{account}/carriers`

use crate::{
    api,
    layout::{AccountCtx, use_account},
    live::{Fresh, use_live},
    ui::{Icon, ask, loaded, set_title},
};
use domain::view::{CarrierView, CarriersView, Live};
use domain::{EventKind, Field};
use leptos::prelude::*;

#[component]
pub fn Carriers() -> impl IntoView {
    set_title("Carriers".to_owned());
    let account = use_account();
    let carriers = ask(move || api::carriers(account.with(|a| a.id)));
    let examples = move || account.with(|a| a.href("/flags"));
    view! {
        <header class="page">
            <div class="grow">
                <h1>"Carriers"</h1>
                <p class="sub">
                    "The ways out. A call takes the one with the lowest weight that has all of its flags: " <a href=examples>"examples"</a>
                    "."
                </p>
            </div>
            <Show when=move || account.with(AccountCtx::edits)>
                <a class="btn primary" href=move || account.with(|a| a.href("/carriers/new"))>
                    <Icon name="plus" />
                    "New carrier"
                </a>
            </Show>
        </header>
        {loaded(carriers, |view| view! { <List view=view /> }.into_any())}
    }
}

#[component]
fn List(view: CarriersView) -> AnyView {
    let account = use_account();
    let carriers = RwSignal::new(view.carriers);
    let fresh = Fresh::new(move || {
        let asked = api::carriers(account.with_untracked(|a| a.id));
        Box::pin(async move {
            carriers.try_set(asked.await?.carriers);
            Ok(())
        })
    });
    use_live().on_message(Callback::new(move |message| match message {
        Live::Event(event) if matches!(event.kind, EventKind::CarrierCreated | EventKind::CarrierChanged | EventKind::CarrierDeleted) => {
            fresh.load();
        }
        Live::Reload => fresh.load(),
        _ => {}
    }));
    (move || {
        let all = carriers.get();
        if all.is_empty() {
            return view! { <div class="tablewrap carriers"><p class="empty">"No carrier yet: calls of the devices have no way out."</p></div> }
                .into_any();
        }
        let rows = all.into_iter().map(|carrier| row(account, &carrier)).collect_view();
        view! {
            <div class="tablewrap scrolls carriers" tabindex="0" role="region" aria-label="Carriers">
                <table class="list cards">
                    <thead>
                        <tr>
                            <th scope="col">"Carrier"</th>
                            <th scope="col">"SIP URI"</th>
                            <th scope="col">"Flags"</th>
                            <th scope="col">"Weight"</th>
                            <th scope="col">"State"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
    .into_any()
}

fn row(account: Memo<AccountCtx>, carrier: &CarrierView) -> AnyView {
    let href = account.with_untracked(|a| a.href(&["/carriers/", &carrier.id.to_string()].concat()));
    let record = &carrier.record;
    let on = |field| record.value(field).is_on();
    let flags = record.value(Field::CarrierFlags);
    let flags = if on(Field::IgnoreFlags) { "takes every call".to_owned() } else { flags.to_string() };
    let requires = on(Field::RequireFlags) && !on(Field::IgnoreFlags);
    view! {
        <tr>
            <td><a href=href>{record.text(Field::CarrierName).to_owned()}</a></td>
            <td><code>{record.text(Field::CarrierUri).to_owned()}</code></td>
            <td data-label="Flags">{flags} {requires.then(|| view! { <span class="sub">"; not for calls without flags"</span> })}</td>
            <td class="n" data-label="Weight">{record.text(Field::Weight).to_owned()}</td>
            <td>{if on(Field::CarrierEnabled) { "Enabled" } else { "Disabled" }}</td>
        </tr>
    }
    .into_any()
}
