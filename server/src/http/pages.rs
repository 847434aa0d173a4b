//! The app's pages and server functions, with what they may know of the request.

use super::Web;
use crate::wiring::Caller;
use app::{
    Site,
    request::{ClientAddress, RequestOrigin},
    shell,
};
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::any,
};
use http::{StatusCode, header, request::Parts};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_router::{Method, SsrMode};

/// Functions under `/api`, and everywhere else the pages, among them the one that says there is nothing. They are rendered whole before
/// they are sent (`SsrMode::Async`): so the HTTP status is that of the page, and nothing streams behind it.
pub fn routes(web: &Web) -> Router<Web> {
    let context = context(web);
    let page = |path: &str| AxumRouteListing::new(path.to_owned(), SsrMode::Async, [Method::Get], Vec::new());
    Router::new()
        .leptos_routes_with_context(web, vec![page("/"), page("/{*page}")], context, shell)
        .route("/api/{*function}", any(no_such_function))
}

/// What pages and functions find in Leptos' context: the service, the build, and of the request the caller, address and origin.
fn context(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let service = web.service.clone();
    let site = Site { hash: web.site.hash().into(), parts: web.site.parts().into() };
    move || {
        provide_context(service.clone());
        provide_context(site.clone());
        let Some(parts) = use_context::<Parts>() else { return };
        if let Some(address) = parts.extensions.get::<ClientAddress>() {
            provide_context(*address);
        }
        if let Some(origin) = parts.extensions.get::<RequestOrigin>() {
            provide_context(origin.clone());
        }
        provide_context(parts.extensions.get::<Option<Caller>>().cloned().flatten());
    }
}

/// A function of another version: a tab that was left open over an upgrade asks for it.
async fn no_such_function() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/json")], "{\"Problem\":\"not_found\"}").into_response()
}
