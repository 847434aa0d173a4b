//! What the use cases need to know of where they run.

use domain::reboot::Settings;
use domain::rules::ip::IpRange;
use domain::view::ServerTransport;
use domain::{DAY, HOUR, Millis, Transport};

/// Settings of a running Seatline.
#[derive(Clone, Debug)]
pub struct Config {
    /// Host and port that phones are pointed to.
    pub server: String,
    pub transports: Vec<ServerTransport>,
    /// The first realm that setup proposes: the host of `--sip-advertise`.
    pub proposed_realm: String,
    /// Addresses that can't stand for a device: our own and those of trusted proxies.
    pub own_addresses: Vec<IpRange>,
    /// A session ends after so long without a request, and after so long in any case.
    pub idle: Millis,
    pub absolute: Millis,
    pub reboot: Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: "127.0.0.1:5060".into(),
            transports: [Transport::Udp, Transport::Tcp].map(ServerTransport::shared).into(),
            proposed_realm: String::new(),
            own_addresses: Vec::new(),
            idle: 12 * HOUR,
            absolute: 7 * DAY,
            reboot: Settings::default(),
        }
    }
}
