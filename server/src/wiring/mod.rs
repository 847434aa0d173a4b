//! Puts the adapters behind the use cases: store, SIP engine, service. The composition root.

use crate::{cli::Role, config::Config, failure::Failure, http::Web};
use axum::Router;
use secrecy::SecretString;
use std::{net::SocketAddr, path::Path};
use tokio_util::sync::CancellationToken;

/// The use cases.
#[derive(Clone, Debug, Default)]
pub struct Service;

/// Who is behind a request.
#[derive(Clone, Debug)]
pub struct Caller;

/// A single-use code for the first admin.
pub struct SetupCode(String);

impl SetupCode {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Service {
    /// The caller behind a cookie's token.
    pub async fn session(&self, _token: &str) -> Option<Caller> {
        std::future::ready(None).await
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        std::future::ready(true).await
    }
}

/// What `serve` started.
pub struct Running {
    pub service: Service,
    /// Where phones are served, as bound.
    pub sip: SocketAddr,
    /// There while no admin exists.
    pub setup_code: Option<SetupCode>,
    /// Lines for the terminal, such as how to sign in to the demo.
    pub notes: Vec<String>,
}

impl Running {
    /// Ends jobs and phones, writes what is held back, closes the database. The caller bounds its time.
    pub async fn stop(self) {
        std::future::ready(()).await;
    }
}

/// Opens the database (one server per database), binds the SIP sockets and starts what runs by itself. `stop` ends it.
pub async fn start(config: &Config, _stop: CancellationToken) -> Result<Running, Failure> {
    std::future::ready(Ok(Running { service: Service, sip: config.sip_listen, setup_code: None, notes: Vec::new() })).await
}

/// Routes that are not pages, functions or files: the live stream. They run behind all middleware; `Option<Caller>` is an extension.
pub fn routes() -> Router<Web> {
    Router::new()
}

/// Each command answers the line to print.
pub async fn migrate(_config: &Config) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}

pub async fn backup(_config: &Config, _file: &Path) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}

pub async fn add_operator(
    _config: &Config,
    _name: &str,
    _account: Option<&str>,
    _role: Role,
    _password: SecretString,
) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}

pub async fn set_password(_config: &Config, _name: &str, _password: SecretString) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}

pub async fn add_account(_config: &Config, _name: &str, _realm: &str) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}

pub async fn rotate_key(_config: &Config) -> Result<String, Failure> {
    std::future::ready(Ok(String::new())).await
}
