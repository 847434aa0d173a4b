//! `GET /live/{account},{account}…?after={seq}`: the live stream of accounts as server-sent events, one for all that a browser shows. It ends
//! with the session, a role or the server.
//! A browser that reconnects by itself asks for the same address again; its `Last-Event-ID` is newer.

use crate::http::Web;
use axum::{
    Extension, Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response, Sse, sse},
    routing::get,
};
use domain::{EventKind, Problem, view::Live};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use service::{Caller, LiveFeed, Told};
use std::{convert::Infallible, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often it is asked whether the watcher may still watch, and whether the command line wrote something.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// Routes that are not pages, functions or files. They run behind all middleware; `Option<Caller>` is an extension.
pub fn routes() -> Router<Web> {
    Router::new().route("/live/{accounts}", get(live))
}

#[derive(Deserialize)]
struct After {
    /// The last number that the browser has.
    after: Option<i64>,
}

async fn live(
    State(web): State<Web>,
    Extension(caller): Extension<Option<Caller>>,
    Path(accounts): Path<String>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Response {
    let Some(caller) = caller else { return refused(StatusCode::UNAUTHORIZED, Problem::SignedOut) };
    let after = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()).or(after);
    let Ok(accounts) = accounts.split_terminator(',').map(str::parse).collect() else {
        return refused(StatusCode::NOT_FOUND, Problem::NotFound);
    };
    let feed = match web.service.live(&caller, accounts, after).await {
        Ok(feed) => feed,
        Err(Problem::NotFound) => return refused(StatusCode::NOT_FOUND, Problem::NotFound),
        Err(problem) => return refused(StatusCode::INTERNAL_SERVER_ERROR, problem),
    };
    let watch = Watch { feed, stop: web.stop.clone(), ask: tokio::time::interval(ASK_EVERY) };
    let events = futures::stream::unfold(watch, next);
    let mut response = Sse::new(events).keep_alive(sse::KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn refused(status: StatusCode, problem: Problem) -> Response {
    (status, Json(app::api::ApiError::Problem(problem))).into_response()
}

struct Watch {
    feed: LiveFeed,
    stop: CancellationToken,
    ask: tokio::time::Interval,
}

async fn next(mut watch: Watch) -> Option<(Result<sse::Event, Infallible>, Watch)> {
    loop {
        let message = tokio::select! {
            () = watch.stop.cancelled() => return None,
            _ = watch.ask.tick() => {
                if !watch.feed.is_allowed().await {
                    return None;
                }
                watch.feed.look();
                continue;
            }
            message = watch.feed.next() => message?,
        };
        let Told { seq, account, live } = message;
        if ends_somebody(&live) && !watch.feed.is_allowed().await {
            return None;
        }
        let Ok(json) = serde_json::to_string(&live) else { continue };
        let account = account.map_or_else(String::new, |account| account.to_string());
        return Some((Ok(sse::Event::default().id(seq.to_string()).data(format!("{account} {json}"))), watch));
    }
}

/// After these it is asked at once.
fn ends_somebody(live: &Live) -> bool {
    let Live::Event(event) = live else { return false };
    matches!(
        event.kind,
        EventKind::SignedOut | EventKind::OperatorRemoved | EventKind::OperatorRoleChanged | EventKind::OperatorPasswordChanged
    )
}
