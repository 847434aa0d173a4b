//! Registered or not, from where, which phone, until when.

use super::{Ctx, unregister};
use crate::ui::{Pill, Time, count, use_clock};
use domain::view::BindingView;
use domain::{DAY, Field, HOUR, MINUTE, Millis, SECOND};
use leptos::prelude::*;

pub fn panel(ctx: Ctx) -> AnyView {
    let clock = use_clock();
    let bindings = Memo::new(move |_| ctx.network.with(|network| network.bindings.clone()));
    let earlier = Memo::new(move |_| ctx.network.with(|network| network.earlier));
    let flapping = Memo::new(move |_| ctx.network.with(|network| network.flapping));
    let unregister = RwSignal::new(None::<String>);
    view! {
        {move || pill(ctx, &bindings.get(), clock)}
        {move || {
            flapping
                .get()
                .then(|| {
                    view! {
                        <p class="state"><Pill dot="some">"Flapping"</Pill></p>
                        <p class="sub small">"Its registration dropped 5 times in 10 minutes."</p>
                    }
                })
        }}
        {move || {
            let earlier = earlier.get();
            let bindings = bindings.get();
            let last = bindings.len().saturating_sub(1);
            bindings
                .into_iter()
                .enumerate()
                .map(|(at, binding)| details(ctx, binding, if at == last { earlier } else { 0 }, clock, unregister))
                .collect_view()
        }}
        {move || {
            let lost = bindings.with(Vec::is_empty) && earlier.get() > 0;
            lost.then(|| view! { <p class="sub small">"Registered " {count(earlier.get().into(), "time")} " in the last 24 hours."</p> })
        }}
        <p class="sub small"><a href=ctx.history_path()>"History"</a></p>
        {unregister::dialog(ctx, unregister)}
    }
    .into_any()
}

/// One pill, and a sentence where a pill is too short for it.
fn pill(ctx: Ctx, bindings: &[BindingView], clock: Signal<Option<Millis>>) -> AnyView {
    let Some(first) = bindings.first() else {
        let (words, why) = if !ctx.form.saved_value(Field::Enabled).is_on() {
            ("Not registered", "The device is disabled: it can't register.")
        } else if ctx.by_ip() {
            ("Does not register", "It authenticates by IP: calls are taken from its addresses.")
        } else {
            ("Not registered", "")
        };
        return view! {
            <p class="state"><Pill dot="off">{words}</Pill></p>
            {(!why.is_empty()).then(|| view! { <p class="sub small">{why}</p> })}
        }
        .into_any();
    };
    if !bindings.iter().any(|binding| binding.reachable) {
        return view! {
            <p class="state"><Pill dot="some">"Registered, not reachable"</Pill></p>
            <p class="sub small">"Its connection is closed: registered, not reachable until it reconnects."</p>
        }
        .into_any();
    }
    let since = first.since;
    let for_long = move || clock.get().map(|now| [", ", &elapsed(now - since)].concat());
    view! { <p class="state"><Pill dot="on">"Registered" {for_long}</Pill></p> }.into_any()
}

fn details(ctx: Ctx, binding: BindingView, earlier: u32, clock: Signal<Option<Millis>>, unregister: RwSignal<Option<String>>) -> AnyView {
    let expires = binding.expires;
    let act = (!ctx.form.read_only).then(|| {
        let contact = binding.contact.clone();
        view! {
            " "
            <button type="button" class="linkish" on:click=move |_| unregister.set(Some(contact.clone()))>
                "unregister"
            </button>
        }
    });
    let left = move || clock.get().map_or_else(String::new, |now| format!("in {} s", ((expires - now) / SECOND).max(0)));
    let earlier = match earlier {
        0 => String::new(),
        n => format!(", {n} more in 24 hours"),
    };
    view! {
        <dl class="kv">
            <dt>"Contact"</dt>
            <dd>
                <code>{binding.source.to_string()} " " {binding.transport.as_str()}</code>
                {(!binding.reachable).then_some(" (connection closed)")} {act}
            </dd>
            {binding.user_agent.map(|agent| view! { <dt>"Phone"</dt><dd>{agent}</dd> })}
            <dt>"Expires"</dt>
            <dd class="n">{left}</dd>
            <dt>"Since"</dt>
            <dd><Time at=binding.since />{earlier}</dd>
        </dl>
    }
    .into_any()
}

/// A span of time in its largest unit.
fn elapsed(ms: Millis) -> String {
    let ms = ms.max(0);
    match ms {
        _ if ms >= 2 * DAY => format!("{} days", ms / DAY),
        _ if ms >= 2 * HOUR => format!("{} h", ms / HOUR),
        _ if ms >= MINUTE => format!("{} min", ms / MINUTE),
        _ => format!("{} s", ms / SECOND),
    }
}
