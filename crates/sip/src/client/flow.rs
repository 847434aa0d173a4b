//! A way to a phone, which can outlive the binding that it was taken from.

use crate::net::{Connection, Lease, Net};
use domain::Binding;
use std::fmt;
use std::sync::Arc;

/// The flow of a binding (RFC 5626): for UDP the listening socket and the address that the REGISTER came from, for a stream its connection.
/// Cheap to clone. It works on after the binding has ended, until the connection is gone; while one is held the connection is not
/// closed for being idle.
#[derive(Clone)]
pub struct Flow {
    binding: Arc<Binding>,
    connection: Option<(Arc<Connection>, Lease)>,
}

impl Flow {
    pub(crate) fn new(binding: Binding, net: &Net) -> Self {
        let connection = net.connection_of(&binding).map(|c| (c.clone(), c.lease()));
        Self { binding: Arc::new(binding), connection }
    }

    /// The binding as it was when the flow was taken.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// Whether anything can still be sent on it.
    pub fn is_open(&self) -> bool {
        match &self.connection {
            Some((connection, _)) => !connection.is_closed(),
            None => !self.binding.transport.is_stream(),
        }
    }

    pub(crate) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref().map(|(connection, _)| &**connection)
    }

    /// Sends bytes; false when the flow is gone.
    pub(crate) fn send(&self, net: &Net, bytes: &[u8]) -> bool {
        match &self.connection {
            Some((connection, _)) => connection.send(bytes),
            None if self.binding.transport.is_stream() => false,
            None => {
                net.datagram(bytes, self.binding.source);
                true
            }
        }
    }

    /// Keeps the way to the phone open: a ping on a stream, `datagram` over UDP.
    pub(crate) fn keep_open(&self, net: &Net, datagram: impl FnOnce() -> Vec<u8>) {
        match &self.connection {
            Some((connection, _)) => {
                connection.ping();
            }
            None if self.binding.transport.is_stream() => {}
            None => {
                net.datagram(&datagram(), self.binding.source);
            }
        }
    }

    /// Ready when the flow is gone; for UDP never.
    pub(crate) async fn gone(&self) {
        match &self.connection {
            Some((connection, _)) => connection.closed().await,
            None => std::future::pending().await,
        }
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("source", &self.binding.source)
            .field("transport", &self.binding.transport)
            .field("open", &self.is_open())
            .finish_non_exhaustive()
    }
}
