//! What we are called besides our realms: gateways address the machine.

use crate::config::Config;
use crate::message::host_port;
use std::net::IpAddr;

pub(super) struct OwnNames {
    advertised: Option<String>,
    listening: Option<IpAddr>,
    ports: Vec<u16>,
}

impl OwnNames {
    pub fn new(config: &Config) -> Self {
        let advertised = config.advertise.as_deref().and_then(|name| host_port(name).or_else(|| host_port(&format!("[{name}]"))));
        let listening = config.listen.ip().to_canonical();
        let named = advertised.as_ref().and_then(|(_, port)| *port);
        let others = [config.tls, config.ws, config.wss].into_iter().flatten().map(|address| address.port());
        Self {
            ports: others.chain(named).chain([config.listen.port()]).collect(),
            advertised: advertised.map(|(host, _)| host),
            listening: (!listening.is_unspecified()).then_some(listening),
        }
    }

    /// Whether a URI's port is ours; another one of this machine belongs to another program.
    pub fn has_port(&self, port: Option<u16>) -> bool {
        port.is_none_or(|port| self.ports.contains(&port))
    }

    /// Whether a URI's host (lower case, without brackets) is this machine.
    pub fn is(&self, host: &str) -> bool {
        let same = |own: IpAddr| host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical() == own);
        let advertised = |own: &String| own == host || own.parse::<IpAddr>().is_ok_and(same);
        self.advertised.as_ref().is_some_and(advertised) || self.listening.is_some_and(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_known_by_name_and_address() {
        let own = |listen: &str, advertise: Option<&str>| {
            let config = Config::new(listen.parse().expect("address"));
            OwnNames::new(&Config { advertise: advertise.map(str::to_owned), ..config })
        };
        let named = own("0.0.0.0:5060", Some("SIP.example:5070"));
        assert!(named.has_port(None) && named.has_port(Some(5060)) && named.has_port(Some(5070)) && !named.has_port(Some(5080)));
        assert!(named.is("sip.example") && !named.is("0.0.0.0") && !named.is("other.example"));
        for advertise in ["2001:db8::1", "[2001:db8::1]:5060"] {
            assert!(own("[::]:5060", Some(advertise)).is("2001:db8:0::1"), "{advertise}");
        }
        assert!(own("10.0.0.1:5060", None).is("10.0.0.1") && !own("[::]:5060", None).is("::"));
    }
}
