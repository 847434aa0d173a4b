//! Which addresses are ours: what phones are pointed to, and what can't stand for a device.

use crate::config::{Advertised, Cidr, Config};
use domain::{Millis, Transport, reboot::Settings, rules::ip::IpRange, view::ServerTransport};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs},
};

/// SIP's port where none is named (RFC 3261 §19.1.2).
const SIP_PORT: u16 = 5060;

impl fmt::Display for Advertised {
    /// As in a URI: brackets around an IPv6 address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// What the use cases need to know of this server.
pub fn service_config(config: &Config) -> service::Config {
    let host = advertised_host(config);
    let port = config.sip_advertise.as_ref().and_then(|a| a.port).unwrap_or_else(|| match config.sip_advertise {
        Some(_) if config.sip_listen.port() == 0 => SIP_PORT,
        _ => config.sip_listen.port(),
    });
    let server = Advertised { host: host.clone(), port: Some(port) }.to_string();
    let [options_every, observe, not_back] = config.reboot.map(|wait| wait.as_millis() as Millis);
    let usual = Settings::default();
    // A phone that is watched for less than the usual settles sooner too.
    let reboot = Settings { options_every, observe, not_back, settle: usual.settle.min(observe), leave: usual.leave.min(observe), ..usual };
    service::Config {
        server,
        transports: transports(config),
        proposed_realm: proposed(&host),
        own_addresses: own_addresses(config),
        reboot,
        ..service::Config::default()
    }
}

/// How phones may reach us. The others have ports of their own, which an advertised one does not mean.
fn transports(config: &Config) -> Vec<ServerTransport> {
    let doors = &config.sip_doors;
    let others = [(Transport::Tls, doors.tls), (Transport::Ws, doors.ws), (Transport::Wss, doors.wss)];
    let others = others.into_iter().filter_map(|(transport, at)| Some(ServerTransport { transport, port: Some(at?.port()) }));
    [Transport::Udp, Transport::Tcp].map(ServerTransport::shared).into_iter().chain(others).collect()
}

/// A realm has at least four characters, and no colons.
fn proposed(host: &str) -> String {
    domain::rules::text::realm(host).unwrap_or_default()
}

/// The advertised host, else the address that we listen on; of all of them, the first that another machine can reach.
fn advertised_host(config: &Config) -> String {
    if let Some(advertised) = &config.sip_advertise {
        return advertised.host.clone();
    }
    let listen = config.sip_listen.ip();
    if !listen.is_unspecified() {
        return listen.to_string();
    }
    let outside = interfaces().into_iter().find(|ip| !ip.is_loopback() && ip.is_ipv4());
    outside.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_string()
}

fn interfaces() -> Vec<IpAddr> {
    if_addrs::get_if_addrs().map(|all| all.iter().map(if_addrs::Interface::ip).collect()).unwrap_or_default()
}

/// What we listen on or advertise, and the trusted proxies. Of loopback only 127.0.0.1 and `::1`.
fn own_addresses(config: &Config) -> Vec<IpRange> {
    let mut own = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    for listen in [config.listen, config.sip_listen].into_iter().chain(config.sip_doors.addresses().map(|(_, at)| at)).map(|at| at.ip()) {
        if listen.is_unspecified() {
            own.extend(interfaces().into_iter().filter(|ip| !ip.is_loopback()));
        } else {
            own.push(listen);
        }
    }
    if let Some(advertised) = &config.sip_advertise {
        // A name is looked up once, at the start: what it means later is not ours to know.
        match (advertised.host.as_str(), SIP_PORT).to_socket_addrs() {
            Ok(found) => own.extend(found.map(|a| a.ip())),
            Err(error) => tracing::warn!(%error, "the advertised host can't be looked up"),
        }
    }
    own.into_iter().map(IpRange::one).chain(config.trust_proxy.iter().map(proxy)).collect()
}

fn proxy(cidr: &Cidr) -> IpRange {
    let (low, high) = cidr.ends();
    IpRange::between(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    /// Which of `addresses` can't stand for a device.
    fn ours(options: &[&str], addresses: &[&str]) -> Vec<bool> {
        let config = Config::new(Cli::try_parse_from(["seatline"].iter().chain(options)).unwrap().options).unwrap();
        let own = own_addresses(&config);
        addresses.iter().map(|address| own.iter().any(|range| range.overlaps(&IpRange::parse(address).unwrap()))).collect()
    }

    #[test]
    fn what_we_listen_on_advertise_or_trust_stands_for_no_device() {
        let options = ["--listen", "192.0.2.1:3000", "--sip-listen", "192.0.2.2:5060", "--sip-advertise", "192.0.2.3:5070"];
        let options = [&options[..], &["--trust-proxy", "198.51.100.0/28,2001:db8::7"]].concat();
        let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.15", "198.51.100.8/29", "2001:db8::7", "192.0.2.0/24"];
        assert_eq!(ours(&options, &addresses), [true; 7]);
        assert_eq!(ours(&options, &["192.0.2.4", "198.51.100.16", "2001:db8::8"]), [false; 3]);
    }

    #[test]
    fn of_loopback_two_addresses_are_ours_whatever_we_listen_on() {
        for listen in ["0.0.0.0:5060", "127.0.0.1:5060", "[::]:5060"] {
            assert_eq!(ours(&["--sip-listen", listen], &["127.0.0.1", "::1", "127.0.0.2"]), [true, true, false], "{listen}");
        }
        assert_eq!(ours(&["--sip-listen", "127.0.0.2:5060"], &["127.0.0.2"]), [true], "unless we listen there");
    }

    #[test]
    fn with_every_address_listened_on_those_of_the_interfaces_are_ours() {
        for ip in interfaces().into_iter().filter(|ip| !ip.is_loopback()) {
            assert_eq!(ours(&["--sip-listen", "0.0.0.0:5060"], &[&ip.to_string()]), [true]);
            assert_eq!(ours(&["--sip-listen", "127.0.0.1:5060"], &[&ip.to_string()]), [false]);
        }
    }
}
