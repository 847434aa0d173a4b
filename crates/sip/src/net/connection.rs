//! One connection as the rest sees it: something to send on, until it is closed.

use crate::registrar::Origin;
use domain::Transport;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Messages that may wait to be written; a peer that does not read loses its connection.
pub(super) const QUEUE: usize = 64;

/// What waits to be written.
#[derive(Debug)]
pub(super) enum Out {
    Message(Vec<u8>),
    /// What keeps the way open: two line ends (RFC 5626 §4.4.1), or a frame of the WebSocket.
    Ping,
}

pub(crate) struct Connection {
    pub id: u64,
    pub transport: Transport,
    pub peer: SocketAddr,
    pub local: SocketAddr,
    queue: mpsc::Sender<Out>,
    closed: CancellationToken,
    lease: Arc<()>,
}

/// While one is held the connection is not closed for being idle.
pub(crate) type Lease = Arc<()>;

impl Connection {
    pub(super) fn new(
        id: u64,
        transport: Transport,
        peer: SocketAddr,
        local: SocketAddr,
        closed: CancellationToken,
    ) -> (Self, mpsc::Receiver<Out>) {
        let (queue, outgoing) = mpsc::channel(QUEUE);
        (Self { id, transport, peer, local, queue, closed, lease: Arc::new(()) }, outgoing)
    }

    /// Queues bytes for writing; false when the connection is gone or its peer does not read.
    pub fn send(&self, bytes: &[u8]) -> bool {
        self.queue(Out::Message(bytes.to_vec()))
    }

    /// Queues a keep-alive.
    pub fn ping(&self) -> bool {
        self.queue(Out::Ping)
    }

    fn queue(&self, out: Out) -> bool {
        if self.is_closed() {
            return false;
        }
        let sent = self.queue.try_send(out).is_ok();
        if !sent {
            self.close();
        }
        sent
    }

    /// Where its messages come from.
    pub fn origin(&self) -> Origin {
        Origin { source: self.peer, transport: self.transport, connection: Some(self.id) }
    }

    pub fn close(&self) {
        self.closed.cancel();
    }

    pub fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }

    pub fn lease(&self) -> Lease {
        self.lease.clone()
    }

    pub fn is_leased(&self) -> bool {
        Arc::strong_count(&self.lease) > 1
    }
}
