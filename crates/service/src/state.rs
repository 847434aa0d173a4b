//! The service itself: its parts, shared by every request.

use crate::{
    batches::Batches,
    config::Config,
    gate::Gate,
    jobs::Jobs,
    live::Hub,
    passwords::Passwords,
    phones::{PhoneDirectory, PhoneEngine, Phones},
    setup::SetupCode,
};
use domain::presence::Presence;
use domain::view::{ServerAddress, ServerTransport};
use domain::{AccountId, Clock, DeviceId, Millis, Transport};
use parking_lot::Mutex;
use std::sync::Arc;
use store::{PhoneLog, Store};

/// What an operator does. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub store: Store,
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub passwords: Passwords,
    pub gate: Mutex<Gate>,
    pub setup: Mutex<Option<SetupCode>>,
    pub phones: Phones,
    pub jobs: Jobs,
    pub batches: Batches,
    pub hub: Hub,
    pub presence: Mutex<Presence<(AccountId, DeviceId)>>,
}

impl Service {
    /// Puts the parts together. Call [`Service::start`] before phones are let in.
    pub fn new(store: Store, log: PhoneLog, clock: Arc<dyn Clock>, config: Config, directory: Arc<dyn PhoneDirectory>) -> Self {
        let inner = Inner {
            phones: Phones::new(directory, log),
            store,
            config,
            clock,
            passwords: Passwords::new(),
            gate: Mutex::default(),
            setup: Mutex::default(),
            jobs: Jobs::default(),
            batches: Batches::default(),
            hub: Hub::new(),
            presence: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Hands in the engine that reaches the phones. Once.
    pub fn connect(&self, engine: Arc<dyn PhoneEngine>) {
        self.inner.phones.connect(engine);
    }

    /// What phones are pointed to; for port 0 the one that the engine got.
    pub(crate) fn phones_server(&self) -> ServerAddress {
        let (server, phones) = (&self.inner.config.server, &self.inner.phones);
        let server = match (server.strip_suffix(":0"), phones.port(Transport::Udp)) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            _ => server.clone(),
        };
        let own = |way: &ServerTransport| {
            let port = way.port.map(|port| if port == 0 { phones.port(way.transport).unwrap_or(port) } else { port });
            ServerTransport { transport: way.transport, port }
        };
        ServerAddress { server, transports: self.inner.config.transports.iter().map(own).collect() }
    }

    pub(crate) fn now(&self) -> Millis {
        self.inner.clock.now()
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.inner.store.ping().await.is_ok()
    }

    /// Deletes what nobody can ask for any more. Call it now and then.
    pub async fn tidy(&self) {
        let now = self.now();
        let done = async {
            let tx = self.inner.store.begin().await?;
            tx.purge(now).await?;
            tx.commit().await
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "tidying up failed");
        }
        self.inner.phones.trim(now).await;
    }
}
