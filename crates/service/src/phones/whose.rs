//! Whose a refused try is. The registrar tells what it looked up; a phone with the right username and a wrong realm is found here.

use super::Roster;
use domain::{AccountId, RefusedBecause, RegistrarEvent};

/// Fills in account and device of a refusal. A username that one device alone has is that device with a wrong realm: one of the same
/// account, or one that nobody has. A try with a realm that nobody has is the account's where there is only one.
pub(super) fn attribute(roster: &Roster, sole: Option<AccountId>, event: &mut RegistrarEvent) {
    let RegistrarEvent::Refused { account, device, username, why, .. } = event else { return };
    if device.is_some() {
        return;
    }
    let by_name = matches!(why, RefusedBecause::UnknownUser | RefusedBecause::UnknownRealm);
    if let Some((owner, found)) = roster.only_by_username(username, *account).filter(|_| by_name) {
        (*account, *device, *why) = (Some(owner), Some(found), RefusedBecause::UnknownRealm);
    } else if account.is_none() {
        *account = sole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DeviceId, SeatId, Sender};
    use store::DirectoryRow;
    use uuid::Uuid;

    fn row(device: u128, account: AccountId, username: &str) -> DirectoryRow {
        DirectoryRow {
            device: DeviceId(Uuid::from_u128(device)),
            account,
            seat: SeatId(Uuid::from_u128(1)),
            realm: "first.test".into(),
            username: username.into(),
            enabled: true,
            method_ip: false,
            inherits: true,
            expire_seconds: 360,
            ranges: Vec::new(),
            password: None,
            invite_format: "username".into(),
            number: String::new(),
            route: String::new(),
            outbound_flags: Vec::new(),
        }
    }

    #[test]
    fn a_name_that_one_device_alone_has_is_that_device_and_what_is_nobodys_is_the_sole_accounts() {
        use RefusedBecause::{Malformed, UnknownRealm, UnknownUser};
        let [first, second] = [1, 2].map(|n| AccountId(Uuid::from_u128(n)));
        let mut roster = Roster::default();
        for (device, account, username) in [(1, first, "desk"), (2, first, "both"), (3, second, "both")] {
            roster.put(&row(device, account, username));
        }
        for (account, sole, username, why, expected) in [
            (None, None, "DESK", UnknownRealm, (Some(first), Some(1), UnknownRealm)),
            (Some(first), None, "desk", UnknownUser, (Some(first), Some(1), UnknownRealm)),
            (Some(second), None, "desk", UnknownUser, (Some(second), None, UnknownUser)),
            (None, None, "both", UnknownRealm, (None, None, UnknownRealm)),
            (Some(second), None, "both", UnknownUser, (Some(second), Some(3), UnknownRealm)),
            (None, Some(first), "nobody", UnknownRealm, (Some(first), None, UnknownRealm)),
            // What can't be read says nothing of a realm.
            (None, Some(first), "desk", Malformed, (Some(first), None, Malformed)),
            (None, None, "desk", Malformed, (None, None, Malformed)),
        ] {
            let mut event = RegistrarEvent::Refused {
                account,
                device: None,
                realm: "typing-error.test".into(),
                username: username.into(),
                source: ([192, 0, 2, 7], 5060).into(),
                sender: Sender::default(),
                why,
                at: 0,
            };
            attribute(&roster, sole, &mut event);
            let RegistrarEvent::Refused { account, device, why, .. } = event else { unreachable!("it stays what it is") };
            let (owner, found, told) = expected;
            assert_eq!((account, device, why), (owner, found.map(|n| DeviceId(Uuid::from_u128(n))), told), "{username}");
        }
    }
}
