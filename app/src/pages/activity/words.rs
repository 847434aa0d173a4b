//! What happened, in words: a verb, and where the thing that it happened to is to be found.

use domain::{Event, EventKind};

/// The words between who and what.
pub const fn verb(kind: EventKind) -> &'static str {
    match kind {
        EventKind::AccountCreated => "made the account",
        EventKind::AccountRenamed => "changed the account",
        EventKind::RealmAdded => "added the realm",
        EventKind::RealmRemoved => "removed the realm",
        EventKind::DefaultRealmChanged => "made the default realm",
        EventKind::SeatCreated => "made the seat",
        EventKind::SeatChanged => "changed the seat",
        EventKind::SeatDeleted => "deleted the seat",
        EventKind::SeatRestored => "restored the seat",
        EventKind::DeviceCreated => "made the device",
        EventKind::DeviceChanged => "changed the device",
        EventKind::DeviceDeleted => "deleted the device",
        EventKind::DeviceRestored => "restored the device",
        EventKind::PasswordLooked => "looked at the password of",
        EventKind::RebootAsked => "asked for a reboot of",
        EventKind::RebootEnded => "reboot ended:",
        EventKind::ResyncAsked => "asked for a resync of",
        EventKind::ResyncEnded => "resync ended:",
        EventKind::ContactRemoved => "unregistered a phone of",
        EventKind::BatchAsked => "asked for many at once:",
        EventKind::BatchEnded => "many at once ended:",
        EventKind::CarrierCreated => "made the carrier",
        EventKind::CarrierChanged => "changed the carrier",
        EventKind::CarrierDeleted => "deleted the carrier",
        EventKind::OperatorInvited => "invited",
        EventKind::OperatorJoined => "joined:",
        EventKind::OperatorRoleChanged => "changed the role of",
        EventKind::OperatorRemoved => "removed",
        EventKind::OperatorPasswordChanged => "changed the own password",
        EventKind::SignedIn => "signed in",
        EventKind::SignedOut => "signed out",
        EventKind::Forbidden => "was not allowed to",
    }
}

/// Whether the words say it all, so that the name of the thing would only repeat who did it.
pub const fn speaks_for_itself(kind: EventKind) -> bool {
    matches!(kind, EventKind::OperatorPasswordChanged | EventKind::SignedIn | EventKind::SignedOut)
}

/// Path below the account's address of the thing, where it still may stand.
pub fn path(event: &Event) -> Option<String> {
    match (event.kind, event.seat, event.device, event.carrier) {
        (EventKind::SeatDeleted | EventKind::DeviceDeleted | EventKind::CarrierDeleted, ..) => None,
        (_, Some(seat), Some(device), _) => Some(format!("/seats/{seat}/devices/{device}")),
        (_, Some(seat), None, _) => Some(format!("/seats/{seat}")),
        (_, _, _, Some(carrier)) => Some(format!("/carriers/{carrier}")),
        _ => None,
    }
}
