//! Datagrams in, answers out.
//!
//! The socket is emptied before anything is done for strangers: they wait in a short queue, while those whose flow carries a live binding are
//! answered at once. So a flood that takes longer to answer than to send overflows our queue, and not the system's, where the refreshes of
//! registered phones would be lost with it.

use super::canonical;
use crate::engine::{Core, Toll};
use crate::registrar::Origin;
use domain::Transport;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The largest datagram there is.
const DATAGRAM: usize = 65_536;

/// Datagrams of strangers that may wait, and their bytes in all.
const WAITING: usize = 1_024;
const WAITING_BYTES: usize = 2 << 20;

/// Strangers that are answered between two looks at the socket.
const BATCH: usize = 8;
/// Datagrams that are read before other tasks have their turn.
const TURN: u32 = 128;

struct Stranger {
    bytes: Box<[u8]>,
    origin: Origin,
    toll: Toll,
}

#[derive(Default)]
struct Waiting {
    queue: VecDeque<Stranger>,
    bytes: usize,
}

impl Waiting {
    /// One more, while there is room.
    fn push(&mut self, bytes: &[u8], origin: Origin, toll: Toll) {
        if self.queue.len() < WAITING && self.bytes + bytes.len() <= WAITING_BYTES {
            self.bytes += bytes.len();
            self.queue.push_back(Stranger { bytes: bytes.into(), origin, toll });
        }
    }

    fn pop(&mut self) -> Option<Stranger> {
        let stranger = self.queue.pop_front()?;
        self.bytes -= stranger.bytes.len();
        Some(stranger)
    }
}

/// Reads until `stop`. One task: the messages of a phone keep their order.
pub(crate) async fn serve_udp(core: Arc<Core>, stop: CancellationToken) {
    let (mut buffer, mut waiting, mut read) = (vec![0; DATAGRAM], Waiting::default(), 0_u32);
    while !stop.is_cancelled() {
        match core.net.udp.try_recv_from(&mut buffer) {
            Ok((length, source)) => {
                let origin = Origin { source: canonical(source), transport: Transport::Udp, connection: None };
                take(&core, &buffer[..length], origin, &mut waiting).await;
                read += 1;
                if read.is_multiple_of(TURN) {
                    tokio::task::yield_now().await;
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock && waiting.queue.is_empty() => {
                tokio::select! {
                    () = stop.cancelled() => return,
                    ready = core.net.udp.readable() => drop(ready),
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                for _ in 0..BATCH {
                    let Some(Stranger { bytes, origin, toll }) = waiting.pop() else { break };
                    answer(&core, &bytes, origin, toll).await;
                }
                if !waiting.queue.is_empty() {
                    // Only so does the runtime look whether more has come.
                    tokio::task::yield_now().await;
                }
            }
            // Some systems report an unreachable peer here; the socket is still good.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

async fn take(core: &Core, bytes: &[u8], origin: Origin, waiting: &mut Waiting) {
    let Ok(toll) = core.admit(origin, Instant::now()) else { return };
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == [0] {
        // A phone keeping its NAT open. Pongs are for streams (RFC 5626 §4.4.1).
        return;
    }
    match toll {
        Toll::Flow(_) => answer(core, bytes, origin, toll).await,
        Toll::Source(_) => waiting.push(bytes, origin, toll),
    }
}

async fn answer(core: &Core, bytes: &[u8], origin: Origin, toll: Toll) {
    if let Some((answer, to)) = core.receive(bytes, origin, toll)
        && core.net.udp.send_to(&answer, core.net.wire(to)).await.is_err()
    {
        tracing::debug!(%to, "answer not sent");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_wait_in_order_and_within_bounds() {
        let source = "10.0.0.1:5060".parse().expect("address");
        let origin = Origin { source, transport: Transport::Udp, connection: None };
        let mut waiting = Waiting::default();
        for n in 0..3_000_u32 {
            waiting.push(&n.to_be_bytes(), origin, Toll::Source(source.ip()));
        }
        assert_eq!(waiting.queue.len(), WAITING);
        assert_eq!(waiting.pop().map(|s| s.bytes.to_vec()), Some(vec![0; 4]));
        let mut waiting = Waiting::default();
        for _ in 0..100 {
            waiting.push(&vec![0; 60_000], origin, Toll::Source(source.ip()));
        }
        assert!(waiting.bytes <= WAITING_BYTES && waiting.queue.len() > 30);
        while waiting.pop().is_some() {}
        assert_eq!(waiting.bytes, 0);
    }
}
