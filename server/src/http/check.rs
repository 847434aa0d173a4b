//! For whoever watches the server: does the process live, does its database answer.

use super::Web;
use axum::extract::State;
use http::StatusCode;

/// The process answers.
pub async fn health() -> &'static str {
    "alive\n"
}

/// The database answers too.
pub async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    if web.stop.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "ending\n")
    } else if web.service.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}
