//! The app's pages and server functions, with what they may know of the request.

use super::Web;
use crate::wiring::Caller;
use app::{
    Site,
    request::{ClientAddress, PageTitle, RequestOrigin},
    shell,
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_router::{Method, SsrMode};
use std::sync::Arc;
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Functions under `/api`, and everywhere else the pages, among them the one that says there is nothing. They are rendered whole before
/// they are sent (`SsrMode::Async`): so the HTTP status is that of the page, and nothing streams behind it. Packed on the way out, by a level
/// that costs a millisecond: what is packed as small as can be are the files of the build.
pub fn routes(web: &Web) -> Router<Web> {
    let context = context(web);
    let page = |path: &str| AxumRouteListing::new(path.to_owned(), SsrMode::Async, [Method::Get], Vec::new());
    Router::new()
        .leptos_routes_with_context(web, vec![page("/"), page("/{*page}")], context, shell)
        .route("/api/{*function}", any(no_such_function))
        .layer(from_fn_with_state(Arc::<str>::from(web.site.early()), fill_head))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(5)))
}

/// What the head holds until the page has given itself a title.
const UNTITLED: &str = "<title>Seatline</title>";

/// Writes into the page's head the title, for those who read the document before its script is alive, or never run it, and what runs
/// before the first paint.
async fn fill_head(State(early): State<Arc<str>>, mut request: Request, next: Next) -> Response {
    let title = PageTitle::default();
    request.extensions_mut().insert(title.clone());
    let (parts, body) = next.run(request).await.into_parts();
    let is_page = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return Response::from_parts(parts, body);
    }
    // Rendered whole already: nothing is waited for here that was not waited for before.
    let Ok(page) = body.collect().await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let page = String::from_utf8_lossy(&page.to_bytes()).replacen(app::EARLY, &early, 1);
    Response::from_parts(parts, Body::from(titled(&page, &title.get())))
}

fn titled(page: &str, title: &str) -> String {
    if title.is_empty() {
        return page.to_owned();
    }
    let text = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    page.replacen(UNTITLED, &format!("<title>{text}</title>"), 1)
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
        if let Some(title) = parts.extensions.get::<PageTitle>() {
            provide_context(title.clone());
        }
        provide_context(parts.extensions.get::<Option<Caller>>().cloned().flatten());
    }
}

/// A function of another version: a tab that was left open over an upgrade asks for it.
async fn no_such_function() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/json")], "{\"Problem\":\"not_found\"}").into_response()
}
