//! What the engine asks of those who own the data, and what it tells those who watch.

use crate::digest::{Ha1Md5, Ha1Sha256};
use domain::{AccountId, DeviceId, RegistrarEvent};
use std::net::IpAddr;

/// Whose credentials are these? Answered from memory, at once: every REGISTER asks, on the task that reads the socket.
pub trait Directory: Send + Sync + 'static {
    /// Whether this domain (lower case) is ours, and how it authenticates.
    fn realm(&self, realm: &str) -> Option<RealmPolicy>;
    /// The device with this username in this realm, whatever its method and whether or not it is enabled; ASCII case does not count.
    fn by_username(&self, realm: &str, username: &str) -> Option<Registrant>;
    /// The device with IP authentication whose range holds this address (canonical: never `::ffff:` mapped).
    fn by_source(&self, ip: IpAddr) -> Option<Registrant>;
}

/// What holds for a whole realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealmPolicy {
    /// The account that owns it.
    pub account: AccountId,
    /// Challenge with SHA-256 as well as MD5. Off by default: several phones fail at a second challenge.
    pub sha256: bool,
}

/// A device as the registrar sees it.
#[derive(Clone, Debug)]
pub struct Registrant {
    pub account: AccountId,
    pub device: DeviceId,
    /// Lower case.
    pub realm: String,
    pub username: String,
    pub enabled: bool,
    /// The longest registration that is granted, in seconds.
    pub expire_seconds: u32,
    pub credential: Credential,
}

/// What proves that a phone is the device.
#[derive(Clone, Copy, Debug)]
pub enum Credential {
    /// A password, as its hashes over `username:realm:password`.
    Digest { md5: Ha1Md5, sha256: Ha1Sha256 },
    /// Where it comes from.
    Source,
}

/// Told of everything that happens to registrations, in order, on the task where it happens: it must be cheap and must not block.
/// It may ask the engine for bindings.
pub trait Observer: Send + Sync + 'static {
    fn event(&self, event: RegistrarEvent);
}
