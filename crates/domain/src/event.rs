//! The append-only history: what happened, to what, by whom. Activity, timelines and the live stream are views of it. Never a secret in it.

use crate::{AccountId, CarrierId, DeviceId, Millis, OperatorId, SeatId, form::Change};
use serde::{Deserialize, Serialize};

/// What happened. The stored word is the serde name: it never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    AccountCreated,
    AccountRenamed,
    RealmAdded,
    RealmRemoved,
    DefaultRealmChanged,
    /// Whether SHA-256 is offered to phones beside MD5.
    Sha256Changed,
    SeatCreated,
    SeatChanged,
    SeatDeleted,
    SeatRestored,
    DeviceCreated,
    DeviceChanged,
    DeviceDeleted,
    DeviceRestored,
    /// A stored SIP password was shown or copied.
    PasswordLooked,
    RebootAsked,
    RebootEnded,
    ResyncAsked,
    ResyncEnded,
    /// A registration was ended by an operator.
    ContactRemoved,
    /// Reboots or resyncs of many devices, one after another.
    BatchAsked,
    BatchEnded,
    CarrierCreated,
    CarrierChanged,
    CarrierDeleted,
    OperatorInvited,
    /// An open invitation was taken back.
    InviteRevoked,
    OperatorJoined,
    OperatorRoleChanged,
    OperatorRemoved,
    OperatorPasswordChanged,
    SignedIn,
    SignedOut,
    /// A source that failed too often is heard again.
    BlockLifted,
    /// A request that the operator's role does not allow.
    Forbidden,
}

impl EventKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AccountRenamed => "account_renamed",
            Self::RealmAdded => "realm_added",
            Self::RealmRemoved => "realm_removed",
            Self::DefaultRealmChanged => "default_realm_changed",
            Self::Sha256Changed => "sha256_changed",
            Self::SeatCreated => "seat_created",
            Self::SeatChanged => "seat_changed",
            Self::SeatDeleted => "seat_deleted",
            Self::SeatRestored => "seat_restored",
            Self::DeviceCreated => "device_created",
            Self::DeviceChanged => "device_changed",
            Self::DeviceDeleted => "device_deleted",
            Self::DeviceRestored => "device_restored",
            Self::PasswordLooked => "password_looked",
            Self::RebootAsked => "reboot_asked",
            Self::RebootEnded => "reboot_ended",
            Self::ResyncAsked => "resync_asked",
            Self::ResyncEnded => "resync_ended",
            Self::ContactRemoved => "contact_removed",
            Self::BatchAsked => "batch_asked",
            Self::BatchEnded => "batch_ended",
            Self::CarrierCreated => "carrier_created",
            Self::CarrierChanged => "carrier_changed",
            Self::CarrierDeleted => "carrier_deleted",
            Self::OperatorInvited => "operator_invited",
            Self::InviteRevoked => "invite_revoked",
            Self::OperatorJoined => "operator_joined",
            Self::OperatorRoleChanged => "operator_role_changed",
            Self::OperatorRemoved => "operator_removed",
            Self::OperatorPasswordChanged => "operator_password_changed",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::BlockLifted => "block_lifted",
            Self::Forbidden => "forbidden",
        }
    }

    pub const ALL: [Self; 35] = [
        Self::AccountCreated,
        Self::AccountRenamed,
        Self::RealmAdded,
        Self::RealmRemoved,
        Self::DefaultRealmChanged,
        Self::Sha256Changed,
        Self::SeatCreated,
        Self::SeatChanged,
        Self::SeatDeleted,
        Self::SeatRestored,
        Self::DeviceCreated,
        Self::DeviceChanged,
        Self::DeviceDeleted,
        Self::DeviceRestored,
        Self::PasswordLooked,
        Self::RebootAsked,
        Self::RebootEnded,
        Self::ResyncAsked,
        Self::ResyncEnded,
        Self::ContactRemoved,
        Self::BatchAsked,
        Self::BatchEnded,
        Self::CarrierCreated,
        Self::CarrierChanged,
        Self::CarrierDeleted,
        Self::OperatorInvited,
        Self::InviteRevoked,
        Self::OperatorJoined,
        Self::OperatorRoleChanged,
        Self::OperatorRemoved,
        Self::OperatorPasswordChanged,
        Self::SignedIn,
        Self::SignedOut,
        Self::BlockLifted,
        Self::Forbidden,
    ];

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What happened to what, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub account: AccountId,
    pub at: Millis,
    /// None: the system itself, or the command line.
    pub by: Option<OperatorId>,
    pub by_name: String,
    pub kind: EventKind,
    pub seat: Option<SeatId>,
    pub device: Option<DeviceId>,
    pub carrier: Option<CarrierId>,
    /// The name of what it happened to, as it was then.
    pub subject: String,
    pub changes: Vec<Change>,
    /// More in plain words, where changes don't tell it.
    pub note: String,
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Rises in the order of commits.
    pub seq: i64,
    pub account: AccountId,
    pub at: Millis,
    pub by: Option<OperatorId>,
    pub by_name: String,
    pub kind: EventKind,
    pub seat: Option<SeatId>,
    pub device: Option<DeviceId>,
    pub carrier: Option<CarrierId>,
    pub subject: String,
    pub changes: Vec<Change>,
    pub note: String,
}
