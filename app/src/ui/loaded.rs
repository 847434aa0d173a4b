//! A page's data: awaited once per question, an error shown as a page, then held in a signal that the page updates itself.

use super::{
    ErrorPage,
    asked::{Answers, Asked},
};
use crate::{
    api::{Answer, ApiError},
    live::made_as_of,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Shown while a page's data is on its way; appears late, so that a quick answer does not flicker.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <p class="loading" role="status">
            "Loading…"
        </p>
    }
}

/// Shows `page` with the data that was asked for, or the error as a page; made anew when something else is asked.
pub fn loaded<T: DeserializeOwned + 'static>(asked: Asked<T>, page: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
    answered(asked, move |answer| match answer {
        Ok(data) => page(data),
        Err(error) => view! { <ErrorPage error=error /> }.into_any(),
    })
}

/// Shows what `page` makes of the answer, of an error too.
pub fn answered<T: DeserializeOwned + 'static>(
    asked: Asked<T>,
    page: impl Fn(Result<T, ApiError>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show(asked, || view! { <Loading /> }.into_any(), Arc::new(move |answer| page(answer.read())))
}

/// The same, and nothing at all while the answer is on its way.
pub fn answered_quietly<T: DeserializeOwned + 'static>(
    asked: Asked<T>,
    page: impl Fn(Result<T, ApiError>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show(asked, || ().into_any(), Arc::new(move |answer| page(answer.read())))
}

fn show<T>(asked: Asked<T>, waiting: fn() -> AnyView, page: Arc<dyn Fn(Answer) -> AnyView + Send + Sync>) -> AnyView {
    shown(asked.answers, asked.as_of, waiting, page)
}

/// For all types, and so compiled once.
#[inline(never)]
fn shown(
    answers: Answers,
    as_of: StoredValue<u32>,
    waiting: fn() -> AnyView,
    page: Arc<dyn Fn(Answer) -> AnyView + Send + Sync>,
) -> AnyView {
    view! {
        <Transition fallback=waiting>
            {move || {
                let page = Arc::clone(&page);
                Suspend::new(async move {
                    let answer = answers.await;
                    made_as_of(as_of.try_get_value().unwrap_or_default(), || page(answer))
                })
            }}
        </Transition>
    }
    .into_any()
}
