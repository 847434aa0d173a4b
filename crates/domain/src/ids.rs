//! Identifiers as types, so that a seat's id can't be passed where a device's is wanted.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
    )*};
}

id! {
    /// A customer of the service. On every row and in every page address.
    AccountId,
    /// A person or place with devices.
    SeatId,
    /// One phone.
    DeviceId,
    /// A SIP domain owned by one account.
    RealmId,
    /// A way out for calls.
    CarrierId,
    /// A person who signs in.
    OperatorId,
    /// One reboot, followed to its end.
    JobId,
    /// Reboots or resyncs of many devices, one after another.
    BatchId,
    /// One write, named by whoever asks for it, so that a retry applies once.
    OperationId,
}
