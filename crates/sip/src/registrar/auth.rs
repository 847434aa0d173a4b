//! Who is it? Digest or source address (RFC 3261 §22.4, RFC 7616), so that an unknown user, a wrong password and, in a REGISTER, a realm that
//! is nobody's look alike on the wire.

use super::penalties::Who;
use super::{Origin, Place, Registrar};
use crate::digest::{Algorithm, Count, NonceState, matches};
use crate::directory::{Credential, Registrant};
use crate::message::{Answer, AuthParams, Message, is_digest, parse_auth};
use domain::{AccountId, DeviceId, Millis, ProvedBy, RefusedBecause};

/// Hashed in the place of an HA1 that there is none of.
const NO_HA1: &str = "00000000000000000000000000000000";

/// Who claims to be whom.
pub(super) struct Claim<'a> {
    /// Of the request, as it goes into the digest.
    pub method: &'static str,
    pub realm: &'a str,
    /// That owns the realm. None: it is nobody's; a password is asked for all the same, and none is right.
    pub account: Option<AccountId>,
    /// Challenge with SHA-256 as well as MD5.
    pub sha256: bool,
    /// The user part of To (of an INVITE: of From), unescaped.
    pub username: &'a str,
    /// The user part of From, unescaped: it must be the same one.
    pub from_user: &'a str,
    pub request: &'a Message,
    pub origin: Origin,
    pub now: Millis,
}

impl Claim<'_> {
    /// Why it can't be right, where no device has the username.
    fn of_nobody(&self) -> RefusedBecause {
        if self.account.is_some() { RefusedBecause::UnknownUser } else { RefusedBecause::UnknownRealm }
    }
}

/// A claim that holds.
pub(super) struct Proved {
    pub device: Registrant,
    pub by: ProvedBy,
    /// A challenge went ahead of it.
    pub challenged: bool,
}

impl Proved {
    /// How many messages were charged for that this success is worth: itself, and `before` that its challenge cost. A source address over UDP
    /// can be forged: that proves nothing and gives nothing back.
    pub fn credit(&self, origin: Origin, before: u32) -> u32 {
        match self.by {
            ProvedBy::Password => 1 + if self.challenged { before } else { 0 },
            ProvedBy::Source => u32::from(origin.transport.is_stream()),
        }
    }
}

/// Proves a claim, or says what to answer. An answer that is no challenge is final and may be kept.
pub(super) fn prove(registrar: &Registrar, request: &Message, claim: &Claim<'_>) -> Result<Proved, Answer> {
    let found = registrar.directory.by_username(claim.realm, claim.username);
    let outcome = proof(registrar, request, claim, found.clone());
    if outcome.as_ref().is_err_and(|answer| answer.code == 400) {
        registrar.refused_quietly(claim, found.as_ref(), RefusedBecause::Malformed);
    }
    outcome
}

fn proof(registrar: &Registrar, request: &Message, claim: &Claim<'_>, found: Option<Registrant>) -> Result<Proved, Answer> {
    let at_source = registrar.at_source(claim.origin);
    match &found {
        Some(device) if matches!(device.credential, Credential::Source) => {
            if at_source.is_some_and(|s| s.device == device.device) && same_user(claim) {
                return allowed(registrar, claim, Proved { device: device.clone(), by: ProvedBy::Source, challenged: false });
            }
            registrar.refused_quietly(claim, found.as_ref(), RefusedBecause::AddressNotAllowed);
        }
        None => {
            let here = at_source.filter(|s| s.realm == claim.realm);
            if here.is_some() {
                registrar.refused_quietly(claim, here.as_ref(), RefusedBecause::UnknownUser);
            }
        }
        Some(_) => {}
    }
    let Some(params) = credentials(request, claim.realm)? else {
        match (&found, request.all("authorization").any(is_digest)) {
            (Some(device), false) => registrar.refused_again(request, claim, device, RefusedBecause::NoCredentials),
            (Some(device), true) => registrar.refused_again(request, claim, device, RefusedBecause::OtherRealm),
            (None, true) => registrar.refused_quietly(claim, None, claim.of_nobody()),
            (None, false) if claim.account.is_none() => registrar.refused_quietly(claim, None, RefusedBecause::UnknownRealm),
            (None, false) => {}
        }
        return Err(challenge(registrar, claim, false));
    };
    digest(registrar, request, claim, found, &params)
}

/// What an answer to a challenge must carry.
struct Given<'a> {
    username: &'a str,
    nonce: &'a str,
    uri: &'a str,
    response: &'a str,
    nc: &'a str,
    cnonce: &'a str,
}

fn digest(
    registrar: &Registrar,
    request: &Message,
    claim: &Claim<'_>,
    found: Option<Registrant>,
    params: &AuthParams,
) -> Result<Proved, Answer> {
    let once_more = |why, stale| {
        if let Some(device) = &found {
            registrar.refused_again(request, claim, device, why);
        }
        challenge(registrar, claim, stale)
    };
    let algorithm = Algorithm::parse(params.get("algorithm")).filter(|a| *a == Algorithm::Md5 || claim.sha256);
    let qop = params.get("qop").filter(|q| q.eq_ignore_ascii_case("auth"));
    let (Some(algorithm), Some(_)) = (algorithm, qop) else { return Err(once_more(RefusedBecause::UnfitDigest, false)) };
    let given = given(params).ok_or_else(|| Answer::new(400))?;
    let nc = count(given.nc).ok_or_else(|| Answer::new(400))?;
    let id = match registrar.nonces.check(given.nonce, claim.now, claim.realm, claim.origin.source.ip()) {
        NonceState::Valid(id) => id,
        NonceState::Stale => return Err(once_more(RefusedBecause::StaleNonce, true)),
        NonceState::Elsewhere => return Err(once_more(RefusedBecause::OtherAddress, true)),
    };
    registrar.answered(claim, found.as_ref());
    let ha1 = match found.as_ref().map(|f| f.credential) {
        Some(Credential::Digest { md5, .. }) if algorithm == Algorithm::Md5 => Some(md5.hex()),
        Some(Credential::Digest { sha256, .. }) => Some(sha256.hex()),
        Some(Credential::Source) | None => None,
    };
    let who = who(claim, ha1.as_deref());
    let wait = registrar.penalties.lock().wait(&who, claim.now);
    // A phone that is registered over this very flow does not pay for its neighbours behind the same address.
    if let Some(wait) = wait.filter(|_| !is_bound_here(registrar, claim, found.as_ref())) {
        if found.is_some() {
            registrar.refused_quietly(claim, found.as_ref(), RefusedBecause::Blocked);
        }
        return Err(Answer::new(503).with("Retry-After", wait.to_string()));
    }
    // The `uri` is hashed as given and not compared to the Request-URI: SIPp and some phones name the server there, and an answer can't be used
    // again for another request, since `nc` has to rise. Without a password the same work is done, for the same time.
    let ha1_or_none = ha1.as_deref().unwrap_or(NO_HA1);
    let expected = algorithm.response(ha1_or_none, given.nonce, Some((given.nc, given.cnonce)), claim.method, given.uri);
    let (fits, same_name) = (matches(&expected, given.response) & ha1.is_some(), given.username.eq_ignore_ascii_case(claim.username));
    let right = fits & same_name & same_user(claim);
    let Some(device) = found.as_ref().filter(|_| right) else {
        registrar.penalties.lock().failed(claim.account, who, claim.now);
        let why = match found.as_ref().map(|f| f.credential) {
            None => claim.of_nobody(),
            Some(Credential::Source) => RefusedBecause::AddressNotAllowed,
            Some(Credential::Digest { .. }) if !same_name => RefusedBecause::OtherUsername,
            Some(Credential::Digest { .. }) if fits => RefusedBecause::FromIsNotTo,
            // HA1 is of the name as it is saved; the phone hashed the one that it wrote.
            Some(Credential::Digest { .. }) if found.as_ref().is_some_and(|f| f.username != given.username) => RefusedBecause::OtherCase,
            Some(Credential::Digest { .. }) => RefusedBecause::WrongPassword,
        };
        let previous = proves_previous(registrar, claim, algorithm, &given);
        match (why, previous) {
            // There is no end of names of realms: each is told once a minute from a source, and mostly was when the phone asked to be challenged.
            (RefusedBecause::UnknownRealm, None) => registrar.refused_quietly(claim, None, why),
            _ => registrar.refused(claim, found.as_ref(), why, previous),
        }
        return Err(Answer::new(403));
    };
    let challenged = match registrar.nonces.count(id, nc, claim.now) {
        Count::First => true,
        Count::Rises => false,
        Count::Repeats => {
            registrar.refused(claim, found.as_ref(), RefusedBecause::NonceTrouble, None);
            return Err(challenge(registrar, claim, true));
        }
    };
    registrar.penalties.lock().succeeded(&who);
    registrar.succeeded(device);
    allowed(registrar, claim, Proved { device: device.clone(), by: ProvedBy::Password, challenged })
}

/// The device whose password of before a save a failed REGISTER proves. The same work is done whether or not there is one.
fn proves_previous(registrar: &Registrar, claim: &Claim<'_>, algorithm: Algorithm, given: &Given<'_>) -> Option<DeviceId> {
    let previous = registrar.directory.previous(claim.realm, claim.username);
    let ha1 = previous.map(|p| if algorithm == Algorithm::Md5 { p.md5.hex() } else { p.sha256.hex() });
    let ha1 = ha1.as_deref().unwrap_or(NO_HA1);
    let expected = algorithm.response(ha1, given.nonce, Some((given.nc, given.cnonce)), claim.method, given.uri);
    let fits = matches(&expected, given.response);
    previous.filter(|_| fits && claim.method == "REGISTER").map(|p| p.device)
}

fn is_bound_here(registrar: &Registrar, claim: &Claim<'_>, device: Option<&Registrant>) -> bool {
    device.is_some_and(|d| registrar.table.lock().has_at(d.device, Place::of(claim.origin)))
}

/// The last gate, reached only with a proof: a disabled device is told so to nobody else.
fn allowed(registrar: &Registrar, claim: &Claim<'_>, proved: Proved) -> Result<Proved, Answer> {
    let device = &proved.device;
    if device.enabled {
        return Ok(proved);
    }
    match proved.by {
        ProvedBy::Password => registrar.refused(claim, Some(device), RefusedBecause::Disabled, None),
        ProvedBy::Source => registrar.refused_quietly(claim, Some(device), RefusedBecause::Disabled),
    }
    Err(Answer::new(403))
}

fn same_user(claim: &Claim<'_>) -> bool {
    claim.from_user.eq_ignore_ascii_case(claim.username)
}

/// The credentials for our realm; those for others and of other schemes are passed over. A digest that can't be read is a 400.
pub(super) fn credentials(request: &Message, realm: &str) -> Result<Option<AuthParams>, Answer> {
    for value in request.all("authorization").filter(|value| is_digest(value)) {
        let params = parse_auth(value).ok_or_else(|| Answer::new(400))?;
        if params.get("realm").is_some_and(|r| r.eq_ignore_ascii_case(realm)) {
            return Ok(Some(params));
        }
    }
    Ok(None)
}

fn given(params: &AuthParams) -> Option<Given<'_>> {
    Some(Given {
        username: params.get("username")?,
        nonce: params.get("nonce")?,
        uri: params.get("uri")?,
        response: params.get("response")?,
        nc: params.get("nc")?,
        cnonce: params.get("cnonce")?,
    })
}

/// `nc` is eight hex digits (RFC 7616 §3.4).
fn count(nc: &str) -> Option<u32> {
    let shaped = nc.len() == 8 && nc.bytes().all(|b| b.is_ascii_hexdigit());
    shaped.then(|| u32::from_str_radix(nc, 16).ok())?
}

fn who(claim: &Claim<'_>, ha1: Option<&str>) -> Who {
    let word = ha1.and_then(|h| u64::from_str_radix(h.get(..16)?, 16).ok()).unwrap_or(0);
    Who::new(claim.origin.source.ip(), claim.realm, claim.username, word)
}

fn challenge(registrar: &Registrar, claim: &Claim<'_>, stale: bool) -> Answer {
    let stale = if stale { ", stale=true" } else { "" };
    let algorithms: &[Algorithm] = if claim.sha256 { &[Algorithm::Sha256, Algorithm::Md5] } else { &[Algorithm::Md5] };
    let nonce = registrar.nonces.fresh(claim.now, claim.realm, claim.origin.source.ip());
    algorithms.iter().fold(Answer::new(401), |answer, algorithm| {
        let value = format!(r#"Digest realm="{}", nonce="{nonce}", algorithm={}, qop="auth"{stale}"#, claim.realm, algorithm.name());
        answer.with("WWW-Authenticate", value)
    })
}
