//! `/a/{account}/carriers/{carrier}`

use super::fields;
use crate::{
    api::{self, ApiError},
    form::{FormBody, FormHandle, FormSetup, SaveBar, Shown},
    layout::{AccountCtx, use_account, use_key},
    live::{Fresh, Missed, use_live},
    offline::Saving,
    ui::{Button, ErrorPage, ask, delete_dialog, loaded, offline, set_title},
};
use domain::offline::Target;
use domain::view::{CarrierView, CarriersView, Live};
use domain::{CarrierId, Field, Problem, Role};
use leptos::prelude::*;

/// One of the account's carriers and the flags that are known.
fn find(view: CarriersView, id: CarrierId) -> Result<(CarrierView, Vec<String>, Role), ApiError> {
    let carrier = view.carriers.into_iter().find(|carrier| carrier.id == id);
    carrier.map(|carrier| (carrier, view.known_flags, view.role)).ok_or(ApiError::Problem(Problem::NotFound))
}

#[component]
pub fn Carrier(carrier: CarrierId) -> impl IntoView {
    let account = use_account();
    loaded(ask(move || api::carriers(account.with(|a| a.id))), move |view| match find(view, carrier) {
        Ok((carrier, known, role)) => view! { <Page carrier=carrier known=known role=role /> }.into_any(),
        Err(error) => view! { <ErrorPage error=error /> }.into_any(),
    })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Ctx {
    pub account: Memo<AccountCtx>,
    pub carrier: CarrierId,
    pub form: FormHandle,
    pub shown: Shown,
}

#[component]
fn Page(carrier: CarrierView, known: Vec<String>, role: Role) -> impl IntoView {
    let account = use_account();
    let (account_id, id) = (account.with_untracked(|a| a.id), carrier.id);
    let form = FormHandle::new(FormSetup {
        record: carrier.record,
        read_only: role < Role::Operator,
        blank: false,
        thing: "carrier",
        key: use_key(Target::Carrier(id)),
        seat: None,
        saver: Some(Callback::new(move |(patch, _)| -> Saving { Box::pin(api::save_carrier(account_id, id, patch)) })),
        contact: None,
        on_saved: Callback::new(|_| {}),
    });
    let ctx = Ctx { account, carrier: id, form, shown: Shown::new() };
    keep_fresh(ctx);
    let name = Signal::derive(move || form.saved_value(Field::CarrierName).as_text().to_owned());
    let modified = form.unsaved_count();
    set_title(Signal::derive(move || [if modified.get() > 0 { "• " } else { "" }, "Editing ", &name.get()].concat()));
    let open = RwSignal::new(false);
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/carriers"))>"Carriers"</a>
            " / "
            {name}
        </p>
        <header class="page">
            <div class="grow">
                <h1>"Editing " {name}</h1>
                <p class="sub">{move || ["carrier, ", form.saved_value(Field::CarrierUri).as_text()].concat()}</p>
            </div>
            {(!form.read_only)
                .then(|| {
                    view! {
                        <Button class="danger" disabled=offline() on_press=Callback::new(move |()| open.set(true))>
                            "Delete carrier"
                        </Button>
                        {delete_dialog(ctx, open)}
                    }
                })}
        </header>
        {ctx.shown.why_gone(account.with_untracked(|a| a.href("/activity")))}
        <div class="stack">
            <FormBody form=form name=name>
                {fields::group(form, known)}
                <SaveBar form=form />
            </FormBody>
        </div>
    }
}

fn keep_fresh(ctx: Ctx) {
    let fresh = Fresh::new(move || Box::pin(again(ctx)));
    use_live().on_message(Callback::new(move |message| match message {
        Live::Event(event) if event.carrier == Some(ctx.carrier) => fresh.load(),
        Live::Reload => fresh.load(),
        _ => {}
    }));
}

async fn again(ctx: Ctx) -> Result<(), Missed> {
    ctx.shown.may_ask(ctx.form)?;
    let account = ctx.account.with_untracked(|a| a.id);
    match find(ctx.shown.answered(ctx.form, api::carriers(account).await)?, ctx.carrier) {
        Ok((carrier, ..)) => ctx.form.rebase(carrier.record),
        Err(_) => ctx.shown.gone.set(Some("This carrier was deleted. Nothing on this page can be saved any more.".into())),
    }
    Ok(())
}
