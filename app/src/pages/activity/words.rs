//! What happened, in words: a verb, and where the thing that it happened to is to be found.

use domain::{Event, EventKind};

/// The words between who and what.
pub const fn verb(event: &Event) -> &'static str {
    match event.kind {
        EventKind::AccountCreated => "made the account",
        EventKind::AccountRenamed => "changed the account",
        EventKind::RealmAdded => "added the realm",
        EventKind::RealmRemoved => "removed the realm",
        EventKind::DefaultRealmChanged => "made the default realm",
        EventKind::Sha256Changed => "changed what phones are offered",
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
        EventKind::InviteRevoked => "took back the invitation of",
        EventKind::OperatorJoined if event.by.is_none() => "added",
        EventKind::OperatorJoined => "joined:",
        EventKind::OperatorRoleChanged => "changed the role of",
        EventKind::OperatorRemoved => "removed",
        EventKind::OperatorPasswordChanged if event.by.is_none() => "set the password of",
        EventKind::OperatorPasswordChanged => "changed their own password",
        EventKind::SignedIn => "signed in",
        EventKind::SignedOut => "signed out",
        EventKind::BlockLifted => "lifted the block of",
        EventKind::Forbidden => "was not allowed to",
    }
}

/// Whether the words say it all, so that the name of the thing would only repeat who did it.
pub const fn speaks_for_itself(event: &Event) -> bool {
    match event.kind {
        // The command line sets it for somebody else.
        EventKind::OperatorPasswordChanged => event.by.is_some(),
        EventKind::SignedIn | EventKind::SignedOut | EventKind::Sha256Changed => true,
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AccountId, OperatorId};
    use uuid::Uuid;

    /// What a row says, without who and when.
    fn said(kind: EventKind, by: Option<OperatorId>) -> String {
        let event = Event {
            seq: 1,
            account: AccountId(Uuid::nil()),
            at: 0,
            by,
            by_name: "command line".into(),
            kind,
            seat: None,
            device: None,
            carrier: None,
            subject: "bob".into(),
            changes: Vec::new(),
            note: String::new(),
        };
        if speaks_for_itself(&event) { verb(&event).to_owned() } else { format!("{} {}", verb(&event), event.subject) }
    }

    #[test]
    fn what_the_command_line_did_to_somebody_names_whom() {
        assert_eq!(said(EventKind::OperatorPasswordChanged, None), "set the password of bob");
        assert_eq!(said(EventKind::OperatorPasswordChanged, Some(OperatorId(Uuid::nil()))), "changed their own password");
        assert_eq!(said(EventKind::OperatorJoined, None), "added bob");
    }

    #[test]
    fn what_is_taken_back_or_offered_is_no_change_of_the_account() {
        assert_eq!(said(EventKind::InviteRevoked, None), "took back the invitation of bob");
        assert_eq!(said(EventKind::Sha256Changed, None), "changed what phones are offered");
        assert_eq!(said(EventKind::BlockLifted, None), "lifted the block of bob");
    }
}
