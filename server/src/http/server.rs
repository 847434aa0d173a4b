//! The listening socket and the connections on it, with TLS where it is asked for.

use super::awaited::Patient;
use crate::{config::Config, failure::Failure};
use axum::{Router, extract::Request};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use hyper_util::rt::TokioTimer;
use sip::Certificates;
use std::{
    net::{SocketAddr, TcpListener},
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
    /// Binds the address; with certificates it serves https.
    pub fn bind(config: &Config, certificates: Option<&Certificates>) -> Result<Self, Failure> {
        let tls = certificates.map(tls).transpose()?;
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
            patient(axum_server::from_tcp_rustls(self.listener, tls).map_err(failed)?.handle(self.handle))
                .serve(service)
                .await
                .map_err(failed)
        } else {
            patient(axum_server::from_tcp(self.listener).map_err(failed)?.handle(self.handle)).serve(service).await.map_err(failed)
        }
    }
}

fn patient<A: axum_server::Address, C>(server: axum_server::Server<A, C>) -> axum_server::Server<A, Patient<C>> {
    let mut server = server.map(|inner| Patient { inner, within: HEAD });
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD));
    server
}

/// https shows what the certificates hold at the moment of each handshake.
fn tls(certificates: &Certificates) -> Result<RustlsConfig, Failure> {
    let mut config = certificates.config().map_err(|e| Failure::about("TLS can't be used", e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
