//! The save bar: how many fields are modified, what saving does to the phone, what waits to be saved and why, Discard and SAVE.

use super::{FormHandle, Waits};
use crate::{
    offline::{self, with_standing},
    ui::{Button, Time, announce, count, focus},
};
use domain::offline::{Hold, Status};
use leptos::{ev, prelude::*};
use std::time::Duration;

/// At the foot of the page while something is modified, waits, or did not go through.
#[component]
pub fn SaveBar(
    form: FormHandle,
    /// What saving does beside storing, in a sentence.
    #[prop(optional, into)]
    consequence: Signal<Option<String>>,
) -> impl IntoView {
    let parts = form.parts();
    let (unsaved, waits, saving, failure) = (form.unsaved_count(), parts.waits, parts.saving, parts.failure);
    // Hidden rather than made anew: the first key of an edit must not wait for it.
    let idle = Memo::new(move |_| {
        unsaved.get() == 0 && failure.with(Option::is_none) && waits.with(|waits| waits.fields == 0 && waits.hold.is_none())
    });
    let discard = Callback::new(move |()| {
        form.discard();
        announce("Changes discarded.");
    });
    let none = Signal::derive(move || unsaved.get() == 0 && failure.with(Option::is_none) && waits.with(|waits| waits.hold.is_none()));
    follow_focus(idle);
    follow_keyboard(idle);
    // What is never queued is saved with a connection only.
    let closed = Memo::new(move |_| !parts.key.target.queues() && with_standing(|standing| standing.unreached));
    let nothing = Signal::derive(move || closed.get() || unsaved.get() == 0 && waits.with(|waits| waits.fields == 0));
    // What was edited since can be saved too.
    let busy = Signal::derive(move || saving.get() && (unsaved.get() == 0 || !parts.key.target.queues()));
    let trouble = Memo::new(move |_| with_standing(|standing| standing.trouble));
    let fleeting = Memo::new(move |_| with_standing(|standing| standing.fleeting && standing.trouble.is_none()));
    view! {
        <div class="savebar" role="region" aria-label="Unsaved changes" hidden=move || idle.get()>
            <div class="grow">
                <strong>{move || (unsaved.get() > 0).then(|| [&count(unsaved.get() as u64, "field"), " modified"].concat())}</strong>
                " "
                {move || consequence.get().map(|text| view! { <span class="sub">{text}</span> })}
                {move || closed.get().then(|| view! { <p class="sub">"Saved with a connection only. Your edits are kept."</p> })}
                {move || waiting(form, &waits.get())}
                {move || failure.get().map(|text| view! { <p class="failure" role="alert">{text}</p> })}
                {move || trouble.get().map(|text| view! { <p class="failure" role="status">{text}</p> })}
                {move || fleeting.get().then(|| view! { <p class="sub small">"This browser may clear drafts when it runs short of room."</p> })}
            </div>
            <Button on_press=discard disabled=Signal::derive(move || saving.get() || none.get())>
                "Discard"
            </Button>
            <Button kind="submit" class="primary" busy=busy disabled=nothing>
                {move || if busy.get() { "Saving…" } else { "SAVE" }}
                " "
                <kbd aria-hidden="true">"Ctrl S"</kbd>
            </Button>
        </div>
    }
}

fn follow_keyboard(idle: Memo<bool>) {
    Effect::new(move || {
        let listener = window_event_listener(ev::focusin, move |_| {
            if idle.try_get_untracked() == Some(false) {
                show_focused();
            }
        });
        on_cleanup(|| listener.remove());
    });
}

/// Whoever pressed one of its buttons is not left nowhere once it is gone; what is typed into is not behind it once it is there.
fn follow_focus(idle: Memo<bool>) {
    Effect::new(move |before: Option<bool>| {
        let now = idle.get();
        let inside = || document().active_element().is_some_and(|element| matches!(element.closest(".savebar"), Ok(Some(_))));
        if before == Some(false) && now && inside() {
            focus("main");
        } else if before != Some(now) && !now && !inside() {
            set_timeout(show_focused, Duration::from_millis(30));
        }
        now
    });
}

/// Scrolls what has the focus to where the bar does not cover it; browsers leave it where any of it can be seen.
fn show_focused() {
    let within = |element: &web_sys::Element, what| matches!(element.closest(what), Ok(Some(_)));
    if let Some(focused) = document().active_element().filter(|element| within(element, "main") && !within(element, ".savebar")) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        focused.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Where the newest SAVE stands, where it did not simply go through.
fn waiting(form: FormHandle, waits: &Waits) -> AnyView {
    let signed_out = with_standing(|standing| standing.signed_out);
    let fields = count(waits.fields as u64, "field");
    let line = |text: String| view! { <p class="waits" role="status">{text}</p> }.into_any();
    match (waits.status, &waits.hold) {
        (Status::Waiting | Status::Sent, _) if signed_out => view! {
            <p class="waits" role="status">
                "Waiting to be saved: " {fields} ". You are signed out; your edits are kept. "
                <button type="button" class="linkish" on:click=move |_| offline::ask_sign_in(true)>
                    "Sign in"
                </button>
            </p>
        }
        .into_any(),
        (Status::Waiting | Status::Sent, _) if form.parts().saving.get() => ().into_any(),
        (Status::Waiting | Status::Sent, _) if !form.parts().key.target.queues() => {
            line("No answer came: whether it is saved is not known. SAVE asks again.".into())
        }
        (Status::Waiting | Status::Sent, _) => {
            let why = if with_standing(|standing| standing.unreached) {
                "It goes out when the server is reached."
            } else {
                "It is sent again by itself."
            };
            line(["Waiting to be saved: ", &fields, ". ", why].concat())
        }
        (Status::NeedsChoice, _) => view! {
            <p class="waits" role="alert">
                "Needs your choice: somebody else saved the same meanwhile. "
                <button type="button" class="linkish" on:click=move |_| form.ask_conflicts()>
                    "Choose"
                </button>
            </p>
        }
        .into_any(),
        (Status::Refused, Some(Hold::Refused { why, .. })) if form.parts().failure.get().is_none() => {
            line(if why.is_empty() { "Not saved: see the marked fields.".to_owned() } else { ["Not saved. ", why].concat() })
        }
        (Status::Gone, Some(Hold::Gone { name, by, at })) => gone(form.parts().thing, name, by, *at),
        (Status::TooOld, _) => {
            line("These edits waited for more than 90 days and are not sent by themselves any more. SAVE sends what differs.".into())
        }
        (Status::SignedOut, _) => line("You signed out before these edits were saved. SAVE sends them now.".into()),
        (Status::Idle | Status::Refused | Status::Gone, _) => ().into_any(),
    }
}

fn gone(thing: &'static str, name: &str, by: &str, at: i64) -> AnyView {
    let who = match (name, by) {
        ("", _) => ["This ", thing, " is not there any more, or not yours to see"].concat(),
        (name, "") => [name, " was deleted"].concat(),
        (name, by) => [by, " deleted ", name].concat(),
    };
    view! {
        <p class="waits" role="alert">
            "Not saved. " {who} {(at > 0).then(|| view! { " " <Time at=at /> })}
            ". Your edits are kept here, to read and copy; they can be saved once it is there again: Activity restores it for 30 days."
        </p>
    }
    .into_any()
}
