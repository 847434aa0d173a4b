//! The page around the form.

use super::{aside, authentication, basic, consequence, context::Ctx, device, events, fresh, head};
use crate::{
    api,
    form::{Answer, FormBody, FormHandle, FormSetup, SaveBar},
    layout::{set_title, use_account, use_me},
    ui::Banner,
};
use domain::view::{DeviceView, Saved};
use domain::{Role, Value};
use leptos::prelude::*;

#[component]
pub fn Page(view: DeviceView) -> impl IntoView {
    let account = use_account().with_untracked(|a| a.id);
    let me = use_me().0.with_untracked(|me| me.as_ref().map(|me| me.id.to_string()).unwrap_or_default());
    let id = view.id;
    let saved = RwSignal::new(None::<Saved>);
    let contact = StoredValue::new(None::<String>);
    let form = FormHandle::new(FormSetup {
        record: view.record.clone(),
        read_only: view.role < Role::Operator,
        blank: false,
        thing: "device",
        key: ["seatline.draft.", &account.to_string(), ".", &me, ".", &id.to_string()].concat(),
        saver: Callback::new(move |(patch, reboot)| -> Answer {
            Box::pin(api::save_device(account, id, patch, reboot, contact.get_value()))
        }),
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
    let modified = form.modified_count();
    set_title(Signal::derive(move || [if modified.get() > 0 { "• " } else { "" }, "Editing ", &name.get()].concat()));
    let ends = form.ends_registration();
    let consequence = Signal::derive(move || {
        let enabled = |value: &Value| value.is_on();
        consequence::sentence(&ends.get(), enabled(&form.value(domain::Field::Enabled)), &ctx.phones())
    });
    view! {
        {head::head(ctx)}
        {move || {
            ctx.gone
                .get()
                .map(|text| {
                    view! {
                        <Banner tone="bad" role="alert">
                            <p>{text}</p>
                        </Banner>
                    }
                })
        }}
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
