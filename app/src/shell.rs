//! The HTML around the app: head, build files by their hash, and the content security policy of pages.

use crate::{App, Place, parts::Part};
use leptos::{nonce::use_nonce, prelude::*};
use std::{collections::BTreeMap, sync::Arc};

/// Which build of the browser's files the server serves: they lie under `/pkg/<hash>/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The build hash, a path segment.
    pub hash: Arc<str>,
    /// The files that a part of the pages wants beside the main one, by the part's name.
    pub parts: Arc<BTreeMap<String, Vec<String>>>,
}

impl Site {
    /// The address of a file of the build, such as `main.css`.
    pub fn url(&self, file: &str) -> String {
        format!("/pkg/{}/{file}", self.hash)
    }

    /// What the page at this path loads beside the main file: its browser asks for it before the script does.
    fn wanted(&self, path: &str) -> Vec<String> {
        let part = Part::of(Place::parse(path)).and_then(|part| self.parts.get(part.name()));
        part.into_iter().flatten().map(|file| self.url(file)).collect()
    }
}

/// Stands where the text of `early.js` goes, which HTTP's side writes there: what runs before the first paint waits for no file of its own.
pub const EARLY: &str = "/*early*/";

/// Renders the whole document on the server. Wants a [`Site`] in the context.
pub fn shell() -> impl IntoView {
    let site = use_context::<Site>().expect("the server provides the site to each page");
    let nonce = use_nonce();
    #[cfg(feature = "ssr")]
    if let Some(nonce) = &nonce {
        set_policy(nonce);
    }
    let wanted = site.wanted(&path());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Seatline"</title>
                <link rel="icon" href=site.url("icon.svg") type="image/svg+xml" />
                <script nonce=nonce.clone()>{EARLY}</script>
                <link rel="stylesheet" href=site.url("main.css") />
                <link rel="preload" href=site.url("seatline_bg.wasm") r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                {wanted.into_iter().map(|file| view! { <link rel="preload" href=file r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }).collect_view()}
                <link rel="modulepreload" href=site.url("seatline.js") nonce=nonce.clone() />
                <link rel="modulepreload" href=site.url("parts.js") nonce=nonce.clone() />
                <script type="module" src=site.url("start.js") nonce=nonce></script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The document that the service worker keeps: the application without anybody's data, which mounts itself. Its policy is
/// [`EMPTY_POLICY`], since a nonce that is kept is none.
pub fn empty(site: &Site) -> String {
    let [icon, early, styles, start] = ["icon.svg", "early.js", "main.css", "start.js"].map(|file| site.url(file));
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Seatline</title><link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\"><script src=\"{early}\"></script>\
         <link rel=\"stylesheet\" href=\"{styles}\"><script type=\"module\" src=\"{start}\"></script></head><body data-shell=\"1\"></body></html>"
    )
}

/// The policy of [`empty`]: scripts of this server alone.
pub const EMPTY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The path of the page that was asked for.
#[cfg(feature = "ssr")]
fn path() -> String {
    use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default()
}

/// The browser renders no document.
#[cfg(not(feature = "ssr"))]
fn path() -> String {
    String::new()
}

/// Scripts by nonce and what they load; everything else from here alone.
#[cfg(feature = "ssr")]
fn set_policy(nonce: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let (Some(response), Ok(policy)) = (use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(&policy)) {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
}
