//! The effect of a value before it is saved: what the phone will see, which carriers remain.

use super::context::Ctx;
use crate::form::default_realm;
use domain::invite::preview;
use domain::routing::{FlagKind, FlagValues, choose, explain, resolve, sentence};
use domain::{Field, InviteFormat};
use leptos::prelude::*;

/// The line of an INVITE to the phone, for a sample number.
pub fn invite(ctx: Ctx) -> AnyView {
    let line = Memo::new(move |_| {
        let form = ctx.form;
        let format = InviteFormat::parse(form.value(Field::InviteFormat).as_text())?;
        let contact = ctx.network.with(|network| network.bindings.first().map(|binding| binding.contact.clone()));
        let (username, number, route) = (form.value(Field::Username), form.value(Field::Number), form.value(Field::Route));
        preview(format, username.as_text(), Some(number.as_text()), Some(route.as_text()), contact.as_deref())
    });
    (move || match line.get() {
        Some(line) => view! { "The phone will see " <code>{line}</code> }.into_any(),
        None => "The phone will see the SIP Route.".into_any(),
    })
    .into_any()
}

/// The realm that the device registers in once what is on the page is saved.
pub fn realm(ctx: Ctx) -> String {
    let value = ctx.form.value(Field::Realm);
    value.as_realm().map_or_else(|| ctx.realms.with(|realms| default_realm(realms)), str::to_owned)
}

/// Which carrier a call of this device leaves by, and what takes the others away.
pub fn carriers(ctx: Ctx) -> AnyView {
    let words = Memo::new(move |_| {
        let value = ctx.form.value(Field::OutboundFlags);
        let flags = value.as_flags();
        let sample = FlagValues::sample(&realm(ctx), flags);
        let text = ctx.carriers.with(|carriers| sentence(&explain(&choose(carriers, &resolve(flags, &sample)), carriers)));
        let samples: Vec<String> = flags
            .iter()
            .filter(|flag| flag.kind == FlagKind::Dynamic)
            .map(|flag| [&flag.name, " as ", sample.get(&flag.name).unwrap_or("nothing")].concat())
            .collect();
        let lost = text.starts_with("No carrier");
        (text, samples.join(", "), lost)
    });
    let examples = ctx.account.with_untracked(|a| a.href("/flags"));
    view! {
        {move || {
            let (text, samples, lost) = words.get();
            view! {
                <span class:warn=lost>{text}</span>
                {(!samples.is_empty()).then(|| ["  (Sample values: ", &samples, ".)"].concat())}
            }
        }}
        " "
        <a href=examples>"Examples"</a>
    }
    .into_any()
}
