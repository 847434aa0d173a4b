//! Certificates that can be exchanged while phones are connected: new handshakes take the new one, connections stay.

use parking_lot::RwLock;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// Why a certificate was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("no certificate in it")]
    Empty,
    #[error("the certificate can't be read: {0}")]
    Chain(rustls::pki_types::pem::Error),
    #[error("the private key can't be read: {0}")]
    Key(rustls::pki_types::pem::Error),
    #[error("certificate and private key can't be used: {0}")]
    Unusable(rustls::Error),
}

/// The certificate that phones are shown. Clones are the same one: keep a clone to exchange it.
#[derive(Clone)]
pub struct Certificates(Arc<Resolver>);

struct Resolver(RwLock<Arc<CertifiedKey>>);

impl Certificates {
    /// Both in PEM: the certificate with those between it and its root, and its private key.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self(Arc::new(Resolver(RwLock::new(certified(chain, key)?)))))
    }

    /// Takes another one from now on. When it can't be used, the one before stays.
    pub fn replace(&self, chain: &[u8], key: &[u8]) -> Result<(), CertificateError> {
        let next = certified(chain, key)?;
        *self.0.0.write() = next;
        Ok(())
    }

    /// TLS 1.2 and 1.3, no client certificates; each handshake shows the certificate of its moment.
    pub fn config(&self) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        Ok(builder.with_no_client_auth().with_cert_resolver(self.0.clone()))
    }

    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, rustls::Error> {
        Ok(TlsAcceptor::from(Arc::new(self.config()?)))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Also checks that the key belongs to the certificate.
fn certified(chain: &[u8], key: &[u8]) -> Result<Arc<CertifiedKey>, CertificateError> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(CertificateError::Chain)?;
    if chain.is_empty() {
        return Err(CertificateError::Empty);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(CertificateError::Key)?;
    CertifiedKey::from_der(chain, key, &provider()).map(Arc::new).map_err(CertificateError::Unusable)
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().clone())
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("made");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn what_cannot_be_used_is_refused_and_the_one_before_stays() {
        let ((chain, key), (other, _)) = (pair(), pair());
        let certificates = Certificates::from_pem(chain.as_bytes(), key.as_bytes()).expect("taken");
        let shown = || certificates.0.0.read().cert[0].to_vec();
        let before = shown();
        for (chain, key) in [("", key.as_str()), (chain.as_str(), ""), (other.as_str(), key.as_str()), ("nonsense", "nonsense")] {
            assert!(certificates.replace(chain.as_bytes(), key.as_bytes()).is_err());
            assert_eq!(shown(), before);
        }
        let (chain, key) = pair();
        certificates.clone().replace(chain.as_bytes(), key.as_bytes()).expect("taken");
        assert_ne!(shown(), before);
        assert_eq!(format!("{certificates:?}"), "Certificates(…)");
    }
}
