//! The headers that every answer carries.

use app::request::RequestOrigin;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue,
    header::{self, HeaderMap},
};

/// On every answer, whatever it is.
const ALWAYS: [(HeaderName, &str); 6] = [
    // Types are what we say they are.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses hold account ids: other sites don't see them.
    (header::REFERRER_POLICY, "same-origin"),
    // No window of another site holds a handle on ours.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // No page of another site embeds our answers.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // For browsers that don't know frame-ancestors.
    (header::X_FRAME_OPTIONS, "DENY"),
    // Nothing here uses the devices of the machine.
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()"),
];

/// Where the answer did not say it better.
const DEFAULT: [(HeaderName, &str); 2] = [
    // Pages bring their own; nothing else may run or load anything.
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    // Pages and answers belong to a session: a shared computer's Back button must not show them.
    (header::CACHE_CONTROL, "no-store"),
];

/// Sets them.
pub async fn set(request: Request, next: Next) -> Response {
    let https = request.extensions().get::<RequestOrigin>().is_some_and(|origin| origin.https);
    let mut response = next.run(request).await;
    put(response.headers_mut(), https);
    response
}

fn put(headers: &mut HeaderMap, https: bool) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in DEFAULT {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_answer_says_itself_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        put(&mut headers, true);
        assert_eq!(headers[header::CACHE_CONTROL], "public");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
    }

    #[test]
    fn plain_http_promises_no_https() {
        let mut headers = HeaderMap::new();
        put(&mut headers, false);
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
