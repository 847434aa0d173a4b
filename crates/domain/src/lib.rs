//! Seatline's rules, pure: no I/O, no async, no Leptos. Browser and server share them.

mod binding;
mod ids;
mod time;

pub use binding::{Binding, BindingKey, Dropped, ProvedBy, RefusedBecause, RegistrarEvent, Transport};
pub use ids::{AccountId, CarrierId, DeviceId, JobId, OperationId, OperatorId, RealmId, SeatId};
pub use time::{Clock, DAY, HOUR, MINUTE, Millis, SECOND};
pub mod invite;
pub use invite::InviteFormat;
pub mod examples;
pub mod routing;
pub mod vendor;
