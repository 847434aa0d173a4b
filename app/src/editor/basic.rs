//! Group Basic: how the device registers and how calls reach it.

use super::{context::Ctx, preview};
use crate::form::{Chips, ChipsOf, RealmInput, Row, SelectInput, TextInput, realm_hint};
use domain::{Field, InviteFormat};
use leptos::prelude::*;

pub fn group(ctx: Ctx) -> AnyView {
    let form = ctx.form;
    let (realm, format, route) = (form.look(Field::Realm), form.look(Field::InviteFormat), form.look(Field::Route));
    let (number, expire, flags) = (form.look(Field::Number), form.look(Field::ExpireSeconds), form.look(Field::OutboundFlags));
    let formats = || InviteFormat::ALL.map(|format| (format.as_str(), format.shown_as())).to_vec();
    view! {
        <section class="card group" aria-labelledby="g-basic">
            <h2 id="g-basic">"Basic"</h2>
            <p class="sub">"How this device registers and how calls reach it."</p>
            <Row form=form field=Field::Realm look=realm hint=move || realm_hint(form, ctx.realms)>
                <RealmInput form=form look=realm realms=ctx.realms />
            </Row>
            <Row form=form field=Field::InviteFormat look=format hint=move || preview::invite(ctx)>
                <SelectInput form=form field=Field::InviteFormat look=format choices=formats() />
            </Row>
            <Row form=form field=Field::Route look=route hint=|| "The whole address that calls to this device go to.">
                <TextInput form=form field=Field::Route look=route mono=true placeholder="sip:pbx.example.net" />
            </Row>
            <Row form=form field=Field::Number look=number hint=|| "Empty: the number that was dialled.">
                <TextInput form=form field=Field::Number look=number inputmode="tel" placeholder="the dialled number" />
            </Row>
            <Row form=form field=Field::ExpireSeconds look=expire hint=|| "Whole seconds, 60 to 86400. The phone is granted the smaller of this and what it asks for.">
                <TextInput form=form field=Field::ExpireSeconds look=expire inputmode="numeric" />
            </Row>
            <Row form=form field=Field::OutboundFlags look=flags hint=move || preview::carriers(ctx)>
                <Chips
                    form=form
                    field=Field::OutboundFlags
                    look=flags
                    of=ChipsOf::Flags
                    placeholder="add a flag…"
                    known=ctx.known_flags.get_value()
                />
            </Row>
        </section>
    }
    .into_any()
}
