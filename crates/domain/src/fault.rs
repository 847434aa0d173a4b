//! Why a value is refused, as data; its `Display` is what a person reads beside the field.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One reason why a field can't have a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The field must be filled.
    Required,
    /// Characters, counted: at least, at most.
    Length {
        least: usize,
        most: usize,
    },
    /// Only these characters are allowed (in words).
    Characters(String),
    /// A whole number in this range.
    Number {
        least: u32,
        most: u32,
    },
    /// Not one of the choices.
    Choice,
    Mac,
    SipUri,
    /// Not what can stand in an Event header.
    SipEvent,
    Address(String),
    /// Wider than /24 or /64.
    TooWide(String),
    TooMany {
        most: usize,
    },
    Repeated(String),
    /// The name of a dynamic flag that wants a key behind it.
    KeyMissing(String),
    /// Two ranges of the same device share addresses.
    OverlapsItself(String),
    /// What another device or seat has already; its name only within the account.
    Taken {
        value: String,
        by: Option<String>,
        place: Place,
    },
    /// A range that another device holds.
    InUse {
        value: String,
        by: Option<String>,
    },
    /// An address that Seatline itself listens on or advertises, or a trusted proxy's.
    OwnAddress(String),
    /// Not one of the account's realms.
    NotARealm(String),
    /// A value of a kind that the field does not have.
    Shape,
}

/// Where a taken value must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Realm,
    Account,
    Everywhere,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("Fill this in."),
            Self::Length { least, most } if least == most => write!(f, "Use {least} characters."),
            Self::Length { least, most } => write!(f, "Use {least} to {most} characters."),
            Self::Characters(allowed) => write!(f, "Use only {allowed}."),
            Self::Number { least, most } => write!(f, "Use a whole number from {least} to {most}."),
            Self::Choice => f.write_str("Choose one of the list."),
            Self::Mac => f.write_str("A MAC address has 12 hexadecimal digits."),
            Self::SipUri => f.write_str("Use a SIP address such as sip:gateway.example.net."),
            Self::SipEvent => f.write_str("Use a SIP event such as check-sync;reboot=true."),
            Self::Address(text) => write!(f, "{text} is not an IP address or range."),
            Self::TooWide(text) => write!(f, "{text} is too wide: at most /24 for IPv4, /64 for IPv6."),
            Self::TooMany { most } => write!(f, "At most {most}."),
            Self::Repeated(text) => write!(f, "{text} is there twice."),
            Self::KeyMissing(text) => write!(f, "Write a key behind {text}"),
            Self::OverlapsItself(text) => write!(f, "{text} overlaps another range here."),
            Self::Taken { value, by, place } => {
                write!(f, "{value} is taken")?;
                f.write_str(match place {
                    Place::Realm => " in this realm",
                    Place::Account => " in this account",
                    Place::Everywhere => "",
                })?;
                if let Some(by) = by { write!(f, " by {by}.") } else { f.write_str(".") }
            }
            Self::InUse { value, by: Some(by) } => write!(f, "{value} overlaps the addresses of {by}."),
            Self::InUse { value, by: None } => write!(f, "{value} is in use."),
            Self::OwnAddress(text) => write!(f, "{text} is an address of this system itself."),
            Self::NotARealm(text) => write!(f, "{text} is not a realm of this account."),
            Self::Shape => f.write_str("This value does not fit here."),
        }
    }
}
