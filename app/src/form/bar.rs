//! The save bar: how many fields are modified, what saving does to the phone, Discard and SAVE.

use super::FormHandle;
use crate::ui::{Button, announce, count};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// At the foot of the page while something is modified.
#[component]
pub fn SaveBar(
    form: FormHandle,
    /// What saving does beside storing, in a sentence.
    #[prop(optional, into)]
    consequence: Signal<Option<String>>,
) -> impl IntoView {
    let modified = form.modified_count();
    // Hidden rather than made anew: the first key of an edit must not wait for it.
    let idle = Memo::new(move |_| modified.get() == 0 && form.parts().failure.with(Option::is_none));
    let discard = Callback::new(move |()| {
        form.discard();
        announce("Changes discarded.");
    });
    let none = Signal::derive(move || modified.get() == 0);
    view! {
        <div class="savebar" role="region" aria-label="Unsaved changes" hidden=move || idle.get()>
            <div class="grow">
                <strong>{move || [&count(modified.get() as u64, "field"), " modified"].concat()}</strong>
                " "
                {move || consequence.get().map(|text| view! { <span class="sub">{text}</span> })}
                {failure(form)}
            </div>
            <Button on_press=discard disabled=form.parts().saving>
                "Discard"
            </Button>
            <Button kind="submit" class="primary" busy=form.parts().saving disabled=none>
                {move || if form.parts().saving.get() { "Saving…" } else { "SAVE" }}
                " "
                <kbd aria-hidden="true">"Ctrl S"</kbd>
            </Button>
        </div>
    }
}

fn failure(form: FormHandle) -> AnyView {
    let location = use_location();
    (move || {
        form.parts().failure.get().map(|failure| {
            let sign_in = move || format!("/sign-in?next={}", location.pathname.get());
            view! {
                <p class="failure" role="alert">
                    {failure.text}
                    {failure
                        .sign_in
                        .then(|| {
                            view! {
                                " "
                                <a href=sign_in target="_blank">
                                    "Sign in in a new tab"
                                </a>
                                ", then SAVE again."
                            }
                        })}
                </p>
            }
        })
    })
    .into_any()
}
