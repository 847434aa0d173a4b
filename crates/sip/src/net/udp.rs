//! Datagrams in, answers out.

use super::canonical;
use crate::engine::Core;
use crate::registrar::Origin;
use domain::Transport;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The largest datagram there is.
const DATAGRAM: usize = 65_536;

/// Reads until `stop`. One task: the messages of a phone keep their order.
pub(crate) async fn serve_udp(core: Arc<Core>, stop: CancellationToken) {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return,
            received = core.net.udp.recv_from(&mut buffer) => received,
        };
        let Ok((length, source)) = received else {
            // Some systems report an unreachable peer here; the socket is still good.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let (source, bytes) = (canonical(source), &buffer[..length]);
        let origin = Origin { source, transport: Transport::Udp, connection: None };
        let Ok(toll) = core.admit(origin, Instant::now()) else { continue };
        if bytes.iter().all(u8::is_ascii_whitespace) || bytes == [0] {
            // A phone keeping its NAT open. Pongs are for streams (RFC 5626 §4.4.1).
            continue;
        }
        if let Some((answer, to)) = core.receive(bytes, origin, toll)
            && core.net.udp.send_to(&answer, core.net.wire(to)).await.is_err()
        {
            tracing::debug!(%to, "answer not sent");
        }
    }
}
