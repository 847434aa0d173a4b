//! Calls: a redirect server (RFC 3261 §8.3) for the realms of the directory. It says where a call goes and is no part of it.
//!
//! The caller proves itself first, as for a REGISTER, so that a stranger learns nothing of who exists. Then: an extension is every device of
//! its seat, else a username of the realm that was called, else a device's Number; each binding of those devices is a Contact of a 302, made
//! by the device's Invite Format. Any other number is redirected to the carrier that the caller's Outbound Flags choose.
//!
//! What comes before the proof is answered statelessly: were a challenge repeated until an ACK (RFC 3261 §8.2.7 warns of it), one datagram
//! with a forged source would buy eleven towards its victim. What comes after it is an INVITE server transaction (see `transactions`); only
//! the address of a gateway with IP authentication can then still be aimed at, which is the price of believing an address over UDP.
//!
//! `Require` is not looked at: a redirect server ignores what it does not understand (RFC 3261 §8.3).

mod caller;
mod target;
mod transactions;

pub(super) use transactions::{Again, Key, Transactions};

use super::{Origin, Registrar};
use crate::message::{Address, Answer, Message, parse_uri};

/// An answer to an INVITE.
pub(super) struct Invited {
    pub answer: Answer,
    /// The caller proved who it is: the answer is repeated until it is acknowledged.
    pub proved: bool,
    /// How much it gives back.
    pub credit: u32,
}

/// Messages that a challenge costs: the INVITE that it answers, and the ACK for it.
const CHALLENGE: u32 = 2;

/// Answers an INVITE outside a dialog whose shape was found right.
pub(super) fn invite(registrar: &Registrar, request: &Message, uri: &str, from: &Address, origin: Origin) -> Invited {
    let outcome = parse_uri(uri).map_err(|_| Answer::new(400)).and_then(|called| {
        let caller = caller::caller(registrar, request, &called, from, origin)?;
        let answer = target::answer(registrar, &caller.device, uri, &called);
        let credit = if answer.code == 302 { caller.credit(origin, CHALLENGE) } else { 0 };
        Ok(Invited { answer, proved: true, credit })
    });
    outcome.unwrap_or_else(|answer| Invited { answer, proved: false, credit: 0 })
}
