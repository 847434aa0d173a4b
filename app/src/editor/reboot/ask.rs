//! The question, or why there is nothing to ask.

use super::{Asked, Ctx};
use crate::{
    api,
    editor::context::phone,
    ui::{Button, ErrorNote, announce, count, focus_safe, ids::new_operation, offline},
};
use domain::vendor::Action;
use domain::view::{BindingView, JobView};
use leptos::prelude::*;

/// Asks; below the dialog.
pub fn ask() -> AnyView {
    let Some(Asked { ctx, open, action }) = use_context() else { return ().into_any() };
    let action = action.get_untracked();
    focus_safe();
    let network = ctx.network.get_untracked();
    let reachable: Vec<BindingView> = network.bindings.iter().filter(|binding| binding.reachable).cloned().collect();
    let seat = ctx.seat.with_untracked(|seat| seat.name.clone());
    if reachable.is_empty() {
        let why = if !network.bindings.is_empty() {
            "Its connection is closed: it is registered, but not reachable until it reconnects."
        } else if ctx.by_ip() {
            "It authenticates by IP and does not register, so there is nowhere to send to."
        } else {
            "It is not registered, so there is nowhere to send to."
        };
        return view! {
            <p>"The phone of seat " <strong>{seat}</strong> " can't be " {action.noun()} "ed now. " {why}</p>
            <div class="acts">
                <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                    "Close"
                </Button>
            </div>
        }
        .into_any();
    }
    form(ctx, open, seat, reachable, action)
}

fn form(ctx: Ctx, open: RwSignal<bool>, seat: String, bindings: Vec<BindingView>, action: Action) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let chosen = RwSignal::new(bindings[0].contact.clone());
    let address = phone(&bindings[0]);
    let (several, reboots) = (bindings.len() > 1, action == Action::Reboot);
    // One name for this request, however often it is sent.
    let operation = new_operation();
    let close = Callback::new(move |()| open.set(false));
    let reboot = Callback::new(move |()| {
        busy.set(true);
        error.set(None);
        let account = ctx.account.with_untracked(|a| a.id);
        leptos::task::spawn_local(async move {
            let contact = Some(chosen.get_untracked());
            let answer = match action {
                Action::Reboot => api::reboot(account, ctx.device, operation, contact).await,
                Action::Resync => api::resync(account, ctx.device, operation, contact).await,
            };
            match answer {
                Ok(job) => {
                    let known = |shown: &JobView| shown.id == job.id && shown.end.is_none();
                    let joined = ctx.job.try_with_untracked(|shown| shown.as_ref().is_some_and(known)) == Some(true);
                    let how = if joined { " is under way already. The panel Last " } else { " asked for. The panel Last " };
                    announce([action.name(), how, action.noun(), " shows what the phone does."].concat());
                    ctx.take_job(job);
                    open.try_set(false);
                }
                Err(problem) => {
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let save_first = Callback::new(move |()| {
        open.set(false);
        // Where there is only one, whichever is there by then.
        ctx.contact.set_value(several.then(|| chosen.get_untracked()));
        leptos::task::spawn_local(async move {
            ctx.form.save(true).await;
        });
    });
    let modified = ctx.form.unsaved_count().get_untracked();
    let away = offline();
    view! {
        <p>
            {if several {
                view! { "The chosen phone of seat " <strong>{seat}</strong> }.into_any()
            } else {
                view! { "The phone at " <code>{address}</code> " of seat " <strong>{seat}</strong> }.into_any()
            }} {if reboots {
                " restarts and is away for about a minute. A call in progress would be cut."
            } else {
                " fetches its configuration again. Whether it restarts for it is up to the phone."
            }}
        </p>
        {several.then(|| contacts(bindings, chosen))}
        {(modified > 0)
            .then(|| {
                let verb = if reboots { "Rebooting" } else { "A resync" };
                view! { <p class="sub">"You have " {count(modified as u64, "unsaved field")} ". " {verb} " does not save " {if modified == 1 { "it" } else { "them" }} "."</p> }
            })}
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=close>
                "Cancel"
            </Button>
            {(modified > 0 && reboots)
                .then(|| {
                    view! {
                        <Button disabled=Signal::derive(move || busy.get() || away.get()) on_press=save_first>
                            "Save, then reboot"
                        </Button>
                    }
                })}
            <Button class="primary" busy=busy disabled=away on_press=reboot>
                {if reboots { "Reboot Device" } else { "Resync" }}
            </Button>
        </div>
    }
    .into_any()
}

/// Which of several phones.
fn contacts(bindings: Vec<BindingView>, chosen: RwSignal<String>) -> AnyView {
    let rows = bindings.into_iter().enumerate().map(|(at, binding)| {
        let contact = binding.contact.clone();
        let agent = binding.user_agent.clone().unwrap_or_default();
        view! {
            <label class="pick">
                <input type="radio" name="contact" checked=at == 0 on:change=move |_| chosen.set(contact.clone()) />
                <span>
                    <code>{binding.source.to_string()}</code>
                    " "
                    {binding.transport.as_str()}
                    " "
                    <span class="sub">{agent}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="picks">
            <legend>"Which phone"</legend>
            {rows.collect_view()}
        </fieldset>
    }
    .into_any()
}
