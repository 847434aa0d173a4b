//! The files of the build: packed as the browser likes it, cached for ever under their hash.

use crate::{client::Answer, seatline::Seatline};
use std::fs;

fn get(server: &Seatline, path: &str, accept: &str) -> Answer {
    server.ask(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept-encoding: {accept}\r\n\r\n"))
}

#[test]
fn files_are_sent_packed_typed_and_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("0123456789abcdef");
    fs::create_dir(&site).unwrap();
    for name in ["main.css", "main.css.br", "main.css.gz", "seatline_bg.wasm", "start.js"] {
        fs::write(site.join(name), name).unwrap();
    }
    let server = Seatline::start_with(&[], &[("SEATLINE_SITE", &site)]);
    let css = get(&server, "/pkg/0123456789abcdef/main.css", "gzip, deflate, br");
    assert_eq!((css.status, css.text().as_str()), (200, "main.css.br"));
    assert_eq!(css.header("content-encoding"), Some("br"));
    assert_eq!(css.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(css.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(css.header("vary"), Some("accept-encoding"));
    assert_eq!(get(&server, "/pkg/0123456789abcdef/main.css", "gzip").text(), "main.css.gz");
    let plain = get(&server, "/pkg/0123456789abcdef/main.css", "identity");
    assert_eq!((plain.text().as_str(), plain.header("content-encoding")), ("main.css", None));
    assert_eq!(get(&server, "/pkg/0123456789abcdef/seatline_bg.wasm", "br").header("content-type"), Some("application/wasm"));
    assert!(server.get("/nowhere").text().contains("/pkg/0123456789abcdef/start.js"), "pages name this build");
    for path in [
        "/pkg/fedcba9876543210/main.css",
        "/pkg/0123456789abcdef/none.css",
        "/pkg/0123456789abcdef/main.css.br",
        "/pkg/0123456789abcdef/..%2Fmain.css",
    ] {
        assert_eq!(get(&server, path, "br").status, 404, "{path}");
    }
}
