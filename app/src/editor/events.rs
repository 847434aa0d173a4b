//! What is sent to the phone to reboot and to resync it, where the vendor's event is not the right one.

use super::context::Ctx;
use crate::form::{Row, TextInput};
use domain::Field;
use domain::vendor::{Action, event};
use leptos::prelude::*;

pub fn group(ctx: Ctx) -> AnyView {
    view! {
        <section class="card group" aria-labelledby="g-events">
            <h2 id="g-events">"Reboot and resync"</h2>
            <p class="sub">"The event that the phone is sent."</p>
            {row(ctx, Field::RebootEvent, Action::Reboot)}
            {row(ctx, Field::ResyncEvent, Action::Resync)}
        </section>
    }
    .into_any()
}

fn row(ctx: Ctx, field: Field, action: Action) -> AnyView {
    let look = ctx.form.look(field);
    let hint = move || {
        let event = ctx.network.with(|network| event(action, network.bindings.first().and_then(|b| b.user_agent.as_deref())));
        view! { "Empty: by the phone's vendor, now " <code>{event}</code> "." }.into_any()
    };
    view! {
        <Row form=ctx.form field=field look=look hint=hint>
            <TextInput form=ctx.form field=field look=look mono=true placeholder="by the phone's vendor" />
        </Row>
    }
    .into_any()
}
