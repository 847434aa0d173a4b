//! `--public-url`: the origin that browsers use.

use crate::failure::Failure;
use std::str::FromStr;

/// An origin of http or https, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    pub https: bool,
    /// `scheme://host[:port]` in lower case, without a default port: as browsers write `Origin`.
    pub origin: String,
    /// The host, brackets kept on IPv6.
    pub host: String,
}

impl FromStr for PublicUrl {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("--public-url: {text} is not an address such as https://seats.example.com"));
        let uri: http::Uri = text.parse().map_err(|_| wrong())?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?.to_ascii_lowercase();
        if uri.path() != "/" || uri.query().is_some() || text.contains('@') {
            return Err(wrong());
        }
        let port = uri.port_u16().filter(|port| *port != if https { 443 } else { 80 });
        let scheme = if https { "https" } else { "http" };
        let origin = port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"));
        Ok(Self { https, origin, host })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_becomes_what_browsers_send() {
        let origin = |text: &str| text.parse::<PublicUrl>().unwrap().origin;
        assert_eq!(origin("https://Seats.Example.com:443/"), "https://seats.example.com");
        assert_eq!(origin("http://seats.example.com:8080"), "http://seats.example.com:8080");
    }

    #[test]
    fn paths_names_and_other_schemes_are_refused() {
        for text in ["https://a.example/seats", "https://u@a.example", "ftp://a.example", "a.example", "https://"] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
