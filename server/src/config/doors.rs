//! The ways in for phones beside UDP and TCP: `--sip-tls-listen`, `--sip-ws-listen`, `--sip-wss-listen`, and the certificate for them.

use super::{TlsFiles, address, pair};
use crate::{cli::Options, failure::Failure};
use std::net::SocketAddr;

/// Where phones are served besides UDP and TCP; each only where it was asked for.
#[derive(Clone, Debug, Default)]
pub struct SipDoors {
    pub tls: Option<SocketAddr>,
    pub ws: Option<SocketAddr>,
    pub wss: Option<SocketAddr>,
    /// There whenever `tls` or `wss` is.
    pub files: Option<TlsFiles>,
}

impl SipDoors {
    /// `https` is the certificate of the pages, which phones are shown where they have none of their own.
    pub(super) fn new(options: &Options, https: Option<&TlsFiles>) -> Result<Self, Failure> {
        let at = |option: &str, text: &Option<String>| text.as_deref().map(|text| address(option, text)).transpose();
        let own = pair(("--sip-tls-cert", options.sip_tls_cert.clone()), ("--sip-tls-key", options.sip_tls_key.clone()))?;
        let tls = at("--sip-tls-listen", &options.sip_tls_listen)?;
        let ws = at("--sip-ws-listen", &options.sip_ws_listen)?;
        let wss = at("--sip-wss-listen", &options.sip_wss_listen)?;
        let wants = [("--sip-tls-listen", tls), ("--sip-wss-listen", wss)].into_iter().find_map(|(option, at)| at.map(|_| option));
        let files = match wants {
            None if own.is_some() => {
                return Err(Failure::new("--sip-tls-cert serves nobody without --sip-tls-listen or --sip-wss-listen"));
            }
            None => None,
            Some(option) => Some(own.or_else(|| https.cloned()).ok_or_else(|| {
                Failure::new(format!("{option} wants a certificate: --sip-tls-cert and --sip-tls-key, or --tls-cert and --tls-key"))
            })?),
        };
        Ok(Self { tls, ws, wss, files })
    }

    /// Every address with the option that named it.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        let all = [("--sip-tls-listen", self.tls), ("--sip-ws-listen", self.ws), ("--sip-wss-listen", self.wss)];
        all.into_iter().filter_map(|(option, at)| at.map(|at| (option, at)))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::config;

    const FILES: [&str; 4] = ["--tls-cert", "c.pem", "--tls-key", "k.pem"];

    #[test]
    fn phones_take_the_certificate_of_the_pages_or_their_own() {
        let with = |more: &[&str]| config(&[&FILES[..], &["--sip-tls-listen", "0.0.0.0:5061"], more].concat()).unwrap().sip_doors;
        assert_eq!(with(&[]).files.unwrap().cert.to_str(), Some("c.pem"));
        assert_eq!(with(&["--sip-tls-cert", "p.pem", "--sip-tls-key", "q.pem"]).files.unwrap().key.to_str(), Some("q.pem"));
        assert!(config(&FILES).unwrap().sip_doors.files.is_none(), "none wanted, none read");
    }

    #[test]
    fn what_can_not_serve_is_named() {
        let said = |args: &[&str]| config(args).unwrap_err();
        assert!(said(&["--sip-wss-listen", "0.0.0.0:8443"]).starts_with("--sip-wss-listen wants a certificate"));
        assert!(said(&["--sip-tls-listen", "5061"]).contains("--sip-tls-listen: 5061 is not an address"));
        assert!(said(&["--sip-ws-listen", "x:1"]).contains("--sip-ws-listen: x:1 is not an address"));
        assert!(said(&["--sip-tls-cert", "p.pem"]).contains("--sip-tls-cert and --sip-tls-key belong together"));
        assert!(said(&["--sip-tls-cert", "p.pem", "--sip-tls-key", "q.pem"]).contains("serves nobody without"));
        assert!(config(&["--sip-ws-listen", "127.0.0.1:8080"]).is_ok(), "a WebSocket alone needs none");
        assert_eq!(
            said(&["--listen", "127.0.0.1:8080", "--sip-ws-listen", "127.0.0.1:8080"]),
            "--sip-ws-listen and --listen can't both be 127.0.0.1:8080"
        );
        assert!(config(&["--listen", "127.0.0.1:0", "--sip-ws-listen", "127.0.0.1:0"]).is_ok(), "any port is not the same port");
        assert!(said(&["--demo", "--sip-ws-listen", "0.0.0.0:8080"]).contains("this machine only"));
    }
}
