//! A registered phone in a list, in one line.

use crate::ui::Until;
use domain::view::BindingView;
use leptos::prelude::*;

/// From where, which phone, until when.
pub fn phone(binding: &BindingView) -> AnyView {
    let agent = binding.user_agent.as_ref().map(|agent| [" · ", agent].concat());
    let closed = (!binding.reachable).then_some(" · connection closed");
    let expires = binding.expires;
    view! { {binding.source.to_string()} {agent} {closed} " · expires in " <Until at=expires /> }.into_any()
}
