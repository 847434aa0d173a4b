//! One TCP connection as the rest sees it: something to send on, until it is closed.

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Messages that may wait to be written; a peer that does not read loses its connection.
pub(super) const QUEUE: usize = 64;

pub(crate) struct Connection {
    pub id: u64,
    pub peer: SocketAddr,
    pub local: SocketAddr,
    queue: mpsc::Sender<Vec<u8>>,
    closed: CancellationToken,
    lease: Arc<()>,
}

/// While one is held the connection is not closed for being idle.
pub(crate) type Lease = Arc<()>;

impl Connection {
    pub fn new(id: u64, peer: SocketAddr, local: SocketAddr, closed: CancellationToken) -> (Self, mpsc::Receiver<Vec<u8>>) {
        let (queue, outgoing) = mpsc::channel(QUEUE);
        (Self { id, peer, local, queue, closed, lease: Arc::new(()) }, outgoing)
    }

    /// Queues bytes for writing; false when the connection is gone or its peer does not read.
    pub fn send(&self, bytes: &[u8]) -> bool {
        if self.is_closed() {
            return false;
        }
        let sent = self.queue.try_send(bytes.to_vec()).is_ok();
        if !sent {
            self.close();
        }
        sent
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
