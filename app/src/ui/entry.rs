//! Simple labelled inputs. The browser holds the text (what is typed before the page is alive stays), and it is read when it is sent.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, HtmlInputElement};

/// A labelled text input. Read it with [`input_value`] by its `id`.
#[component]
pub fn Entry(
    id: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    /// What stands there at first.
    #[prop(optional, into)]
    value: String,
    /// Empty: none.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] inputmode: Option<&'static str>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (error.with(Option::is_some), hint.is_empty()) {
            (true, true) => Some(error_id.clone()),
            (true, false) => Some(format!("{error_id} {hint_id}")),
            (false, false) => Some(hint_id.clone()),
            (false, true) => None,
        }
    };
    view! {
        <div class="entry">
            <label for=id>{label}</label>
            <input
                id=id
                type=kind
                value=value
                autocomplete=autocomplete
                autofocus=autofocus
                inputmode=inputmode
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
            {move || error.get().map(|text| view! { <p class="err" id=error_id.clone()>{text}</p> })}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// A labelled check box that asks at once.
#[component]
pub fn Check(
    #[prop(into)] label: String,
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || on.get()
                checked=on.get_untracked()
                disabled=move || disabled.get()
                on:change=move |ev| on_change.run(event_target_checked(&ev))
            />
            <span>{label}</span>
        </label>
    }
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// What stands in the input `id`; empty where there is none.
pub fn input_value(id: &str) -> String {
    input(id).map(|input| input.value()).unwrap_or_default()
}

/// Whether the box `id` is ticked.
pub fn is_checked(id: &str) -> bool {
    input(id).is_some_and(|input| input.checked())
}

/// Writes into the input `id`.
pub fn set_input_value(id: &str, value: &str) {
    if let Some(input) = input(id) {
        input.set_value(value);
    }
}

/// Moves the focus to the element `id` and leaves the page scrolled as it is.
pub fn focus_in_place(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = element.focus_with_options(&still);
    }
}

/// Moves the focus to the element `id`.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
