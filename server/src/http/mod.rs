//! HTTP: which route goes where, and what stands before all of them.

mod awaited;
mod check;
mod doors;
mod guard;
mod headers;
mod origin;
mod pages;
pub mod server;
mod session;
mod site;

use crate::{
    config::{Cidr, Config, PublicUrl},
    wiring::{self, Service},
};
use axum::{Router, extract::FromRef, middleware::from_fn, middleware::from_fn_with_state, routing::get};
use leptos::config::LeptosOptions;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What requests need. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub service: Service,
    /// Cancelled when the server ends: live streams end with it.
    pub stop: CancellationToken,
    site: Arc<site::Files>,
    reached: Arc<Reached>,
    leptos: LeptosOptions,
}

/// How browsers reach us.
struct Reached {
    tls: bool,
    trust_proxy: Vec<Cidr>,
    public_url: Option<PublicUrl>,
}

impl Web {
    pub fn new(config: &Config, service: Service, stop: CancellationToken) -> Self {
        let reached = Reached { tls: config.tls.is_some(), trust_proxy: config.trust_proxy.clone(), public_url: config.public_url.clone() };
        Self {
            service,
            stop,
            site: Arc::new(site::Files::load()),
            reached: Arc::new(reached),
            leptos: LeptosOptions::builder().output_name("seatline").build(),
        }
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

/// Every route behind every guard. The last layer is met first.
pub fn router(web: Web) -> Router {
    let with_session = pages::routes(&web)
        .merge(wiring::routes())
        .layer(from_fn(guard::see_through))
        .layer(from_fn_with_state(web.clone(), session::resolve));
    Router::new()
        .merge(with_session)
        .route("/pkg/{hash}/{file}", get(site::serve))
        .route("/sw.js", get(site::worker))
        .route("/shell", get(site::shell))
        .route("/healthz", get(check::health))
        .route("/readyz", get(check::ready))
        .layer(from_fn(guard::limit_time))
        .layer(from_fn(guard::limit_body))
        .layer(from_fn(guard::refuse_foreign))
        .layer(from_fn(guard::catch_panic))
        .layer(from_fn(headers::set))
        .layer(from_fn_with_state(web.clone(), origin::resolve))
        .with_state(web)
}
