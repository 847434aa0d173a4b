//! What stands before every page and function.

use crate::seatline::Seatline;

fn post(server: &Seatline, path: &str, headers: &str, body: &str) -> crate::client::Answer {
    let length = body.len();
    server.ask(&format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}",
        server.pages
    ))
}

#[test]
fn what_does_not_come_from_our_pages_is_refused() {
    let server = Seatline::start(&[]);
    let own = format!("origin: http://{}\r\n", server.pages);
    for foreign in
        ["", "origin: http://evil.example\r\n", "origin: null\r\n", "sec-fetch-site: cross-site\r\n", "sec-fetch-site: same-site\r\n"]
    {
        let answer = post(&server, "/api/nothing", foreign, "");
        assert_eq!((answer.status, answer.text().as_str()), (403, "{\"Refused\":\"ForeignOrigin\"}"), "{foreign}");
    }
    assert_eq!(post(&server, "/", "", "").status, 403, "pages too");
    for home in [own.as_str(), "sec-fetch-site: same-origin\r\n"] {
        assert_eq!(post(&server, "/api/nothing", home, "").status, 404, "{home}");
    }
}

#[test]
fn the_public_url_is_the_only_origin_when_given() {
    let server = Seatline::start(&["--public-url", "https://seats.example"]);
    assert_eq!(post(&server, "/api/nothing", "origin: https://seats.example\r\n", "").status, 404);
    assert_eq!(post(&server, "/api/nothing", &format!("origin: http://{}\r\n", server.pages), "").status, 403);
    assert!(server.get("/healthz").header("strict-transport-security").is_some());
}

#[test]
fn a_body_that_is_not_what_the_address_takes_is_refused_as_the_callers_fault() {
    let server = Seatline::start(&[]);
    for body in ["", "{", "{}", "[1]", "{\"name\":1,\"password\":\"x\"}"] {
        let answer = server.post("/api/sign_in", body);
        assert_eq!((answer.status, answer.text().as_str()), (400, "{\"Refused\":\"Unreadable\"}"), "{body}");
    }
}

#[test]
fn long_bodies_are_refused() {
    let server = Seatline::start(&[]);
    let answer = post(&server, "/api/sign_in", "sec-fetch-site: same-origin\r\n", &"x".repeat(256 * 1024 + 1));
    assert_eq!((answer.status, answer.text().as_str()), (413, "{\"Refused\":\"TooLarge\"}"));
}

#[test]
fn a_body_that_does_not_say_how_long_it_is_is_refused_once_it_is_too_long() {
    let server = Seatline::start(&[]);
    let chunked = |length: usize| {
        let body = format!("{{\"name\":\"{}\",\"password\":\"x\"}}", "n".repeat(length));
        server.ask(&format!(
            "POST /api/sign_in HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n\
             transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            server.pages,
            body.len()
        ))
    };
    let answer = chunked(256 * 1024);
    assert_eq!((answer.status, answer.text().as_str()), (413, "{\"Refused\":\"TooLarge\"}"));
    assert_eq!(chunked(200 * 1024).status, 401, "it was read");
}

#[test]
fn pages_and_answers_are_packed_as_the_browser_takes_it() {
    let server = Seatline::start(&[]);
    let get = |path: &str, accept: &str| {
        server.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\naccept-encoding: {accept}\r\n\r\n", server.pages))
    };
    let plain = get("/setup", "identity");
    assert_eq!((plain.status, plain.header("content-encoding")), (200, None));
    for (accept, coding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip")] {
        let packed = get("/setup", accept);
        assert_eq!((packed.status, packed.header("content-encoding")), (200, Some(coding)));
        assert!(packed.header("vary").unwrap().contains("accept-encoding"));
        assert!(packed.body.len() * 2 < plain.body.len(), "{} of {} bytes", packed.body.len(), plain.body.len());
    }
    let answer = server.post_with("/api/setup_state", "{}", "accept-encoding: gzip\r\n");
    assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")), "{}", answer.text());
    assert_eq!(get("/healthz", "br").header("content-encoding"), None, "a word is not worth it");
}

#[test]
fn every_answer_carries_the_headers() {
    let server = Seatline::start(&[]);
    for path in ["/", "/nowhere", "/api/nothing", "/pkg/x/y.js", "/healthz"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.header("permissions-policy").is_some(), "{path}");
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}: no https, no promise of it");
    }
}

#[test]
fn pages_let_only_their_own_scripts_run() {
    let server = Seatline::start(&[]);
    let nonce_of = |answer: &crate::client::Answer| {
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        assert!(policy.contains("'strict-dynamic' 'wasm-unsafe-eval'") && policy.contains("style-src 'self'"), "{policy}");
        policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned()
    };
    let one = server.get("/nowhere");
    assert_eq!(one.status, 404);
    let nonce = nonce_of(&one);
    let text = one.text();
    assert!(nonce.len() >= 22);
    assert_eq!(
        text.matches("<script").count(),
        text.matches(&format!("nonce=\"{nonce}\"")).count() - 2,
        "each script, and the two modules that are asked for early: {text}"
    );
    assert_ne!(nonce, nonce_of(&server.get("/nowhere")), "new for each page");
}
