//! Browser phones: SIP over WebSocket (RFC 7118), one message of SIP in each message of the socket.

use super::connection::{Connection, Out};
use super::stream::{WRITE, is_idle, look, next_out, slow_down};
use crate::engine::Core;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};

/// The name of the subprotocol (RFC 7118 §4.1).
const SUBPROTOCOL: &str = "sip";
const OFFERED: &str = "sec-websocket-protocol";

/// Where to write and where to read.
pub(super) type Halves<S> = (SplitSink<WebSocketStream<S>, Message>, SplitStream<WebSocketStream<S>>);

/// Becomes a WebSocket, on any path; none for what is no WebSocket or does not offer the subprotocol.
pub(super) async fn shake<S: AsyncRead + AsyncWrite + Unpin>(core: &Core, stream: S) -> Option<Halves<S>> {
    let most = core.limits.head_bytes + core.limits.body_bytes;
    let config =
        WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0).max_message_size(Some(most)).max_frame_size(Some(most));
    let socket = tokio_tungstenite::accept_hdr_async_with_config(stream, subprotocol, Some(config)).await;
    socket.map(StreamExt::split).ok()
}

#[expect(clippy::result_large_err, reason = "the shape of the callback is the crate's")]
fn subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offers = request.headers().get_all(OFFERED).iter().filter_map(|value| value.to_str().ok());
    if offers.flat_map(|value| value.split(',')).any(|name| name.trim() == SUBPROTOCOL) {
        response.headers_mut().insert(OFFERED, HeaderValue::from_static(SUBPROTOCOL));
        return Ok(response);
    }
    let mut refusal = ErrorResponse::new(Some("This is a SIP server: the subprotocol is sip.\n".into()));
    *refusal.status_mut() = StatusCode::BAD_REQUEST;
    Err(refusal)
}

/// Writes what is queued; after the connection is closed only what already waits.
pub(super) async fn write<S>(
    mut writer: SplitSink<WebSocketStream<S>, Message>,
    mut outgoing: mpsc::Receiver<Out>,
    connection: Arc<Connection>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(out) = next_out(&mut outgoing, &connection).await {
        let message = match out {
            // Text where it is text: browsers log it legibly.
            Out::Message(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Message::text(text),
                Err(other) => Message::binary(other.into_bytes()),
            },
            // Not the line ends of RFC 5626: phones in browsers take them for a broken message.
            Out::Ping => Message::Ping(Bytes::new()),
        };
        if !matches!(tokio::time::timeout(WRITE, writer.send(message)).await, Ok(Ok(()))) {
            connection.close();
            return;
        }
    }
    tokio::time::timeout(WRITE, writer.close()).await.ok();
}

/// Reads and answers until the peer closes or is idle without a binding.
pub(super) async fn read<S>(core: &Core, mut reader: SplitStream<WebSocketStream<S>>, connection: &Connection)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (origin, look, mut last) = (connection.origin(), look(core), Instant::now());
    loop {
        if is_idle(core, connection, last) {
            return;
        }
        let received = tokio::select! {
            received = reader.next() => received,
            () = tokio::time::sleep(look) => continue,
        };
        let bytes = match received {
            Some(Ok(Message::Text(text))) => Bytes::from(text),
            Some(Ok(Message::Binary(bytes))) => bytes,
            // The crate answers pings by itself.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                slow_down(core, origin).await;
                continue;
            }
            Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None => return,
        };
        let toll = slow_down(core, origin).await;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            if bytes.as_ref() == b"\r\n\r\n" {
                connection.send(b"\r\n");
            }
            continue;
        }
        last = Instant::now();
        if let Some((answer, _)) = core.receive(&bytes, origin, toll) {
            connection.send(&answer);
        }
    }
}
