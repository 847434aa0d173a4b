//! Why a REGISTER was refused, and what to do about it, for operators alone: on the wire most of them look alike.

use domain::RefusedBecause;

/// The reason in a few words.
pub const fn words(why: RefusedBecause) -> &'static str {
    match why {
        RefusedBecause::WrongPassword => "wrong password",
        RefusedBecause::UnknownUser => "no such username",
        RefusedBecause::UnknownRealm => "wrong realm",
        RefusedBecause::AddressNotAllowed => "address not allowed",
        RefusedBecause::Disabled => "device disabled",
        RefusedBecause::NonceTrouble => "nonce trouble",
        RefusedBecause::TooManyContacts => "too many contacts",
        RefusedBecause::IntervalTooBrief => "interval too brief",
        RefusedBecause::Malformed => "malformed",
    }
}

/// What to look at, on the page of a device.
pub const fn advice(why: RefusedBecause) -> &'static str {
    match why {
        RefusedBecause::WrongPassword => "The phone has another password than the one saved here.",
        RefusedBecause::UnknownUser => "It came from an address of this device, with another username.",
        RefusedBecause::UnknownRealm => "The phone has this username, and another realm than the one saved here.",
        RefusedBecause::AddressNotAllowed => "The device authenticates by IP, and this is none of its addresses.",
        RefusedBecause::Disabled => "The credentials are right. Enable the device to let it register.",
        RefusedBecause::NonceTrouble => {
            "An answer to a challenge was used twice: two phones share a state, or something repeats what a phone sent."
        }
        RefusedBecause::TooManyContacts => "As many phones as there may be are registered already.",
        RefusedBecause::IntervalTooBrief => "The phone asks for less than 60 seconds. Set its registration interval to 60 or more.",
        RefusedBecause::Malformed => "The request can't be read.",
    }
}
