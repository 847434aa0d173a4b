//! Our own sockets: one port for UDP and TCP, one each for TLS and for WebSocket without and with TLS.
//!
//! Why not those of the crate below: its queues are unbounded and nothing limits rates or connections, datagrams over 8 KiB are cut, a message
//! that it can't read is dropped where an answer is due, it rebuilds headers that have to be echoed as they came, and it logs whole
//! messages. Here a message is answered on the task that read it, from memory, and nothing of it stays.

mod accept;
mod connection;
mod listen;
mod rate;
mod stream;
mod tls;
mod udp;
mod websocket;

pub(crate) use accept::serve_door;
pub(crate) use connection::{Connection, Lease};
pub use listen::StartError;
pub(crate) use listen::{Sockets, listen};
pub(crate) use rate::Rates;
pub use tls::{CertificateError, Certificates};
pub(crate) use udp::serve_udp;

use domain::{Binding, Transport};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::UdpSocket;

/// The UDP socket and the open connections: what is needed to send.
pub(crate) struct Net {
    pub udp: UdpSocket,
    pub local: SocketAddr,
    advertise: Option<Advertised>,
    next_id: AtomicU64,
    connections: Mutex<HashMap<u64, Arc<Connection>>>,
}

impl Net {
    pub fn new(udp: UdpSocket, local: SocketAddr, advertise: Option<String>) -> Self {
        Self {
            udp,
            local,
            advertise: advertise.map(|name| Advertised::read(&name)),
            next_id: AtomicU64::new(1),
            connections: Mutex::default(),
        }
    }

    /// Names a connection; never used again in this run.
    fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Sends a datagram now or not at all; SIP repeats what matters.
    pub fn datagram(&self, bytes: &[u8], to: SocketAddr) -> bool {
        self.udp.try_send_to(bytes, self.wire(to)).is_ok()
    }

    /// The address as our socket wants it: an IPv6 socket reaches IPv4 by mapped addresses.
    pub fn wire(&self, to: SocketAddr) -> SocketAddr {
        match to.ip() {
            IpAddr::V4(v4) if self.local.is_ipv6() => SocketAddr::new(v4.to_ipv6_mapped().into(), to.port()),
            _ => to,
        }
    }

    pub fn connection(&self, id: u64) -> Option<Arc<Connection>> {
        self.connections.lock().get(&id).cloned()
    }

    /// The connection that a binding came over, while it is open.
    pub fn connection_of(&self, binding: &Binding) -> Option<Arc<Connection>> {
        self.connection(binding.connection?).filter(|c| !c.is_closed())
    }

    /// `host:port` of ours for Via and Contact of a request to `peer`.
    pub fn own_name(&self, peer: SocketAddr, connection: Option<&Connection>) -> String {
        // TLS and WebSockets have ports of their own, which the advertised one does not mean.
        let own_port = connection.filter(|c| c.transport != Transport::Tcp).map(|c| c.local.port());
        if let Some(Advertised { host, port }) = &self.advertise {
            return format!("{host}:{}", own_port.or(*port).unwrap_or(self.local.port()));
        }
        let port = own_port.unwrap_or(self.local.port());
        let ip = connection.map(|c| c.local.ip()).or_else(|| Some(self.local.ip()).filter(|ip| !ip.is_unspecified()));
        SocketAddr::new(ip.or_else(|| route_to(peer)).unwrap_or(self.local.ip()).to_canonical(), port).to_string()
    }
}

/// The local address that the system would send from; nothing is sent.
fn route_to(peer: SocketAddr) -> Option<IpAddr> {
    let any: SocketAddr = if peer.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = std::net::UdpSocket::bind(any).ok()?;
    socket.connect(peer).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// What we are to be called.
#[derive(Debug, PartialEq, Eq)]
struct Advertised {
    /// An IPv6 address in its brackets.
    host: String,
    port: Option<u16>,
}

impl Advertised {
    fn read(name: &str) -> Self {
        if name.parse::<Ipv6Addr>().is_ok() {
            return Self { host: format!("[{name}]"), port: None };
        }
        let parts = name.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
        let (host, port) = parts.map_or((name, None), |(host, port)| (host, port.parse().ok()));
        Self { host: host.to_owned(), port }
    }
}

/// A socket address without IPv4 in IPv6's clothes.
pub(crate) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// The name of a transport in Via.
pub(crate) const fn via_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "UDP",
        Transport::Tcp => "TCP",
        Transport::Tls => "TLS",
        Transport::Ws => "WS",
        Transport::Wss => "WSS",
    }
}

#[cfg(test)]
mod tests {
    use super::Advertised;

    #[test]
    fn a_port_is_told_from_an_ipv6_address() {
        for (name, host, port) in [
            ("sip.example", "sip.example", None),
            ("sip.example:5070", "sip.example", Some(5070)),
            ("[2001:db8::1]:5060", "[2001:db8::1]", Some(5060)),
            ("[2001:db8::1]", "[2001:db8::1]", None),
            ("2001:db8::1", "[2001:db8::1]", None),
            ("10.0.0.1:", "10.0.0.1", None),
        ] {
            assert_eq!(Advertised::read(name), Advertised { host: host.into(), port }, "{name}");
        }
    }
}
