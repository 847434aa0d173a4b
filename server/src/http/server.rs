//! The listening socket and the connections on it, with TLS where it is asked for.

use crate::{
    config::{Config, TlsFiles},
    failure::Failure,
};
use axum::{Router, extract::Request};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};

/// How long a browser may take to send a request's head.
const HEAD: Duration = Duration::from_secs(15);

/// A bound socket that does not serve yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
}

impl Server {
    /// Reads the TLS files and binds the address.
    pub fn bind(config: &Config) -> Result<Self, Failure> {
        let tls = config.tls.as_ref().map(tls).transpose()?;
        let about = || format!("the pages can't be served on {}", config.listen);
        let listener = TcpListener::bind(config.listen).map_err(|e| Failure::about(about(), e))?;
        listener.set_nonblocking(true).map_err(|e| Failure::about(about(), e))?;
        let address = listener.local_addr().map_err(|e| Failure::about(about(), e))?;
        Ok(Self { listener, address, tls, handle: Handle::new() })
    }

    /// Where it listens: the port is the real one, also when any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it.
    pub fn handle(&self) -> Handle<SocketAddr> {
        self.handle.clone()
    }

    /// Serves until the handle ends it.
    pub async fn serve(self, router: Router) -> Result<(), Failure> {
        use axum::ServiceExt;
        let failed = |e| Failure::about("serving the pages failed", e);
        let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(router);
        if let Some(tls) = self.tls {
            let mut server = axum_server::from_tcp_rustls(self.listener, tls).map_err(failed)?.handle(self.handle);
            patience(&mut server);
            server.serve(service).await.map_err(failed)
        } else {
            let mut server = axum_server::from_tcp(self.listener).map_err(failed)?.handle(self.handle);
            patience(&mut server);
            server.serve(service).await.map_err(failed)
        }
    }
}

fn patience<A: axum_server::Address, C>(server: &mut axum_server::Server<A, C>) {
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD));
}

fn tls(files: &TlsFiles) -> Result<RustlsConfig, Failure> {
    let about = |what: &str, path: &Path| format!("{what} {}", path.display());
    let wrong_cert = |e| Failure::about(about("the certificate", &files.cert), e);
    let certs: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.cert).and_then(Iterator::collect).map_err(wrong_cert)?;
    if certs.is_empty() {
        return Err(Failure::new(format!("{}: no certificate in it", about("the certificate", &files.cert))));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| Failure::about(about("the private key", &files.key), e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certs, key))
        .map_err(|e| Failure::about(about("TLS does not take", &files.cert), e))?;
    let mut config = config;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
