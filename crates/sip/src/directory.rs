//! What the engine asks of those who own the data, and what it tells those who watch.

use crate::digest::{Ha1Md5, Ha1Sha256};
use domain::routing::{Carrier, Flag};
use domain::{AccountId, DeviceId, InviteFormat, RegistrarEvent};
use std::net::IpAddr;
use std::sync::Arc;

/// Whose credentials are these, and whom does this number call? Answered from memory, at once: every REGISTER and INVITE asks, on the task
/// that reads the socket.
///
/// The last four are what calls go by. Without them nobody can be called by extension or number and no call leaves: an INVITE that proves
/// itself ends with 403, 404, 480 or 503.
pub trait Directory: Send + Sync + 'static {
    /// Whether this domain (lower case) is ours, and how it authenticates.
    fn realm(&self, realm: &str) -> Option<RealmPolicy>;
    /// Whether every realm is challenged with SHA-256 too. Then so is one that is nobody's: it must not be told by that, and a phone that comes
    /// with the realm of before a save can still prove which it is. Where only some are, there are phones that a second challenge would keep
    /// from answering.
    fn all_take_sha256(&self) -> bool {
        false
    }
    /// The device with this username in this realm, whatever its method and whether or not it is enabled; ASCII case does not count.
    fn by_username(&self, realm: &str, username: &str) -> Option<Registrant>;
    /// What a device was to prove itself by before a save, under this username in this realm, while somebody waits for its phone to come back;
    /// ASCII case does not count. It opens nothing: a REGISTER that fits it is refused like any other, and told as that.
    fn previous(&self, realm: &str, username: &str) -> Option<Previous> {
        let _ = (realm, username);
        None
    }
    /// Whether a device has this username, in whatever realm; ASCII case does not count. What is tried with such a name may be that device's
    /// phone with a wrong realm, and is not drowned by what strangers try.
    fn is_username(&self, username: &str) -> bool {
        let _ = username;
        false
    }
    /// The device with IP authentication whose range holds this address (canonical: never `::ffff:` mapped).
    fn by_source(&self, ip: IpAddr) -> Option<Registrant>;

    /// The undeleted devices of the seat with this extension, in every realm of the account. None: no seat has it; a seat without devices is an
    /// empty list, so that its extension is not taken for a number to dial outside.
    fn by_extension(&self, account: AccountId, extension: &str) -> Option<Vec<DeviceId>> {
        let _ = (account, extension);
        None
    }

    /// The undeleted devices of the account whose Number is this one: `number` and theirs compared as [`domain::routing::number_key`] writes
    /// them.
    fn by_number(&self, account: AccountId, number: &str) -> Vec<DeviceId> {
        let _ = (account, number);
        Vec::new()
    }

    /// How an undeleted device is called and calls.
    fn call_rules(&self, device: DeviceId) -> Option<Arc<CallRules>> {
        let _ = device;
        None
    }

    /// The carriers of an account, the disabled ones too: they tell why a call fails.
    fn carriers(&self, account: AccountId) -> Arc<[Carrier]> {
        let _ = account;
        Arc::new([])
    }
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

/// The password of before a save, as its hashes over `username:realm:password` of then.
#[derive(Clone, Copy, Debug)]
pub struct Previous {
    pub device: DeviceId,
    pub md5: Ha1Md5,
    pub sha256: Ha1Sha256,
}

/// The parameters of a device that calls obey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallRules {
    pub username: String,
    /// Makes the Request-URI of a call to it, with `number` and `route`.
    pub invite_format: InviteFormat,
    pub number: Option<String>,
    pub route: Option<String>,
    /// Choose the carrier of a call from it.
    pub outbound_flags: Vec<Flag>,
}

/// Told of everything that happens to registrations, in order, on the task where it happens: it must be cheap and must not block.
/// It may ask the engine for bindings.
pub trait Observer: Send + Sync + 'static {
    fn event(&self, event: RegistrarEvent);
}
