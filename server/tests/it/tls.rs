//! https by our own certificate.

use crate::{
    client::{ask_on, connect},
    seatline::Seatline,
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    fs,
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

/// Clients that trust one certificate and no other.
pub struct Trusting(Arc<ClientConfig>);

impl Trusting {
    /// The certificate in PEM, for localhost.
    pub fn only(certificate: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(Arc::new(config))
    }

    /// A connection after its handshake; none when it is shown another certificate.
    pub fn connect(&self, to: SocketAddr) -> Option<StreamOwned<ClientConnection, TcpStream>> {
        let mut connection = ClientConnection::new(self.0.clone(), "localhost".try_into().unwrap()).unwrap();
        let mut stream = connect(to);
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).ok()?;
        }
        Some(StreamOwned::new(connection, stream))
    }
}

#[test]
fn pages_are_served_over_https_with_its_headers() {
    let dir = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert_file, key_file) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    fs::write(&cert_file, cert.pem()).unwrap();
    fs::write(&key_file, signing_key.serialize_pem()).unwrap();
    let server = Seatline::start(&["--tls-cert", cert_file.to_str().unwrap(), "--tls-key", key_file.to_str().unwrap()]);
    assert!(server.said.contains("pages   https://"), "{}", server.said);

    let mut stream = Trusting::only(&cert.pem()).connect(server.pages).unwrap();
    let answer = ask_on(&mut stream, "GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
}
