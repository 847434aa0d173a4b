//! One seat with its devices.

use leptos::prelude::*;

#[component]
pub fn Seat() -> impl IntoView {}
