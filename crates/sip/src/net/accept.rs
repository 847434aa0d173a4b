//! Connections in: counted, shaken hands with, and served until they end.

use super::connection::{Connection, Out};
use super::{Net, canonical, stream, websocket};
use crate::engine::Core;
use domain::{Transport, site};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// A handshake of TLS or of a WebSocket that takes longer is none.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long a peer may leave what was sent unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Where connections come in.
pub(crate) struct Door {
    pub listener: TcpListener,
    pub transport: Transport,
    /// There for TLS and WSS.
    pub tls: Option<TlsAcceptor>,
}

/// Accepts until `stop`.
pub(crate) async fn serve_door(core: Arc<Core>, door: Door, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = door.listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, or a peer that left at once.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let peer = canonical(peer);
        let local = stream.local_addr().map_or(core.net.local, canonical);
        let (connection, outgoing) = Connection::new(core.net.next_id(), door.transport, peer, local, stop.child_token());
        let connection = Arc::new(connection);
        if !core.net.admit(&connection, core.limits.connections, core.limits.connections_per_source) {
            tracing::debug!(source = %peer, "connection refused: too many");
            continue;
        }
        tokio::spawn(serve(core.clone(), stream, door.tls.clone(), connection, outgoing, stop.clone()));
    }
}

impl Net {
    /// Takes the connection in, unless there are too many.
    fn admit(&self, connection: &Arc<Connection>, most: usize, most_per_source: usize) -> bool {
        let mut connections = self.connections.lock();
        let source = site(connection.peer.ip());
        let room = connections.len() < most && {
            let alike = connections.len() >= most_per_source;
            !alike || connections.values().filter(|c| site(c.peer.ip()) == source).count() < most_per_source
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
    tls: Option<TlsAcceptor>,
    connection: Arc<Connection>,
    outgoing: mpsc::Receiver<Out>,
    stop: CancellationToken,
) {
    stream.set_nodelay(true).ok();
    notice_death(&stream);
    match tls {
        None => talk(&core, stream, &connection, outgoing, &stop).await,
        Some(acceptor) => {
            let shaken = tokio::select! {
                () = connection.closed() => None,
                shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)) => shaken.ok(),
            };
            match shaken {
                Some(Ok(stream)) => return talk(&core, stream, &connection, outgoing, &stop).await,
                Some(Err(error)) => tracing::debug!(source = %connection.peer, %error, "no TLS"),
                None => {}
            }
            end(&core, &connection, &stop);
        }
    }
}

/// Serves a stream of bytes to its end.
async fn talk<S>(core: &Arc<Core>, stream: S, connection: &Arc<Connection>, outgoing: mpsc::Receiver<Out>, stop: &CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    if matches!(connection.transport, Transport::Ws | Transport::Wss) {
        let shaken = tokio::select! {
            () = connection.closed() => None,
            shaken = tokio::time::timeout(HANDSHAKE, websocket::shake(core, stream)) => shaken.ok().flatten(),
        };
        if let Some((writer, reader)) = shaken {
            let writing = tokio::spawn(websocket::write(writer, outgoing, connection.clone()));
            tokio::select! {
                () = connection.closed() => {}
                () = websocket::read(core, reader, connection) => {}
            }
            end(core, connection, stop);
            writing.await.ok();
        } else {
            end(core, connection, stop);
        }
        return;
    }
    let (reader, writer) = tokio::io::split(stream);
    let writing = tokio::spawn(stream::write(writer, outgoing, connection.clone()));
    tokio::select! {
        () = connection.closed() => {}
        () = stream::read(core, reader, connection) => {}
    }
    end(core, connection, stop);
    writing.await.ok();
}

fn end(core: &Core, connection: &Connection, stop: &CancellationToken) {
    core.net.forget(connection.id);
    connection.close();
    // At a shutdown bindings are kept as they are for the next start.
    if !stop.is_cancelled() {
        core.registrar.connection_closed(connection.id);
    }
}

/// A phone that lost its power does not say goodbye: what stays unacknowledged for half a minute, as our keep-alives do, ends the connection.
/// Without this the system tries on for a quarter of an hour, and the phone would count as reachable.
fn notice_death(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED)).ok();
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, UNACKNOWLEDGED);
}
