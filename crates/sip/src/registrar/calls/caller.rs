//! Who calls?

use super::super::auth::{Claim, Proved, credentials, prove};
use super::super::{Origin, Registrar};
use crate::directory::{Credential, RealmPolicy, Registrant};
use crate::message::{Address, Answer, Message, SipUri, parse_uri, percent_decode};
use domain::ProvedBy;

/// The device that sent an INVITE, or what to answer instead.
///
/// A password may be proved without a registration: who it is, is what counts. A From in a realm of ours has to be the caller's own, as in a
/// REGISTER; another one (`anonymous@anonymous.invalid`, RFC 3323) says nothing, and the username of the digest does. A gateway with IP
/// authentication is known by its address and may write any From but another device's.
pub(super) fn caller(registrar: &Registrar, request: &Message, called: &SipUri, from: &Address, origin: Origin) -> Result<Proved, Answer> {
    let directory = &registrar.directory;
    let from = parse_uri(&from.uri).ok();
    let from_user = from.as_ref().and_then(|f| f.user.as_deref()).map(percent_decode).unwrap_or_default();
    let own_realm = from.and_then(|f| directory.realm(&f.host).map(|policy| (f.host, policy)));
    let named = own_realm.as_ref().and_then(|(realm, _)| directory.by_username(realm, &from_user));
    let at_source = registrar.at_source(origin).filter(|d| matches!(d.credential, Credential::Source));

    let realm = own_realm.clone().or_else(|| challenged_realm(registrar, called, at_source.as_ref()));
    // Neither from us nor to us.
    let (realm, policy) = realm.ok_or_else(|| Answer::new(404))?;
    let given = credentials(request, &realm)?;
    if given.is_none()
        && let Some(device) = at_source
        && named.as_ref().is_none_or(|n| n.device == device.device)
    {
        let enabled = device.enabled;
        let proved = Proved { device, by: ProvedBy::Source, challenged: false };
        return if enabled { Ok(proved) } else { Err(Answer::new(403)) };
    }
    let digest_user = given.as_ref().and_then(|g| g.get("username")).unwrap_or_default().to_owned();
    let username = if own_realm.is_some() { from_user } else { digest_user };
    let now = registrar.clock.now();
    let claim = Claim {
        method: "INVITE",
        realm: &realm,
        account: Some(policy.account),
        sha256: policy.sha256,
        username: &username,
        from_user: &username,
        request,
        origin,
        now,
    };
    prove(registrar, request, &claim)
}

/// The realm to ask for when From names none: the one that is called, or that of the device at this address.
fn challenged_realm(registrar: &Registrar, called: &SipUri, at_source: Option<&Registrant>) -> Option<(String, RealmPolicy)> {
    let policy = |realm: &str| registrar.directory.realm(realm).map(|policy| (realm.to_owned(), policy));
    policy(&called.host).or_else(|| policy(&at_source?.realm))
}
