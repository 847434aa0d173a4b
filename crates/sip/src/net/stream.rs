//! A byte stream, TCP or TLS: messages cut by their framing, a reader that answers and a writer that may not lag.

use super::connection::{Connection, Out};
use crate::engine::{Core, Toll};
use crate::message::{Frame, next_frame};
use crate::registrar::Origin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// A write that takes longer means that the peer is gone.
pub(super) const WRITE: Duration = Duration::from_secs(10);

/// Writes what is queued; after the connection is closed only what already waits.
pub(super) async fn write(mut writer: impl AsyncWrite + Unpin, mut outgoing: mpsc::Receiver<Out>, connection: Arc<Connection>) {
    while let Some(out) = next_out(&mut outgoing, &connection).await {
        let bytes = match &out {
            Out::Message(bytes) => bytes.as_slice(),
            Out::Ping => b"\r\n\r\n",
        };
        let writing = async {
            writer.write_all(bytes).await?;
            writer.flush().await
        };
        if !matches!(tokio::time::timeout(WRITE, writing).await, Ok(Ok(()))) {
            connection.close();
            return;
        }
    }
    tokio::time::timeout(WRITE, writer.shutdown()).await.ok();
}

/// What is to be written next; none when the connection is closed and nothing waits.
pub(super) async fn next_out(outgoing: &mut mpsc::Receiver<Out>, connection: &Connection) -> Option<Out> {
    tokio::select! {
        biased;
        out = outgoing.recv() => out,
        () = connection.closed() => None,
    }
}

/// Reads and answers until the peer closes, breaks the framing, or is idle without a binding.
pub(super) async fn read(core: &Core, mut reader: impl AsyncRead + Unpin, connection: &Connection) {
    let origin = connection.origin();
    let look = look(core);
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
                slow_down(core, origin).await;
                continue;
            }
            frame @ (Frame::Message(length) | Frame::Unframed(length)) => {
                let unframed = matches!(frame, Frame::Unframed(_));
                let message: Vec<u8> = buffer.drain(..length).collect();
                let toll = slow_down(core, origin).await;
                last = Instant::now();
                if let Some((answer, _)) = core.receive_framed(&message, origin, toll, unframed) {
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
        // Also where bytes keep dripping in: only whole messages count.
        if is_idle(core, connection, last) {
            return;
        }
        let received = tokio::select! {
            received = reader.read(&mut chunk) => received,
            () = tokio::time::sleep(look) => continue,
        };
        match received {
            Ok(0) | Err(_) => return,
            Ok(length) => buffer.extend_from_slice(&chunk[..length]),
        }
    }
}

/// How often to look whether a connection is idle.
pub(super) fn look(core: &Core) -> Duration {
    (core.timers.idle / 4).clamp(Duration::from_millis(20), Duration::from_secs(5))
}

/// Silent for too long, and nobody needs it. Pings alone hold nothing.
pub(super) fn is_idle(core: &Core, connection: &Connection, last: Instant) -> bool {
    last.elapsed() >= core.timers.idle && !connection.is_leased() && !core.registrar.connection_in_use(connection.id)
}

/// A stream is not dropped from but read more slowly.
pub(super) async fn slow_down(core: &Core, origin: Origin) -> Toll {
    loop {
        match core.admit(origin, Instant::now()) {
            Ok(toll) => return toll,
            Err(wait) => tokio::time::sleep(wait).await,
        }
    }
}
