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
