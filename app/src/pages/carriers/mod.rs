//! Carriers: list and edit.

use leptos::prelude::*;

#[component]
pub fn Carriers() -> impl IntoView {}

#[component]
pub fn NewCarrier() -> impl IntoView {}

#[component]
pub fn Carrier() -> impl IntoView {}
