//! Which addresses are ours: what phones are pointed to, and what can't stand for a device.

use crate::config::{Advertised, Cidr, Config};
use domain::rules::ip::IpRange;
use domain::{Millis, reboot::Settings};
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
    service::Config { server, proposed_realm: proposed(&host), own_addresses: own_addresses(config), reboot, ..service::Config::default() }
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
    for listen in [config.listen.ip(), config.sip_listen.ip()] {
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
