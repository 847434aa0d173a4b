//! Group Authentication: how the phone proves that it is this device. The method swaps the fields at once.

use super::context::Ctx;
use crate::{
    api,
    form::{Chips, ChipsOf, Looker, PasswordInput, Row, SelectInput, TextInput, control_id, password_hint},
    ui::{Button, announce, focus, random},
};
use domain::rules::secret::new_username;
use domain::{Field, Value};
use leptos::prelude::*;

pub fn group(ctx: Ctx) -> AnyView {
    let form = ctx.form;
    let (method, username) = (form.look(Field::Method), form.look(Field::Username));
    let (password, ip) = (form.look(Field::Password), form.look(Field::Ip));
    let (account, device) = (ctx.account.with_untracked(|a| a.id), ctx.device);
    let looker: Looker = Callback::new(move |()| -> crate::form::Looking { Box::pin(api::look_password(account, device)) });
    let generate = Callback::new(move |()| {
        form.set(Field::Username, Value::text(new_username(&mut random)));
        announce("New username.");
        focus(&control_id(Field::Username));
    });
    let ip_hint = || {
        "Addresses and ranges that may register and call as this device: 203.0.113.7, 203.0.113.0/28, 203.0.113.7-203.0.113.9. \
         Over UDP a sender's address can be forged: use it only where the network keeps strangers out."
    };
    view! {
        <section class="card group" aria-labelledby="g-auth">
            <h2 id="g-auth">"Authentication"</h2>
            <p class="sub">"How the phone proves that it is this device."</p>
            <Row form=form field=Field::Method look=method>
                <SelectInput form=form field=Field::Method look=method choices=vec![("password", "Password"), ("ip", "IP")] />
            </Row>
            <Row form=form field=Field::Username look=username>
                <div class="withbtn">
                    <TextInput form=form field=Field::Username look=username mono=true />
                    {(!form.read_only)
                        .then(|| {
                            view! {
                                <Button on_press=generate>"Generate" <span class="visually-hidden">" username"</span></Button>
                            }
                        })}
                </div>
            </Row>
            <Row form=form field=Field::Password look=password hint=move || password_hint(form)>
                <PasswordInput form=form look=password looker=looker />
            </Row>
            <Row form=form field=Field::Ip look=ip hint=ip_hint>
                <Chips form=form field=Field::Ip look=ip of=ChipsOf::Addresses placeholder="add an address or range…" />
            </Row>
        </section>
    }
    .into_any()
}
