//! Connections in, each with a reader that answers and a writer that may not lag.

use super::connection::Connection;
use super::{Net, canonical};
use crate::engine::Core;
use crate::message::{Frame, next_frame};
use crate::registrar::Origin;
use domain::Transport;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A write that takes longer means that the peer is gone.
const WRITE: Duration = Duration::from_secs(10);

/// How long a peer may leave what was sent unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Accepts until `stop`.
pub(crate) async fn serve_tcp(core: Arc<Core>, listener: TcpListener, stop: CancellationToken) {
    let next = AtomicU64::new(1);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, or a peer that left at once.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let peer = canonical(peer);
        let id = next.fetch_add(1, Ordering::Relaxed);
        let closed = stop.child_token();
        let local = stream.local_addr().map_or(core.net.local, canonical);
        let (connection, outgoing) = Connection::new(id, peer, local, closed);
        let connection = Arc::new(connection);
        if !core.net.admit(&connection, core.limits.connections, core.limits.connections_per_source) {
            tracing::debug!(source = %peer, "connection refused: too many");
            continue;
        }
        tokio::spawn(serve(core.clone(), stream, connection, outgoing, stop.clone()));
    }
}

impl Net {
    /// Takes the connection in, unless there are too many.
    fn admit(&self, connection: &Arc<Connection>, most: usize, most_per_source: usize) -> bool {
        let mut connections = self.connections.lock();
        let ip = connection.peer.ip();
        let room = connections.len() < most && {
            let alike = connections.len() >= most_per_source;
            !alike || connections.values().filter(|c| c.peer.ip() == ip).count() < most_per_source
        };
        if room {
            connections.insert(connection.id, connection.clone());
        }
        room
    }

    fn forget(&self, id: u64) {
        self.connections.lock().remove(&id);
    }
}

async fn serve(
    core: Arc<Core>,
    stream: TcpStream,
    connection: Arc<Connection>,
    outgoing: mpsc::Receiver<Vec<u8>>,
    stop: CancellationToken,
) {
    stream.set_nodelay(true).ok();
    notice_death(&stream);
    let (reader, writer) = stream.into_split();
    let writing = tokio::spawn(write(writer, outgoing, connection.clone()));
    tokio::select! {
        () = connection.closed() => {}
        () = read(&core, reader, &connection) => {}
    }
    core.net.forget(connection.id);
    connection.close();
    // At a shutdown bindings are kept as they are for the next start.
    if !stop.is_cancelled() {
        core.registrar.connection_closed(connection.id);
    }
    writing.await.ok();
}

/// A phone that lost its power does not say goodbye: what stays unacknowledged for half a minute, as our keep-alives do, ends the connection.
/// Without this the system tries on for a quarter of an hour, and the phone would count as reachable.
fn notice_death(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED)).ok();
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, UNACKNOWLEDGED);
}

/// Writes what is queued; after the connection is closed only what already waits.
async fn write(mut writer: OwnedWriteHalf, mut outgoing: mpsc::Receiver<Vec<u8>>, connection: Arc<Connection>) {
    loop {
        let bytes = tokio::select! {
            biased;
            bytes = outgoing.recv() => bytes,
            () = connection.closed() => None,
        };
        let Some(bytes) = bytes else { break };
        if !matches!(tokio::time::timeout(WRITE, writer.write_all(&bytes)).await, Ok(Ok(()))) {
            connection.close();
            return;
        }
    }
    tokio::time::timeout(WRITE, writer.shutdown()).await.ok();
}

/// Reads and answers until the peer closes, breaks the framing, or is idle without a binding.
async fn read(core: &Core, mut reader: OwnedReadHalf, connection: &Connection) {
    let origin = Origin { source: connection.peer, transport: Transport::Tcp, connection: Some(connection.id) };
    let look = (core.timers.idle / 4).clamp(Duration::from_millis(20), Duration::from_secs(5));
    let (mut buffer, mut chunk) = (Vec::new(), vec![0; 8_192]);
    let mut last = Instant::now();
    loop {
        match next_frame(&buffer, core.limits.head_bytes, core.limits.body_bytes) {
            Frame::Partial => {}
            Frame::TooLong => return,
            Frame::Ping(length) => {
                buffer.drain(..length);
                slow_down(core, origin).await;
                connection.send(b"\r\n");
                continue;
            }
            Frame::Pong(length) => {
                buffer.drain(..length);
                continue;
            }
            frame @ (Frame::Message(length) | Frame::Unframed(length)) => {
                let unframed = matches!(frame, Frame::Unframed(_));
                let message: Vec<u8> = buffer.drain(..length).collect();
                slow_down(core, origin).await;
                last = Instant::now();
                if let Some((answer, _)) = core.receive_framed(&message, origin, unframed) {
                    connection.send(&answer);
                }
                if unframed {
                    return;
                }
                continue;
            }
        }
        if buffer.capacity() > 4 * chunk.len() && buffer.is_empty() {
            buffer = Vec::new();
        }
        let received = tokio::select! {
            received = reader.read(&mut chunk) => received,
            () = tokio::time::sleep(look) => {
                if last.elapsed() >= core.timers.idle && !connection.is_leased() && !core.registrar.connection_in_use(connection.id) {
                    return;
                }
                continue;
            }
        };
        match received {
            Ok(0) | Err(_) => return,
            Ok(length) => buffer.extend_from_slice(&chunk[..length]),
        }
    }
}

/// A stream is not dropped from but read more slowly.
async fn slow_down(core: &Core, origin: Origin) {
    while let Err(wait) = core.rates.take(origin.source.ip(), Instant::now()) {
        tokio::time::sleep(wait).await;
    }
}
