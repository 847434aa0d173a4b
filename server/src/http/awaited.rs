//! Whoever connects and says nothing is let go. hyper waits for the first bytes, by which it tells HTTP/1 from HTTP/2, without a bound
//! (hyperium/hyper#3756); its own bounds begin after them.

use axum_server::accept::Accept;
use futures::future::BoxFuture;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// The length of what HTTP/2 begins with (RFC 9113 §3.4): after so much, no client is taken for another.
const PREFACE: usize = 24;

/// Accepts as `inner` does; the stream's first bytes have to come within the time.
#[derive(Clone)]
pub struct Patient<A> {
    pub inner: A,
    pub within: Duration,
}

impl<A, I, S> Accept<I, S> for Patient<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Awaited<A::Stream>;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepted, within) = (self.inner.accept(stream, service), self.within);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            Ok((Awaited::new(stream, within), service))
        })
    }
}

/// A stream whose first bytes are waited for.
pub struct Awaited<S> {
    stream: S,
    /// How many bytes are still to come, and until when.
    first: Option<(usize, Pin<Box<Sleep>>)>,
}

impl<S> Awaited<S> {
    fn new(stream: S, within: Duration) -> Self {
        Self { stream, first: Some((PREFACE, Box::pin(tokio::time::sleep(within)))) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Awaited<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        let Some((left, until)) = &mut self.first else { return read };
        if read.is_pending() {
            ready!(until.as_mut().poll(cx));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        *left = left.saturating_sub(buf.filled().len() - before);
        if *left == 0 {
            self.first = None;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Awaited<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn who_says_too_little_is_let_go_and_who_began_is_not() {
        for (said, ends) in [("", true), ("PRI * HTTP/2.0", true), ("GET /a/long/address HTTP/1.1\r\n", false)] {
            let (mut client, server) = duplex(100);
            let mut server = Awaited::new(server, Duration::from_millis(50));
            client.write_all(said.as_bytes()).await.unwrap();
            let mut heard = vec![0; said.len()];
            server.read_exact(&mut heard).await.unwrap();
            let more = tokio::time::timeout(Duration::from_millis(300), server.read_u8()).await;
            match more {
                Ok(read) => assert!(ends && read.unwrap_err().kind() == io::ErrorKind::TimedOut, "{said}"),
                Err(_) => assert!(!ends, "{said}"),
            }
        }
    }
}
