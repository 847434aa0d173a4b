//! The page around the form.

use super::{
    aside, authentication, basic,
    consequence::{self, By},
    context::Ctx,
    device, events, fresh, head, preview,
};
use crate::{
    form::{FormBody, FormHandle, FormSetup, SaveBar},
    layout::use_key,
    ui::set_title,
};
use domain::offline::Target;
use domain::view::{DeviceView, Saved};
use domain::{Field, Role};
use leptos::prelude::*;

#[component]
pub fn Page(view: DeviceView) -> impl IntoView {
    let id = view.id;
    let saved = RwSignal::new(None::<Saved>);
    let contact = StoredValue::new(None::<String>);
    let form = FormHandle::new(FormSetup {
        record: view.record.clone(),
        read_only: view.role < Role::Operator,
        blank: false,
        thing: "device",
        key: use_key(Target::Device(id)),
        seat: Some(view.seat.id),
        saver: None,
        contact: Some(contact),
        on_saved: Callback::new(move |answer| saved.set(Some(answer))),
    });
    let ctx = Ctx::new(&view, form, contact);
    Effect::new(move || {
        if let Some(saved) = saved.get() {
            ctx.realm.set(saved.effective_realm);
            if let Some(job) = saved.job {
                ctx.take_job(job);
            }
        }
    });
    fresh::keep_fresh(ctx);

    let name = Signal::derive(move || ctx.name());
    let modified = form.unsaved_count();
    set_title(Signal::derive(move || [if modified.get() > 0 { "• " } else { "" }, form.doing(), " ", &name.get()].concat()));
    let ends = form.ends_registration();
    let consequence = Signal::derive(move || {
        let mut ends = ends.get();
        // Another way to the same realm is nothing to the phone.
        if ctx.realm.with(|now| *now == preview::realm(ctx)) {
            ends.retain(|field| *field != Field::Realm);
        }
        let by = match form.value(Field::Method).as_text() {
            "ip" => By::Ip { any: !form.value(Field::Ip).as_list().is_empty() },
            _ => By::Password,
        };
        consequence::sentence(&ends, form.value(Field::Enabled).is_on(), by, &ctx.phones())
    });
    view! {
        {head::head(ctx)}
        {ctx.shown.why_gone(ctx.activity())}
        <div class="cols">
            <FormBody form=form name=name>
                {device::group(ctx)}
                {basic::group(ctx)}
                {authentication::group(ctx)}
                {events::group(ctx)}
                <SaveBar form=form consequence=consequence />
            </FormBody>
            <aside>{aside::panels(ctx)}</aside>
        </div>
    }
}
