//! The table of addresses: which place stands at which path, and back.

use domain::{AccountId, BatchId, CarrierId, DeviceId, SeatId};
use std::{
    fmt,
    mem::{Discriminant, discriminant},
};

/// What the path of an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Home,
    Setup,
    SignIn,
    Invite,
    /// A page of an account, inside the account's frame.
    Account(AccountId, Page),
    /// Every page, while the server does not know of a sign-out. No path leads there.
    SignedOut,
    /// The question for a sign-in over a page. No path leads there.
    SignInAgain,
    /// The question before a reboot or a resync. No path leads there.
    Reboot,
    /// The question before a contact is unregistered. No path leads there.
    Unregister,
    /// The choice between what somebody else saved and what is typed. No path leads there.
    Conflict,
    /// Any other path.
    Nowhere,
}

/// A page of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Seats,
    NewSeat,
    Seat(SeatId),
    Device(SeatId, DeviceId),
    History(SeatId, DeviceId),
    Batches,
    Batch(BatchId),
    Carriers,
    NewCarrier,
    Carrier(CarrierId),
    Flags,
    Activity,
    Tries,
    Settings,
}

/// What is shown, in whichever account: pages stay when the account changes, and load what is that account's.
pub type Kind = (Discriminant<Place>, Option<Page>);

impl Place {
    /// The place at a path. With a slash at its end, or an id that is none, a path leads nowhere.
    pub fn parse(path: &str) -> Self {
        let Some(path) = path.strip_prefix('/') else { return Self::Nowhere };
        let found = match path {
            "" => Some(Self::Home),
            "setup" => Some(Self::Setup),
            "sign-in" => Some(Self::SignIn),
            "invite" => Some(Self::Invite),
            other => other.strip_prefix("a/").and_then(|rest| {
                let (account, page) = rest.split_once('/')?;
                Some(Self::Account(account.parse().ok()?, Page::parse(page)?))
            }),
        };
        found.unwrap_or(Self::Nowhere)
    }

    pub fn kind(self) -> Kind {
        (discriminant(&self), if let Self::Account(_, page) = self { Some(page) } else { None })
    }
}

impl Page {
    fn parse(path: &str) -> Option<Self> {
        // One more than the longest path has.
        let mut parts = path.splitn(6, '/');
        Some(match [parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()] {
            [Some("seats"), None, ..] => Self::Seats,
            [Some("seats"), Some("new"), None, ..] => Self::NewSeat,
            [Some("seats"), Some(seat), None, ..] => Self::Seat(seat.parse().ok()?),
            [Some("seats"), Some(seat), Some("devices"), Some(device), None, ..] => Self::Device(seat.parse().ok()?, device.parse().ok()?),
            [Some("seats"), Some(seat), Some("devices"), Some(device), Some("history"), None] => {
                Self::History(seat.parse().ok()?, device.parse().ok()?)
            }
            [Some("batches"), None, ..] => Self::Batches,
            [Some("batches"), Some(batch), None, ..] => Self::Batch(batch.parse().ok()?),
            [Some("carriers"), None, ..] => Self::Carriers,
            [Some("carriers"), Some("new"), None, ..] => Self::NewCarrier,
            [Some("carriers"), Some(carrier), None, ..] => Self::Carrier(carrier.parse().ok()?),
            [Some("flags"), None, ..] => Self::Flags,
            [Some("activity"), None, ..] => Self::Activity,
            [Some("activity"), Some("tries"), None, ..] => Self::Tries,
            [Some("settings"), None, ..] => Self::Settings,
            _ => return None,
        })
    }
}

/// The path of the page inside its account, with a slash in front.
impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seats => f.write_str("/seats"),
            Self::NewSeat => f.write_str("/seats/new"),
            Self::Seat(seat) => write!(f, "/seats/{seat}"),
            Self::Device(seat, device) => write!(f, "/seats/{seat}/devices/{device}"),
            Self::History(seat, device) => write!(f, "/seats/{seat}/devices/{device}/history"),
            Self::Batches => f.write_str("/batches"),
            Self::Batch(batch) => write!(f, "/batches/{batch}"),
            Self::Carriers => f.write_str("/carriers"),
            Self::NewCarrier => f.write_str("/carriers/new"),
            Self::Carrier(carrier) => write!(f, "/carriers/{carrier}"),
            Self::Flags => f.write_str("/flags"),
            Self::Activity => f.write_str("/activity"),
            Self::Tries => f.write_str("/activity/tries"),
            Self::Settings => f.write_str("/settings"),
        }
    }
}

/// The path; the start page's where there is none.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home | Self::SignedOut | Self::SignInAgain | Self::Reboot | Self::Unregister | Self::Conflict | Self::Nowhere => {
                f.write_str("/")
            }
            Self::Setup => f.write_str("/setup"),
            Self::SignIn => f.write_str("/sign-in"),
            Self::Invite => f.write_str("/invite"),
            Self::Account(account, page) => write!(f, "/a/{account}{page}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn all() -> Vec<Place> {
        let id = Uuid::from_u128;
        let pages = [
            Page::Seats,
            Page::NewSeat,
            Page::Seat(SeatId(id(2))),
            Page::Device(SeatId(id(2)), DeviceId(id(3))),
            Page::History(SeatId(id(2)), DeviceId(id(3))),
            Page::Batches,
            Page::Batch(BatchId(id(5))),
            Page::Carriers,
            Page::NewCarrier,
            Page::Carrier(CarrierId(id(4))),
            Page::Flags,
            Page::Activity,
            Page::Tries,
            Page::Settings,
        ];
        let doors = [Place::Home, Place::Setup, Place::SignIn, Place::Invite];
        doors.into_iter().chain(pages.map(|page| Place::Account(AccountId(id(1)), page))).collect()
    }

    #[test]
    fn every_place_has_its_own_path_and_is_found_by_it() {
        for place in all() {
            assert_eq!(Place::parse(&place.to_string()), place);
        }
    }

    #[test]
    fn any_other_path_leads_nowhere() {
        for place in all() {
            let path = place.to_string();
            for other in [format!("{path}/"), format!("{path}/x"), format!("/{path}"), format!("{path}x"), path[1..].to_owned()] {
                assert_eq!(Place::parse(&other), Place::Nowhere, "{other}");
            }
        }
        let account = Uuid::from_u128(1);
        for other in ["", "/a", "/a/", "/a/x/seats", "/seats", "/no/such/page"] {
            assert_eq!(Place::parse(other), Place::Nowhere, "{other}");
        }
        for page in ["", "/", "/seats/x", "/seats/new/devices", "/seats//devices/x", "/carriers/x", "/seats/x/devices/new"] {
            assert_eq!(Place::parse(&format!("/a/{account}{page}")), Place::Nowhere, "{page}");
        }
    }

    #[test]
    fn the_kind_is_that_of_the_page_whatever_the_account() {
        let of = |account, seat| Place::Account(AccountId(Uuid::from_u128(account)), Page::Seat(SeatId(Uuid::from_u128(seat))));
        assert_eq!(of(1, 2).kind(), of(3, 2).kind());
        assert_ne!(of(1, 2).kind(), of(1, 3).kind());
        let kinds: Vec<_> = all().into_iter().map(Place::kind).collect();
        for (i, kind) in kinds.iter().enumerate() {
            assert_eq!(kinds.iter().position(|other| other == kind), Some(i));
        }
    }
}
