//! `/a/{account}/carriers/new`: the same form on a blank record; SAVE makes the carrier.

use super::fields;
use crate::{
    api::{self, ApiError},
    form::{FormBody, FormHandle, FormSetup, SaveBar},
    guard::guarded_replace,
    layout::{AccountCtx, use_account, use_key},
    offline::Saving,
    routes,
    ui::{ErrorPage, ask, loaded, set_title},
};
use domain::offline::Target;
use domain::view::Saved;
use domain::{AccountId, CarrierId, Field, Kind, Patch, Problem, Role};
use leptos::prelude::*;

#[component]
pub fn NewCarrier() -> impl IntoView {
    set_title("New carrier".to_owned());
    let account = use_account();
    let carriers = ask(move || api::carriers(account.with(|a| a.id)));
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/carriers"))>"Carriers"</a>
            " / New carrier"
        </p>
        {move || {
            if account.with(AccountCtx::edits) {
                loaded(carriers, |view| view! { <Page known=view.known_flags /> }.into_any())
            } else {
                let error = ApiError::Problem(Problem::NotAllowed { needs: Role::Operator });
                view! { <ErrorPage error=error way=(account.with(|a| a.href("/carriers")), "Go to the carriers".to_owned()) /> }.into_any()
            }
        }}
    }
}

/// Makes the carrier of a patch; the answer is shaped as that of a save.
async fn make(account: AccountId, patch: Patch, made: RwSignal<Option<CarrierId>>) -> Result<Saved, ApiError> {
    let values = patch.items.iter().map(|item| (item.field, item.value.clone())).collect();
    let id = api::new_carrier(account, patch.operation, values).await?;
    let mut record = Kind::Carrier.blank();
    for item in &patch.items {
        record.set(item.field, item.value.clone());
    }
    made.try_set(Some(id));
    let changed = patch.items.iter().map(|item| item.field).collect();
    Ok(Saved { record, effective_realm: String::new(), changed, job: None })
}

#[component]
fn Page(known: Vec<String>) -> impl IntoView {
    let account = use_account();
    let id = account.with_untracked(|a| a.id);
    let made = RwSignal::new(None::<CarrierId>);
    let form = FormHandle::new(FormSetup {
        record: Kind::Carrier.blank(),
        read_only: false,
        blank: true,
        thing: "carrier",
        key: use_key(Target::NewCarrier),
        seat: None,
        saver: Some(Callback::new(move |(patch, _)| -> Saving { Box::pin(make(id, patch, made)) })),
        contact: None,
        on_saved: Callback::new(|_| {}),
    });
    // After the form has taken the answer: nothing is modified any more, and the guard lets go.
    Effect::new(move || {
        if let Some(carrier) = made.get() {
            let path = account.with_untracked(|a| a.href(&routes::Page::Carrier(carrier).to_string()));
            set_timeout(move || guarded_replace(path), std::time::Duration::from_millis(30));
        }
    });
    let name = Signal::derive(move || {
        let typed = form.value(Field::CarrierName).as_text().trim().to_owned();
        if typed.is_empty() { "the new carrier".to_owned() } else { typed }
    });
    view! {
        <header class="page">
            <div class="grow">
                <h1>"New carrier"</h1>
            </div>
        </header>
        <div class="stack">
            <FormBody form=form name=name>
                {fields::group(form, known)}
                <SaveBar form=form />
            </FormBody>
        </div>
    }
}
