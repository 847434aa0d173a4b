//! A live registration (RFC 3261 §10), as registrar, storage and pages share it.

use crate::{AccountId, DeviceId, Millis};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How SIP reaches the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    Udp,
    Tcp,
    Tls,
    Ws,
    Wss,
}

impl Transport {
    /// As shown to a person, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    /// Whether a connection carries it, that can be gone.
    pub const fn is_stream(self) -> bool {
        !matches!(self, Self::Udp)
    }
}

/// What proved that the phone is the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProvedBy {
    Password,
    Source,
}

/// Names one binding for as long as it lives: the device and its contact, byte for byte (without parameters of the header).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BindingKey {
    pub device: DeviceId,
    /// The Contact URI as the phone wrote it.
    pub contact: String,
}

/// One live registration of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub account: AccountId,
    pub device: DeviceId,
    /// `sip:username@realm`.
    pub aor: String,
    /// The Contact URI byte for byte (what stands between `<` and `>`, or the bare addr-spec).
    pub contact: String,
    /// Where the REGISTER came from: requests to the phone go back there.
    pub source: SocketAddr,
    pub transport: Transport,
    /// Names the connection of a stream transport within this run of the registrar; none for UDP.
    pub connection: Option<u64>,
    /// Path header values in order (RFC 3327).
    pub path: Vec<String>,
    /// `+sip.instance` (RFC 5626), as written.
    pub instance: Option<String>,
    pub reg_id: Option<u32>,
    pub user_agent: Option<String>,
    pub call_id: String,
    pub cseq: u32,
    pub q: Option<String>,
    pub proved_by: ProvedBy,
    /// The contact names another host or port than `source`: keep-alives are needed.
    pub natted: bool,
    /// False for a stream binding whose connection is gone: registered, but not reachable until the phone reconnects.
    pub reachable: bool,
    /// When this contact first registered without a gap.
    pub since: Millis,
    pub refreshed: Millis,
    pub expires: Millis,
}

impl Binding {
    pub fn key(&self) -> BindingKey {
        BindingKey { device: self.device, contact: self.contact.clone() }
    }
}

/// Why a registration is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// The phone removed it: over the binding's own flow, or with its Call-ID.
    Unregistered,
    /// A REGISTER over another flow and with another Call-ID removed it. It may be another phone of the device: this says nothing of this one.
    UnregisteredElsewhere,
    /// The phone came with another contact in its place (RFC 5626 §6: the same instance and `reg-id`). It is there: this is no un-REGISTER.
    Replaced,
    /// Nothing could reach it any more, and the device's next contact needed its room.
    MadeRoom,
    /// It was not refreshed in time.
    Expired,
    /// A save changed what it rests on (realm, username, password, method, IP), or disabled the device.
    Changed,
    /// The device or its seat was deleted.
    Deleted,
    /// An operator removed the contact.
    Removed,
}

/// Why a REGISTER was refused. What stands here is for the operator; on the wire a wrong realm, an unknown user and a
/// wrong password look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBecause {
    /// Right names, and a digest that does not fit the password.
    WrongPassword,
    /// Its digest names the username in another case than it is saved in, and does not fit: a digest is made of the name as it is written, so
    /// whether the password is right can't be told.
    OtherCase,
    /// Its credentials are of another username than the one that it registers: whether the password is right can't be told.
    OtherUsername,
    /// The credentials are right, but From is another user than To.
    FromIsNotTo,
    UnknownUser,
    UnknownRealm,
    AddressNotAllowed,
    Disabled,
    /// A right answer to a challenge came twice.
    NonceTrouble,
    TooManyContacts,
    IntervalTooBrief,
    Malformed,
    /// Asked for its password, it never answered.
    NoCredentials,
    /// Its answers are for another realm than it was asked for.
    OtherRealm,
    /// Its answers lack `qop=auth`, or use an algorithm that was not offered.
    UnfitDigest,
    /// Its answers are to challenges that are no longer good, though each brought a new one.
    StaleNonce,
    /// Its answers come from another address than the one that was challenged: a NAT with several.
    OtherAddress,
    /// Too many wrong passwords came before: it was not looked at.
    Blocked,
    /// Its `CSeq` does not rise within a Call-ID (RFC 3261 §10.3).
    OutOfOrder,
    /// It asks for an outbound flow by way of a proxy that keeps none (RFC 5626 §6, 439).
    FirstHop,
}

/// What a refused REGISTER says of the phone that sent it. All but the proof is as the sender wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    pub call_id: String,
    /// Contact URIs; none for `*`.
    pub contacts: Vec<String>,
    /// What its contacts say of the phone itself (`+sip.instance`, RFC 5626 §4.1).
    pub instances: Vec<String>,
    pub user_agent: Option<String>,
    /// Its digest fits what this device was to prove itself by before a save.
    pub proves_previous: Option<DeviceId>,
}

/// What the registrar tells those who watch. Times are the registrar's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrarEvent {
    /// A contact that was not bound before.
    Registered(Binding),
    /// A bound contact again; `reconnected` when its flow or Call-ID is another than before.
    Refreshed {
        binding: Binding,
        reconnected: bool,
    },
    /// The connection of a stream binding closed: still registered, not reachable.
    Unreachable(Binding),
    Dropped {
        binding: Binding,
        why: Dropped,
    },
    Refused {
        account: Option<AccountId>,
        device: Option<DeviceId>,
        realm: String,
        username: String,
        source: SocketAddr,
        sender: Sender,
        why: RefusedBecause,
        at: Millis,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_events_are_read_by_the_names_they_were_written_with() {
        let names = ["unregistered", "unregistered_elsewhere", "expired", "changed", "deleted", "removed", "replaced", "made_room"];
        let read = names.map(|name| serde_json::from_value::<Dropped>(name.into()).expect(name));
        let all = [
            Dropped::Unregistered,
            Dropped::UnregisteredElsewhere,
            Dropped::Expired,
            Dropped::Changed,
            Dropped::Deleted,
            Dropped::Removed,
            Dropped::Replaced,
            Dropped::MadeRoom,
        ];
        assert_eq!(read, all);
    }
}
