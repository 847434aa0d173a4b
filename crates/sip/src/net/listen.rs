//! Opens the sockets.

use super::accept::Door;
use crate::config::Config;
use domain::Transport;
use socket2::{Domain, Protocol, Socket, Type};
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
    #[error("SIP over {transport} needs a certificate")]
    NoCertificate { transport: &'static str },
    #[error("TLS can't be used: {0}")]
    Tls(#[source] rustls::Error),
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// Bytes of datagrams that may wait to be read; the system may grant less.
const BUFFER: usize = 4 << 20;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1_024;

pub(crate) struct Sockets {
    pub udp: UdpSocket,
    /// TCP first.
    pub doors: Vec<Door>,
    /// UDP's and TCP's.
    pub local: SocketAddr,
}

/// UDP and TCP on the same port, with port 0 on any that is free for both; then what else is configured.
pub(crate) fn listen(config: &Config) -> Result<Sockets, StartError> {
    let (udp, tcp, local) = listen_both(config.listen)?;
    let mut doors = vec![Door { listener: tcp, transport: Transport::Tcp, tls: None }];
    for (address, transport, name) in
        [(config.tls, Transport::Tls, "TLS"), (config.ws, Transport::Ws, "WS"), (config.wss, Transport::Wss, "WSS")]
    {
        let Some(address) = address else { continue };
        let tls = match (&config.certificates, transport) {
            (_, Transport::Ws) => None,
            (Some(certificates), _) => Some(certificates.acceptor().map_err(StartError::Tls)?),
            (None, _) => return Err(StartError::NoCertificate { transport: name }),
        };
        let listener = tcp_listener(address).map_err(|e| refused(address, name, e))?;
        doors.push(Door { listener, transport, tls });
    }
    Ok(Sockets { udp, doors, local })
}

fn listen_both(address: SocketAddr) -> Result<(UdpSocket, TcpListener, SocketAddr), StartError> {
    const TRIES: usize = 32;
    for attempt in 1.. {
        let tcp = tcp_listener(address).map_err(|e| refused(address, "TCP", e))?;
        let local = tcp.local_addr().map_err(|e| refused(address, "TCP", e))?;
        match udp_socket(local) {
            Ok(udp) => {
                // Best effort: a storm of phones after a power cut should wait in the buffer, not be lost.
                socket2::SockRef::from(&udp).set_recv_buffer_size(BUFFER).ok();
                return Ok((udp, tcp, local));
            }
            Err(e) if address.port() == 0 && e.kind() == ErrorKind::AddrInUse && attempt < TRIES => {}
            Err(e) => return Err(refused(local, "UDP", e)),
        }
    }
    unreachable!("the last attempt returns")
}

fn tcp_listener(address: SocketAddr) -> Result<TcpListener, Error> {
    let socket = socket(address, Type::STREAM, Protocol::TCP)?;
    // Else a restart has to wait for connections of the run before.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

fn udp_socket(address: SocketAddr) -> Result<UdpSocket, Error> {
    let socket = socket(address, Type::DGRAM, Protocol::UDP)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

/// `[::]` takes IPv4 too, whatever the system's default is.
fn socket(address: SocketAddr, kind: Type, protocol: Protocol) -> Result<Socket, Error> {
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn refused(address: SocketAddr, transport: &'static str, source: Error) -> StartError {
    match source.kind() {
        ErrorKind::AddrInUse => StartError::InUse { address, transport },
        ErrorKind::PermissionDenied => StartError::NotAllowed { address, transport },
        ErrorKind::AddrNotAvailable => StartError::NotOurs { address },
        _ => StartError::Other { address, transport, source },
    }
}
