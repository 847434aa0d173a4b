//! Opens the sockets.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use tokio::net::{TcpListener, UdpSocket};

/// Why the registrar did not start. One clear line each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("SIP port in use: another program already listens on {address} ({transport})")]
    InUse { address: SocketAddr, transport: &'static str },
    #[error("not allowed to listen for SIP on {address} ({transport})")]
    NotAllowed { address: SocketAddr, transport: &'static str },
    #[error("can't listen for SIP on {address}: the address is none of this machine's")]
    NotOurs { address: SocketAddr },
    #[error("can't listen for SIP on {address} ({transport}): {source}")]
    Other {
        address: SocketAddr,
        transport: &'static str,
        #[source]
        source: Error,
    },
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// Bytes of datagrams that may wait to be read; the system may grant less.
const BUFFER: usize = 4 << 20;

pub(crate) struct Sockets {
    pub udp: UdpSocket,
    pub tcp: TcpListener,
    pub local: SocketAddr,
}

/// UDP and TCP on the same port; with port 0 on any that is free for both.
pub(crate) async fn listen(address: SocketAddr) -> Result<Sockets, StartError> {
    const TRIES: usize = 32;
    for attempt in 1.. {
        let tcp = TcpListener::bind(address).await.map_err(|e| refused(address, "TCP", e))?;
        let local = tcp.local_addr().map_err(|e| refused(address, "TCP", e))?;
        match UdpSocket::bind(local).await {
            Ok(udp) => {
                // Best effort: a storm of phones after a power cut should wait in the buffer, not be lost.
                socket2::SockRef::from(&udp).set_recv_buffer_size(BUFFER).ok();
                return Ok(Sockets { udp, tcp, local });
            }
            Err(e) if address.port() == 0 && e.kind() == ErrorKind::AddrInUse && attempt < TRIES => {}
            Err(e) => return Err(refused(local, "UDP", e)),
        }
    }
    unreachable!("the last attempt returns")
}

fn refused(address: SocketAddr, transport: &'static str, source: Error) -> StartError {
    match source.kind() {
        ErrorKind::AddrInUse => StartError::InUse { address, transport },
        ErrorKind::PermissionDenied => StartError::NotAllowed { address, transport },
        ErrorKind::AddrNotAvailable => StartError::NotOurs { address },
        _ => StartError::Other { address, transport, source },
    }
}
