//! Seatline's rules, pure: no I/O, no async, no Leptos. Browser and server share them.

mod binding;
mod event;
mod fault;
pub mod few;
mod flapping;
pub mod form;
mod ids;
mod problem;
mod role;
pub mod rules;
pub mod throttle;
mod time;
mod tried;
mod value;

pub use binding::{Binding, BindingKey, Dropped, ProvedBy, RefusedBecause, RegistrarEvent, Transport};
pub use event::{Event, EventKind, NewEvent};
pub use fault::{Fault, Place};
pub use flapping::{FLAPPING, Flapping, Flaps};
pub use form::{Draft, Field, Kind, Patch, Record, Stamp, Unit};
pub use ids::{AccountId, BatchId, CarrierId, DeviceId, JobId, OperationId, OperatorId, RealmId, SeatId};
pub use problem::{Hindrance, Problem};
pub use role::Role;
pub use time::{Clock, DAY, HOUR, MINUTE, Millis, SECOND};
pub use tried::{Tried, Tries};
pub use value::{Secret, Value};
pub mod invite;
pub use invite::InviteFormat;
pub mod batch;
pub mod examples;
pub mod offline;
pub mod presence;
pub mod reboot;
pub mod routing;
pub mod vendor;
pub mod view;
