//! What to set in the phone, as it is saved.

use super::Ctx;
use crate::{
    api,
    ui::{announce, copy, offline},
};
use domain::{Field, Value, view::ServerTransport};
use leptos::prelude::*;

pub fn panel(ctx: Ctx) -> AnyView {
    let form = ctx.form;
    let (server, transports) = ctx.server.with_value(|server| {
        let name = |way: &ServerTransport| {
            let name = way.transport.as_str().to_uppercase();
            way.port.map_or_else(|| name.clone(), |port| [name.as_str(), " on port ", &port.to_string()].concat())
        };
        let names: Vec<String> = server.transports.iter().map(name).collect();
        (server.server.clone(), names.join(" or "))
    });
    let by_ip = Memo::new(move |_| ctx.by_ip());
    let username = move || form.saved_value(Field::Username).as_text().to_owned();
    let unsaved = move || {
        let modified = form.unsaved().get();
        let shown = [Field::Realm, Field::Username, Field::Password, Field::Method].iter().any(|field| modified.contains(field));
        shown.then(|| view! { <p class="sub small">"Shows what is saved, not your edits."</p> })
    };
    view! {
        <dl class="kv">
            <dt>"Server"</dt>
            <dd><code>{server}</code></dd>
            <dt>"Transport"</dt>
            <dd>{transports}</dd>
            <dt>"Realm"</dt>
            <dd><code>{move || ctx.realm.get()}</code></dd>
            <dt>{move || if by_ip.get() { "Username (To)" } else { "Username" }}</dt>
            <dd><code>{username}</code></dd>
            {move || (!by_ip.get()).then(|| password(ctx))}
        </dl>
        {unsaved}
    }
    .into_any()
}

fn password(ctx: Ctx) -> AnyView {
    if ctx.form.read_only {
        return view! { <dt>"Password"</dt><dd class="sub">"hidden"</dd> }.into_any();
    }
    if ctx.form.saved_value(Field::Password) != Value::Hidden {
        return view! { <dt>"Password"</dt><dd class="sub">"none yet"</dd> }.into_any();
    }
    let said = RwSignal::new("copy");
    // A look at what is stored needs the server.
    let away = offline();
    let press = move |_| {
        let account = ctx.account.with_untracked(|a| a.id);
        leptos::task::spawn_local(async move {
            let word = match api::look_password(account, ctx.device).await {
                Ok(secret) if copy(secret.expose().to_owned()).await => "copied",
                Ok(_) => "can't copy here",
                Err(problem) => {
                    announce(problem.to_string());
                    "can't copy now"
                }
            };
            announce(["Password ", word].concat());
            said.try_set(word);
        });
    };
    view! {
        <dt>"Password"</dt>
        <dd>
            <code aria-hidden="true">"••••••••"</code>
            " "
            <button type="button" class="linkish" disabled=move || away.get() on:click=press>
                {move || said.get()}
                <span class="visually-hidden">" stored password"</span>
            </button>
        </dd>
    }
    .into_any()
}
