//! Whose work on what: also the name under which the browser stores it.

use crate::{AccountId, CarrierId, DeviceId, OperatorId, SeatId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Device(DeviceId),
    Seat(SeatId),
    /// A draft like the others, but never queued: its SAVE wants the server.
    Carrier(CarrierId),
    /// A carrier that is not made yet.
    NewCarrier,
}

impl Target {
    /// Whether SAVE without a connection waits for one.
    pub const fn queues(self) -> bool {
        matches!(self, Self::Device(_) | Self::Seat(_))
    }
}

/// One operator's work on one thing of one account. As text `operator/account/device/id`: what an operator has begins with the operator's id.
/// What stands behind a further `/` is read over: of one key there may be several texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Key {
    pub operator: OperatorId,
    pub account: AccountId,
    pub target: Target,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match self.target {
            Target::Device(DeviceId(id)) => ("device", id),
            Target::Seat(SeatId(id)) => ("seat", id),
            Target::Carrier(CarrierId(id)) => ("carrier", id),
            Target::NewCarrier => return write!(f, "{}/{}/carrier/new", self.operator, self.account),
        };
        write!(f, "{}/{}/{kind}/{id}", self.operator, self.account)
    }
}

impl FromStr for Key {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "not the key of a draft";
        let mut parts = text.split('/');
        let mut part = || parts.next().ok_or(WRONG);
        let (operator, account, kind, id) = (part()?, part()?, part()?, part()?);
        let target = match kind {
            "device" => Target::Device(id.parse().map_err(|_| WRONG)?),
            "seat" => Target::Seat(id.parse().map_err(|_| WRONG)?),
            "carrier" if id == "new" => Target::NewCarrier,
            "carrier" => Target::Carrier(id.parse().map_err(|_| WRONG)?),
            _ => return Err(WRONG),
        };
        let id = |text: &str| text.parse().map_err(|_| WRONG);
        Ok(Self { operator: OperatorId(id(operator)?), account: AccountId(id(account)?), target })
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for Key {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
