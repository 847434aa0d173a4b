//! A page that is none, and leads on to another.

use crate::guard::guarded_replace;
use leptos::prelude::*;

/// Goes to `path`: by HTTP while the server renders; in the browser in the place of the current entry of the history, so that a step
/// back does not lead here again.
#[component]
pub fn Elsewhere(#[prop(into)] path: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&path);
    Effect::new(move || guarded_replace(path.clone()));
}
