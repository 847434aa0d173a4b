//! What turns requests away before any page or function sees them, and what catches those that fail.

use app::{Refusal, api::ApiError, request::RequestOrigin};
use axum::{
    Json,
    body::Body,
    extract::Request,
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::Problem;
use futures::FutureExt;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// No form of Seatline is longer.
pub const BODY: usize = 256 * 1024;
/// How long an answer may take to begin.
const TIME: Duration = Duration::from_secs(30);

/// Cookies come along with requests that other sites' pages send: whatever may change something must come from a page of ours.
/// A request with neither header is no browser's, and refused as well.
pub async fn refuse_foreign(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let own = request.extensions().get::<RequestOrigin>().is_some_and(|own| is_own(&own.origin, request.headers()));
    if safe || own {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "refused: the request comes from another site");
    refusal(StatusCode::FORBIDDEN, Refusal::ForeignOrigin)
}

fn is_own(own: &str, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &http::HeaderValue| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        // Only the browser itself can write it.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    }
}

/// Refuses bodies that say they are too long, and cuts those that turn out to be.
pub async fn limit_body(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if length.is_some_and(|length| length > BODY) {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLarge);
    }
    // Whoever reads it only hears that it can't be read on.
    let over = Arc::new(AtomicBool::new(false));
    let found = over.clone();
    let limited = |body| {
        Body::new(Limited::new(body, BODY).map_err(move |error| {
            found.fetch_or(error.is::<LengthLimitError>(), Ordering::Relaxed);
            error
        }))
    };
    let response = next.run(request.map(limited)).await;
    if over.load(Ordering::Relaxed) { refusal(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLarge) } else { response }
}

/// Answers for what does not answer in time.
pub async fn limit_time(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if let Ok(response) = tokio::time::timeout(TIME, next.run(request)).await {
        return response;
    }
    tracing::error!(path, "no answer in time");
    failed(&path, StatusCode::SERVICE_UNAVAILABLE, Refusal::TooSlow)
}

/// A write goes on to its end also where nobody waits for its answer any more: what was committed is told to phones, jobs and other pages.
pub async fn see_through(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => resume_unwind(error.into_panic()),
    }
}

/// A bug becomes an answer without details.
pub async fn catch_panic(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(path, panic = said(&*panic), "a request met a bug");
            failed(&path, StatusCode::INTERNAL_SERVER_ERROR, Refusal::Broken)
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("?")
}

fn refusal(status: StatusCode, refusal: Refusal) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], refusal.body()).into_response()
}

/// Answers where it can't be told who asks.
pub fn unreadable(path: &str, problem: Problem) -> Response {
    if path.starts_with("/api/") {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(ApiError::Problem(problem))).into_response();
    }
    failed(path, StatusCode::SERVICE_UNAVAILABLE, Refusal::Broken)
}

fn failed(path: &str, status: StatusCode, why: Refusal) -> Response {
    if path.starts_with("/api/") {
        return refusal(status, why);
    }
    let (title, text) = match why {
        Refusal::TooSlow => ("Too slow", "The server did not finish in time."),
        _ => ("Server error", "Something went wrong on the server. Its log says what."),
    };
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title} · Seatline</title><h1>{title}</h1><p>{text}</p>\
         <p><a href=\"\">Try again</a> or <a href=\"/\">go to the start page</a>.</p></html>"
    );
    (status, Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        is_own("https://seats.example", &pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect())
    }

    #[test]
    fn only_pages_of_ours_may_change_something() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://seats.example")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://seats.example")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("origin", "https://seats.example.evil.example")]));
        assert!(!own(&[("origin", "http://seats.example")]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[]));
    }

    #[tokio::test]
    async fn a_write_goes_on_to_its_end_though_nobody_waits_for_it() {
        use axum::{Router, middleware::from_fn, routing::any};
        use tower::ServiceExt;
        let (started, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (begins, ends) = (started.clone(), done.clone());
        let work = move || async move {
            begins.store(true, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
            ends.store(true, Ordering::Relaxed);
        };
        let app = Router::new().route("/", any(work)).layer(from_fn(see_through));
        for (method, goes_on) in [(Method::GET, false), (Method::POST, true)] {
            done.store(false, Ordering::Relaxed);
            let request = http::Request::builder().method(method.clone()).uri("/").body(Body::empty()).unwrap();
            assert!(tokio::time::timeout(Duration::from_millis(30), app.clone().oneshot(request)).await.is_err());
            assert!(started.swap(false, Ordering::Relaxed));
            let begun = std::time::Instant::now();
            while begun.elapsed() < if goes_on { Duration::from_secs(20) } else { Duration::from_millis(200) }
                && !done.load(Ordering::Relaxed)
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert_eq!(done.load(Ordering::Relaxed), goes_on, "{method}");
        }
    }

    #[tokio::test]
    async fn a_bug_behind_it_is_caught_all_the_same() {
        use axum::{Router, middleware::from_fn, routing::any};
        use tower::ServiceExt;
        async fn bug() {
            panic!("on purpose");
        }
        let app = Router::new().route("/api/x", any(bug)).layer(from_fn(see_through)).layer(from_fn(catch_panic));
        let request = http::Request::builder().method(Method::POST).uri("/api/x").body(Body::empty()).unwrap();
        assert_eq!(app.oneshot(request).await.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
