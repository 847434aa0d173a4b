//! A page's data: awaited once per question, an error shown as a page, then held in a signal that the page updates itself.

use super::ErrorPage;
use crate::api::ApiError;
use leptos::prelude::*;

/// Shown while a page's data is on its way; appears late, so that a quick answer does not flicker.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <p class="loading" role="status">
            "Loading…"
        </p>
    }
}

/// Shows `page` with the data of `resource`; made anew when the resource was asked something else.
pub fn loaded<T>(resource: Resource<Result<T, ApiError>>, page: fn(T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(data) => page(data),
                    Err(error) => view! { <ErrorPage error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
