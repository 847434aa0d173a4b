//! The app's pages and server functions, with what they may know of the request.

use super::Web;
use crate::wiring::Caller;
use app::{
    App, Site,
    request::{ClientAddress, RequestOrigin},
    shell,
};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{StatusCode, header, request::Parts};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context, render_app_to_stream_with_context};

/// Pages by their addresses, functions under `/api`, and for all else the page that says there is nothing.
pub fn routes(web: &Web) -> Router<Web> {
    let context = context(web);
    let (pages, _) = generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    Router::new()
        .leptos_routes_with_context(web, pages, context, shell)
        .route("/api/{*function}", any(no_such_function))
        .fallback(not_found)
}

/// What pages and functions find in Leptos' context: the service, the build, and of the request the caller, address and origin.
fn context(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let service = web.service.clone();
    let site = Site { hash: web.site.hash().into() };
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

async fn not_found(State(web): State<Web>, request: Request) -> Response {
    let mut response = render_app_to_stream_with_context(context(&web), shell)(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
