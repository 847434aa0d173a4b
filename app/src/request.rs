//! What the server tells the pages about the request they answer, through Leptos' context. HTTP's side only.

use http::{HeaderMap, HeaderValue, header};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// The address of the browser: of the peer, or what a trusted proxy forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The title that a page gives itself while it is rendered. The head stands before it by then: HTTP's side writes it there.
#[derive(Clone, Debug, Default)]
pub struct PageTitle(Arc<Mutex<String>>);

impl PageTitle {
    pub(crate) fn set(&self, title: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = title;
    }

    /// Empty: the page gave itself none.
    pub fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How the browser reaches this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOrigin {
    /// Reached over https, by us or by a trusted proxy, or by what `--public-url` says.
    pub https: bool,
    /// `scheme://host[:port]` as the browser sees it; the host is the browser's word unless `--public-url` is given.
    pub origin: String,
    /// The host of `origin` without port, brackets kept on IPv6.
    pub host: String,
}

impl RequestOrigin {
    /// Browsers give clipboard, Web Locks, service workers and the like to https and to localhost only.
    pub fn is_secure_context(&self) -> bool {
        self.https || matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]") || self.host.ends_with(".localhost")
    }

    /// The session cookie for this origin.
    pub fn cookie(&self) -> Cookie {
        Cookie { https: self.https, what: Holds::Session }
    }

    /// The cookie by which a browser is known where its operator signed in before; it outlives the session.
    pub fn known_cookie(&self) -> Cookie {
        Cookie { https: self.https, what: Holds::KnownBrowser }
    }
}

/// What a cookie holds the token of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Session,
    KnownBrowser,
}

/// A cookie: `seatline` for the session, `seatline-known`; with `__Host-` under https; `HttpOnly`, `SameSite=Lax`, `Path=/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Whether the browser talks https to us.
    https: bool,
    what: Holds,
}

impl Cookie {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match (self.what, self.https) {
            (Holds::Session, true) => "__Host-seatline",
            (Holds::Session, false) => "seatline",
            (Holds::KnownBrowser, true) => "__Host-seatline-known",
            (Holds::KnownBrowser, false) => "seatline-known",
        }
    }

    /// The token that the browser sent, if any.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == self.name() && !value.is_empty()).then_some(value))
    }

    /// The `Set-Cookie` that hands the token out, until `max_age` seconds from now. `None` when the token holds what a cookie cannot.
    pub fn set(self, token: &str, max_age: u64) -> Option<HeaderValue> {
        let plain = token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
        let mut value =
            plain.then(|| HeaderValue::from_str(&format!("{}={token}; Max-Age={max_age}{}", self.name(), self.attributes())))?.ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The `Set-Cookie` that takes it back.
    pub fn clear(self) -> HeaderValue {
        HeaderValue::from_str(&format!("{}=; Max-Age=0{}", self.name(), self.attributes())).expect("name and attributes are plain ASCII")
    }

    fn attributes(self) -> &'static str {
        if self.https { "; Path=/; HttpOnly; SameSite=Lax; Secure" } else { "; Path=/; HttpOnly; SameSite=Lax" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_https_is_bound_to_the_host() {
        let cookie = Cookie { https: true, what: Holds::Session };
        assert_eq!(cookie.set("abc", 60).unwrap(), "__Host-seatline=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(cookie.clear(), "__Host-seatline=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(cookie.set("a;b", 60), None);
    }

    #[test]
    fn only_the_cookie_of_the_own_scheme_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; seatline=plain"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-seatline=safe"));
        headers.append(header::COOKIE, HeaderValue::from_static("seatline-known=before"));
        let read = |https, what, headers: &HeaderMap| Cookie { https, what }.read(headers).map(str::to_owned);
        assert_eq!(read(false, Holds::Session, &headers).as_deref(), Some("plain"));
        assert_eq!(read(true, Holds::Session, &headers).as_deref(), Some("safe"));
        assert_eq!(read(false, Holds::KnownBrowser, &headers).as_deref(), Some("before"));
        assert_eq!(read(true, Holds::KnownBrowser, &headers), None);
        assert_eq!(read(true, Holds::Session, &HeaderMap::new()), None);
    }

    #[test]
    fn localhost_is_a_secure_context_without_https() {
        let origin = |https, host: &str| RequestOrigin { https, origin: String::new(), host: host.into() };
        assert!(origin(false, "[::1]").is_secure_context());
        assert!(origin(true, "seats.example").is_secure_context());
        assert!(!origin(false, "seats.example").is_secure_context());
    }
}
