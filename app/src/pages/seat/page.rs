//! The page around the form: name and extension, the devices, Delete.

use super::{devices, fresh::keep_fresh};
use crate::{
    api,
    form::{FormBody, FormHandle, FormSetup, Row, SaveBar, Shown, TextInput},
    guard::{ask_then, guarded_navigate},
    layout::{AccountCtx, use_account, use_key},
    routes,
    ui::{Button, ErrorNote, Icon, NeedsConnection, delete_dialog, ids::new_operation, set_title},
};
use domain::offline::Target;
use domain::view::{DeviceRow, SeatView};
use domain::{Field, OperationId, Role, SeatId};
use leptos::prelude::*;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Ctx {
    pub account: Memo<AccountCtx>,
    pub seat: SeatId,
    pub form: FormHandle,
    pub devices: RwSignal<Vec<DeviceRow>>,
    pub shown: Shown,
}

impl Ctx {
    /// The saved name.
    pub fn name(self) -> String {
        self.form.saved_value(Field::SeatName).as_text().to_owned()
    }
}

#[component]
pub fn Page(view: SeatView) -> impl IntoView {
    let account = use_account();
    let id = view.id;
    let form = FormHandle::new(FormSetup {
        record: view.record.clone(),
        read_only: view.role < Role::Operator,
        blank: false,
        thing: "seat",
        key: use_key(Target::Seat(id)),
        seat: None,
        saver: None,
        contact: None,
        on_saved: Callback::new(|_| {}),
    });
    let ctx = Ctx { account, seat: id, form, devices: RwSignal::new(view.devices), shown: Shown::new() };
    keep_fresh(ctx);
    let name = Signal::derive(move || ctx.name());
    let modified = form.unsaved_count();
    set_title(Signal::derive(move || [if modified.get() > 0 { "• " } else { "" }, &name.get()].concat()));
    let activity = account.with_untracked(|a| a.href(&["/activity?seat=", &id.to_string()].concat()));
    let (name_look, extension_look) = (form.look(Field::SeatName), form.look(Field::Extension));
    let deleting = RwSignal::new(false);
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/seats"))>"Seats"</a>
            " / "
            {name}
        </p>
        <header class="page">
            <div class="grow">
                <h1>{name}</h1>
                <p class="sub">
                    {move || ["seat, extension ", form.saved_value(Field::Extension).as_text()].concat()} " · "
                    <a href=activity.clone()>"Activity of this seat"</a>
                </p>
            </div>
            {(!form.read_only)
                .then(|| {
                    view! {
                        <Button class="danger" disabled=ctx.shown.closed() on_press=Callback::new(move |()| deleting.set(true))>
                            "Delete seat"
                        </Button>
                        <NeedsConnection what="Delete and Add device" />
                        {delete_dialog(ctx, deleting)}
                    }
                })}
        </header>
        {ctx.shown.why_gone(activity)}
        <div class="stack">
            <FormBody form=form name=name>
                <section class="card group" aria-labelledby="g-seat">
                    <h2 id="g-seat">"Seat"</h2>
                    <p class="sub">"The person or place that calls reach."</p>
                    <Row form=form field=Field::SeatName look=name_look>
                        <TextInput form=form field=Field::SeatName look=name_look />
                    </Row>
                    <Row form=form field=Field::Extension look=extension_look hint=|| "Digits and * # +, unique in the account.">
                        <TextInput form=form field=Field::Extension look=extension_look inputmode="tel" />
                    </Row>
                </section>
                <SaveBar form=form />
            </FormBody>
            <section aria-labelledby="g-devices">
                <header class="page">
                    <h2 id="g-devices" class="grow">
                        "Devices"
                    </h2>
                    {(!form.read_only).then(|| view! { <AddDevice ctx=ctx /> })}
                </header>
                {devices::list(ctx)}
            </section>
        </div>
    }
}

/// Makes a device with what a new one has, and opens its editor.
#[component]
fn AddDevice(ctx: Ctx) -> impl IntoView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // One name for this device until an answer came.
    let operation = StoredValue::new(None::<OperationId>);
    let add = Callback::new(move |()| {
        let id = operation.get_value().unwrap_or_else(new_operation);
        operation.set_value(Some(id));
        busy.set(true);
        error.set(None);
        let account = ctx.account.get_untracked();
        leptos::task::spawn_local(async move {
            match api::add_device(account.id, ctx.seat, id, String::new()).await {
                Ok(made) => guarded_navigate(account.href(&routes::Page::Device(made.seat, made.device).to_string())),
                Err(problem) => {
                    busy.try_set(false);
                    if problem.problem().is_some() {
                        operation.try_set_value(None);
                    }
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    view! {
        // Asked before anything is made: the editor of the new device is another page.
        <Button busy=busy disabled=ctx.shown.closed() on_press=Callback::new(move |()| ask_then(add))>
            <Icon name="plus" />
            "Add device"
        </Button>
        <ErrorNote error=error />
    }
}
