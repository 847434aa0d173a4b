//! The browser's files, as `cargo xtask` built them: inside a release binary, else read from the folder of the build once at start.

use super::Web;
use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    path::PathBuf,
    sync::Arc,
};

/// The build's hash, and files by name, `name.br` and `name.gz` beside `name`.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/site.rs"));
}

/// The script of the service worker, as it lies in the build.
const WORKER: &str = "sw.js";

/// A year, as long as caches take; the address changes with the content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub struct Files {
    hash: String,
    files: HashMap<String, Bytes>,
}

impl Files {
    /// Those inside the binary; without, those of `SEATLINE_SITE` or of the build beside the binary.
    pub fn load() -> Self {
        if !embedded::HASH.is_empty() {
            let files = embedded::FILES.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes))).collect();
            return Self { hash: embedded::HASH.to_owned(), files };
        }
        let found = env::var_os("SEATLINE_SITE").map(PathBuf::from).or_else(beside_binary).and_then(|dir| Self::read(&dir));
        found.unwrap_or_else(|| {
            tracing::warn!("the pages' scripts and styles are not built: run `cargo xtask site`");
            Self { hash: "none".to_owned(), files: HashMap::new() }
        })
    }

    fn read(dir: &std::path::Path) -> Option<Self> {
        let hash = dir.file_name()?.to_str()?.to_owned();
        let mut files = HashMap::new();
        for entry in fs::read_dir(dir).ok()?.flatten() {
            files.insert(entry.file_name().to_str()?.to_owned(), Bytes::from(fs::read(entry.path()).ok()?));
        }
        Some(Self { hash, files })
    }

    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Which files the parts of the pages want; nothing where the build did not say.
    pub fn parts(&self) -> BTreeMap<String, Vec<String>> {
        self.files.get("parts.json").and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default()
    }

    /// What runs before the first paint; nothing where it was not built.
    pub fn early(&self) -> String {
        self.files.get("early.js").map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default()
    }

    /// The service worker of this build: what it keeps, and then how.
    fn worker(&self) -> Option<String> {
        let script = std::str::from_utf8(self.files.get(WORKER)?).ok()?;
        // What a page loads; not the packed forms, nor what only the server reads.
        let kept = |name: &&String| ![".br", ".gz", ".json"].iter().any(|end| name.ends_with(end)) && *name != WORKER;
        let mut files: Vec<&String> = self.files.keys().filter(kept).collect();
        files.sort();
        Some(format!("const BUILD = {:?}, FILES = {files:?};\n{script}", self.hash))
    }

    /// The file in the best form that the browser takes, with that form's name.
    fn pick(&self, name: &str, headers: &HeaderMap) -> Option<(Bytes, Option<&'static str>)> {
        let plain = self.files.get(name)?;
        for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
            if accepts(headers, coding)
                && let Some(packed) = self.files.get(&format!("{name}.{suffix}"))
            {
                return Some((packed.clone(), Some(coding)));
            }
        }
        Some((plain.clone(), None))
    }
}

/// `target/debug/seatline` lies beside `target/site`, which holds the name of the current build.
fn beside_binary() -> Option<PathBuf> {
    let sites = env::current_exe().ok()?.parent()?.parent()?.join("site");
    let hash = fs::read_to_string(sites.join("current")).ok()?;
    Some(sites.join(hash.trim()))
}

/// Whether `Accept-Encoding` names the coding, and not with a quality of nought (RFC 9110, 12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let offers = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    offers.into_iter().any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        named && quality.and_then(|q| q.parse::<f32>().ok()).is_none_or(|q| q > 0.0)
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// `/sw.js`: asked for by the browser at each visit, so that a new build is seen at once.
pub async fn worker(State(web): State<Web>) -> Response {
    let Some(script) = web.site.worker() else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        // It fetches, and nothing else.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    (headers, script).into_response()
}

/// `/shell`: the page that the service worker keeps.
pub async fn shell(State(web): State<Web>) -> Response {
    let site = app::Site { hash: web.site.hash().into(), parts: Arc::default() };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, app::EMPTY_POLICY)];
    (headers, app::empty(&site)).into_response()
}

/// `/pkg/<hash>/<file>`. Another build's hash is not found: what it would get does not belong together.
pub async fn serve(State(web): State<Web>, Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let packed = [".br", ".gz"].iter().any(|suffix| name.ends_with(suffix));
    let Some((bytes, coding)) = (hash == web.site.hash && !packed).then(|| web.site.pick(&name, &headers)).flatten() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(bytes));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    out.insert(header::CACHE_CONTROL, FOREVER);
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(value: &'static str) -> HeaderMap {
        [(header::ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect()
    }

    fn files(names: &[&str]) -> Files {
        Files { hash: "h".into(), files: names.iter().map(|n| ((*n).to_owned(), Bytes::from((*n).to_owned()))).collect() }
    }

    #[test]
    fn the_smallest_form_that_the_browser_takes_is_sent() {
        let files = files(&["a.js", "a.js.br", "a.js.gz"]);
        let picked = |offer| files.pick("a.js", &offers(offer)).unwrap().1;
        assert_eq!(picked("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(picked("gzip;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(picked("identity"), None);
        assert!(files.pick("b.js", &offers("br")).is_none());
    }

    #[test]
    fn the_worker_keeps_what_pages_load() {
        let site = files(&["sw.js", "main.css", "main.css.br", "seatline.js", "parts.json", "split_seats.wasm"]);
        assert_eq!(site.worker().unwrap(), "const BUILD = \"h\", FILES = [\"main.css\", \"seatline.js\", \"split_seats.wasm\"];\nsw.js");
        assert!(files(&["main.css"]).worker().is_none());
    }

    #[test]
    fn what_was_not_packed_is_sent_plain() {
        assert_eq!(files(&["a.png"]).pick("a.png", &offers("br")).unwrap().1, None);
    }
}
