//! The modal dialog: the native element, which holds the focus inside and gives it back.

use leptos::{html, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Opens while `open`. The focus goes to the child with `autofocus` (the safe choice), Escape asks `on_close`.
/// The children are made at each opening.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    /// Makes `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let id = StoredValue::new(super::ids::element_id("dialog"));
    // The `close` event of our own closing comes later, when it may be open again.
    let closes = StoredValue::new(false);
    // The children come and go with this one, after and before the element opens and closes.
    let filled = RwSignal::new(false);
    Effect::new(move || {
        if open.get() {
            filled.set(true);
            // A later task: the children stand by then, and the browser finds the one with `autofocus`.
            set_timeout(
                move || {
                    if let Some(dialog) = node.try_get_untracked().flatten()
                        && open.try_get_untracked() == Some(true)
                        && !dialog.open()
                    {
                        // Fails only for an element that is out of the document.
                        let _ = dialog.show_modal();
                    }
                },
                Duration::ZERO,
            );
        } else {
            if let Some(dialog) = node.get_untracked()
                && dialog.open()
            {
                closes.set_value(true);
                dialog.close();
            }
            filled.set(false);
        }
    });
    view! {
        <dialog
            node_ref=node
            class:wide=wide
            aria-labelledby=move || filled.get().then(|| id.get_value())
            on:cancel=move |ev: web_sys::Event| {
                ev.prevent_default();
                on_close.run(());
            }
            on:close=move |_| {
                let ours = closes.try_update_value(std::mem::take) == Some(true);
                if open.get_untracked() && !ours {
                    on_close.run(());
                }
            }
        >
            {move || {
                filled
                    .get()
                    .then(|| {
                        view! {
                            <h2 id=id.get_value()>{move || title.get()}</h2>
                            {children()}
                        }
                            .into_any()
                    })
            }}
        </dialog>
    }
}

/// Gives the focus to the child of the open dialog with `autofocus`, where the calling child came after the dialog opened, which has the
/// focus itself then.
pub fn focus_safe() {
    let give = || {
        let none = document().active_element().is_none_or(|element| matches!(&*element.tag_name(), "BODY" | "DIALOG"));
        if let Ok(Some(safe)) = document().query_selector("dialog[open] [autofocus]")
            && none
        {
            // A button takes it.
            let _ = safe.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    Effect::new(move || set_timeout(give, Duration::from_millis(50)));
}
