//! Why a REGISTER was refused, and what to do about it, for operators alone: on the wire most of them look alike.

use domain::RefusedBecause;

/// The reason in a few words.
pub const fn words(why: RefusedBecause) -> &'static str {
    match why {
        RefusedBecause::WrongPassword => "wrong password",
        RefusedBecause::OtherCase => "username in other case",
        RefusedBecause::OtherUsername => "wrong authentication username",
        RefusedBecause::FromIsNotTo => "From is not To",
        RefusedBecause::UnknownUser => "no such username",
        RefusedBecause::UnknownRealm => "wrong realm",
        RefusedBecause::AddressNotAllowed => "address not allowed",
        RefusedBecause::Disabled => "device disabled",
        RefusedBecause::NonceTrouble => "answer repeated",
        RefusedBecause::TooManyContacts => "too many contacts",
        RefusedBecause::IntervalTooBrief => "interval too brief",
        RefusedBecause::Malformed => "malformed",
        RefusedBecause::NoCredentials => "no credentials",
        RefusedBecause::OtherRealm => "credentials for another realm",
        RefusedBecause::UnfitDigest => "unfit digest",
        RefusedBecause::StaleNonce => "old nonce again",
        RefusedBecause::OtherAddress => "address changes",
        RefusedBecause::Blocked => "blocked",
        RefusedBecause::OutOfOrder => "CSeq out of order",
        RefusedBecause::FirstHop => "first hop lacks outbound",
    }
}

/// What to look at, on the page of a device.
pub const fn advice(why: RefusedBecause) -> &'static str {
    match why {
        RefusedBecause::WrongPassword => "The phone has another password than the one saved here.",
        RefusedBecause::OtherCase => {
            "The phone writes its username in other upper and lower case than saved here. Write it exactly so in the phone; its password can't be judged before that."
        }
        RefusedBecause::OtherUsername => {
            "The phone registers this username, and authenticates with another. Set both to the one saved here; its password can't be judged before that."
        }
        RefusedBecause::FromIsNotTo => "The password is right. The phone's From header names another user than its To header.",
        RefusedBecause::UnknownUser => "It came from an address of this device, with another username.",
        RefusedBecause::UnknownRealm => "The phone has this username, and another realm than the one saved here.",
        RefusedBecause::AddressNotAllowed => "The device authenticates by IP, and this is none of its addresses.",
        RefusedBecause::Disabled => "The credentials are right. Enable the device to let it register.",
        RefusedBecause::NonceTrouble => {
            "An answer to a challenge came a second time: the phone does not count its answers (nc), or something on the way repeats what it sent."
        }
        RefusedBecause::TooManyContacts => "As many phones as there may be are registered already.",
        RefusedBecause::IntervalTooBrief => "The phone asks for less than 60 seconds. Set its registration interval to 60 or more.",
        RefusedBecause::Malformed => "The request can't be read.",
        RefusedBecause::NoCredentials => {
            "Asked for its password, the phone never answers: it has no password set, or what it is sent does not reach it."
        }
        RefusedBecause::OtherRealm => "The phone answers for another realm than it is asked for. Look for a realm set beside its username.",
        RefusedBecause::UnfitDigest => {
            "The phone's answer lacks qop=auth, or uses an algorithm that it was not offered. Its password was not looked at."
        }
        RefusedBecause::StaleNonce => {
            "The phone answers old challenges again and again, and does not take the new one that it gets each time."
        }
        RefusedBecause::OtherAddress => {
            "The phone is asked for its password at one address and answers from another: its NAT has several, and must keep to one of them."
        }
        RefusedBecause::Blocked => {
            "Too many wrong passwords came for this username from there. For half a minute after that none is looked at; see Blocked sources in Settings."
        }
        RefusedBecause::OutOfOrder => {
            "Its number does not rise within its Call-ID: two phones with the same Call-ID, or one that has lost count."
        }
        RefusedBecause::FirstHop => {
            "The phone asks for an outbound flow (RFC 5626), and the proxy before it keeps none. Turn outbound off in the phone, or on in the proxy."
        }
    }
}
