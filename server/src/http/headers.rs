//! The headers that every answer carries.

use app::request::RequestOrigin;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue,
    header::{self, HeaderMap},
};

/// On every answer, whatever it is.
const ALWAYS: [(HeaderName, &str); 2] = [
    // Types are what we say they are.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // No page of another site embeds our answers.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// On whatever a browser could show as a page. Scripts, styles, wasm and our own icon are none, and nothing in them acts: there these would be
/// bytes that nobody reads.
const SHOWN: [(HeaderName, &str); 4] = [
    // Addresses hold account ids: other sites don't see them.
    (header::REFERRER_POLICY, "same-origin"),
    // No window of another site holds a handle on ours.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // For browsers that don't know frame-ancestors.
    (header::X_FRAME_OPTIONS, "DENY"),
    // Nothing here uses the devices of the machine.
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()"),
];

/// Where the page did not bring its own: nothing may run or load anything.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Where the answer did not say it better: pages and answers belong to a session, and a shared computer's Back button must not show them.
const UNKEPT: &str = "no-store";

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
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(UNKEPT));
    if !is_code(headers) {
        for (name, value) in SHOWN {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

fn is_code(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    [&b"text/css"[..], b"text/javascript", b"application/wasm", b"image/svg+xml"].iter().any(|code| kind.starts_with(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_styles_and_wasm_carry_what_counts_for_them() {
        for (kind, code) in
            [("text/javascript; charset=utf-8", true), ("application/wasm", true), ("image/svg+xml", true), ("text/html", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            put(&mut headers, false);
            assert_eq!(headers.contains_key(header::CONTENT_SECURITY_POLICY), !code, "{kind}");
            assert_eq!(headers.contains_key(header::X_FRAME_OPTIONS), !code, "{kind}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        }
    }

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
