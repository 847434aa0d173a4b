//! A page that is left open keeps no session from ending.

use super::House;
use app::api::UNATTENDED;
use axum::body::Body;
use domain::HOUR;
use http::{Request, StatusCode, header};
use std::sync::atomic::Ordering;

impl House {
    /// A request eleven hours after the last one: what it is told.
    async fn later(&self, request: http::request::Builder) -> StatusCode {
        self.clock.0.fetch_add(11 * HOUR, Ordering::SeqCst);
        let request = request
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, format!("seatline={}", self.viewer));
        // A stream has no end: its head is enough.
        tower::ServiceExt::oneshot(self.router.clone(), request.body(Body::from("{}")).unwrap()).await.unwrap().status()
    }
}

#[tokio::test]
async fn what_somebody_asks_keeps_a_session_and_what_a_page_asks_by_itself_does_not() {
    let me = || Request::post("/api/me");
    let house = House::new().await;
    for _ in 0..3 {
        assert_eq!(house.later(me()).await, StatusCode::OK);
    }
    assert_eq!(house.later(me().header(UNATTENDED, "1")).await, StatusCode::OK);
    assert_eq!(house.later(me()).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_live_stream_keeps_no_session() {
    let house = House::new().await;
    assert_eq!(house.later(Request::get(format!("/live/{}", house.account))).await, StatusCode::OK);
    assert_eq!(house.later(Request::post("/api/me")).await, StatusCode::UNAUTHORIZED);
}
