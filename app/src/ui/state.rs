//! Mark, pill, banner: how things stand, never by colour alone.

use super::Icon;
use leptos::prelude::*;

/// The green circle at what is modified.
#[component]
pub fn Mark(
    /// Small: beside a name in a list.
    #[prop(optional)]
    small: bool,
    #[prop(default = "Modified")] label: &'static str,
) -> impl IntoView {
    view! {
        <span class="mark" class:small=small role="img" aria-label=label title=label>
            <span aria-hidden="true">"!"</span>
        </span>
    }
}

/// A short state with a dot: `on`, `some`, `off`; no dot when empty.
#[component]
pub fn Pill(#[prop(optional, into)] dot: Signal<&'static str>, children: Children) -> impl IntoView {
    view! {
        <span class="pill">
            {move || {
                let dot = dot.get();
                (!dot.is_empty()).then(|| view! { <i class=format!("dot {dot}")></i> })
            }}
            {children()}
        </span>
    }
}

/// A word across the page.
#[component]
pub fn Banner(
    /// `bad`, `good`, `info`; a warning when left out.
    #[prop(optional)]
    tone: &'static str,
    /// Read out when it appears: `status`, or `alert` for what cannot wait.
    #[prop(default = "status")]
    role: &'static str,
    #[prop(default = "warn")] icon: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("banner {tone}") role=role>
            <Icon name=icon />
            {children()}
        </div>
    }
}
