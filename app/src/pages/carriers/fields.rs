//! The fields of a carrier.

use crate::form::{Chips, ChipsOf, FormHandle, Row, SwitchInput, TextInput};
use domain::Field;
use leptos::prelude::*;

pub fn group(form: FormHandle, known: Vec<String>) -> AnyView {
    let (name, uri, flags) = (form.look(Field::CarrierName), form.look(Field::CarrierUri), form.look(Field::CarrierFlags));
    let (require, ignore) = (form.look(Field::RequireFlags), form.look(Field::IgnoreFlags));
    let (weight, enabled) = (form.look(Field::Weight), form.look(Field::CarrierEnabled));
    let known = StoredValue::new(known);
    view! {
        <section class="card group" aria-labelledby="g-carrier">
            <h2 id="g-carrier">"Carrier"</h2>
            <p class="sub">"Where calls leave, and which calls it takes."</p>
            <Row form=form field=Field::CarrierName look=name>
                <TextInput form=form field=Field::CarrierName look=name />
            </Row>
            <Row form=form field=Field::CarrierUri look=uri>
                <TextInput form=form field=Field::CarrierUri look=uri mono=true placeholder="sip:gateway.example.net" />
            </Row>
            <Row form=form field=Field::CarrierFlags look=flags hint=|| "It takes the calls whose flags are all among these. Case counts.">
                <Chips
                    form=form
                    field=Field::CarrierFlags
                    look=flags
                    of=ChipsOf::Names
                    placeholder="add a flag…"
                    known=known.get_value()
                />
            </Row>
            <Row form=form field=Field::RequireFlags look=require hint=|| "On: not for calls without flags.">
                <SwitchInput form=form field=Field::RequireFlags look=require />
            </Row>
            <Row form=form field=Field::IgnoreFlags look=ignore hint=|| "On: it takes every call, whatever its flags.">
                <SwitchInput form=form field=Field::IgnoreFlags look=ignore />
            </Row>
            <Row form=form field=Field::Weight look=weight hint=|| "1 to 100. Of the carriers that take a call the lowest is used.">
                <TextInput form=form field=Field::Weight look=weight inputmode="numeric" />
            </Row>
            <Row form=form field=Field::CarrierEnabled look=enabled>
                <SwitchInput form=form field=Field::CarrierEnabled look=enabled />
            </Row>
        </section>
    }
    .into_any()
}
