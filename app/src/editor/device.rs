//! What the device is: name, MAC address, enabled.

use super::context::Ctx;
use crate::form::{Row, SwitchInput, TextInput};
use domain::Field;
use leptos::prelude::*;

pub fn group(ctx: Ctx) -> AnyView {
    let form = ctx.form;
    let (name, mac, enabled) = (form.look(Field::Name), form.look(Field::Mac), form.look(Field::Enabled));
    view! {
        <section class="card group" aria-labelledby="g-device">
            <h2 id="g-device">"Device"</h2>
            <p class="sub">"What it is called, and whether it may register and call."</p>
            <Row form=form field=Field::Name look=name>
                <TextInput form=form field=Field::Name look=name />
            </Row>
            <Row form=form field=Field::Mac look=mac>
                <TextInput form=form field=Field::Mac look=mac mono=true placeholder="none" />
            </Row>
            <Row form=form field=Field::Enabled look=enabled>
                <SwitchInput form=form field=Field::Enabled look=enabled />
            </Row>
        </section>
    }
    .into_any()
}
