//! The form element: SAVE by button, by Enter in a line of text, by Ctrl or Cmd and S.

use super::{ConflictDialog, FormHandle, Notes};
use crate::{
    guard::{self, Leaving, Saving},
    offline,
    ui::{Banner, Button},
};
use leptos::{ev, prelude::*};

/// A form with its guard, its notes and its conflict dialog around `children`.
#[component]
pub fn FormBody(
    form: FormHandle,
    /// Whose fields they are, for the guard's question.
    #[prop(into)]
    name: Signal<String>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    guard::register(Leaving {
        modified: form.unsaved_count(),
        name,
        hidden: Callback::new(move |()| form.hidden_edits()),
        keeps: Callback::new(move |()| form.kept()),
        save: Some(Callback::new(move |()| -> Saving { Box::pin(form.save(false)) })),
        lose: Callback::new(move |()| form.discard()),
    });
    save_by_key(form);
    view! {
        <form
            class=class
            autocomplete="off"
            novalidate=true
            // What keeps drafts is there by the time that something is typed.
            on:focusin=move |_| offline::prepare()
            on:submit=move |ev| {
                ev.prevent_default();
                form.save_now();
            }
        >
            <Notes form=form />
            <SecretLost form=form />
            {children()}
        </form>
        <ConflictDialog form=form />
    }
}

fn save_by_key(form: FormHandle) {
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |ev| {
            let save = (ev.ctrl_key() || ev.meta_key()) && !ev.alt_key() && !ev.shift_key() && ev.key().eq_ignore_ascii_case("s");
            if !save || form.read_only {
                return;
            }
            // Also with a dialog open: the browser's own "save page" would only be in the way.
            ev.prevent_default();
            if document().query_selector("dialog[open]").ok().flatten().is_none() {
                form.save_now();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

#[component]
fn SecretLost(form: FormHandle) -> AnyView {
    let lost = Memo::new(move |_| form.parts().waits.with(|waits| waits.secret_lost));
    (move || {
        lost.get().then(|| {
            view! {
                <Banner>
                    <p>"Your unsaved edits are here again, but not the password that you typed: it was not kept. Type it again, or go on without."</p>
                    <Button class="small" on_press=Callback::new(move |()| form.without_secret())>
                        "Got it"
                    </Button>
                </Banner>
            }
        })
    })
    .into_any()
}
