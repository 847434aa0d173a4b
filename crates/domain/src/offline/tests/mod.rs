//! The offline machine: stories, the stored form, several tabs, and any interleaving.

mod beside;
mod joins;
mod model;
mod pages;
mod stored;
mod stories;
mod tabs;
mod world;

use super::*;
use crate::form::{Kind, Record, Stamp};
use crate::{AccountId, DeviceId, Field, OperationId, OperatorId, Value};
use uuid::Uuid;

fn key(operator: u128, device: u128) -> Key {
    let target = Target::Device(DeviceId(Uuid::from_u128(device)));
    Key { operator: OperatorId(Uuid::from_u128(operator)), account: AccountId(Uuid::from_u128(99)), target }
}

fn operation(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

fn saved_device() -> Record {
    let mut record =
        Kind::Device.blank().with(Field::Username, Value::text("user_k3mp7xab")).with(Field::Password, Value::secret("Xk7pQ2vR9mT4wZ8n"));
    record.set_stamp(Field::Name.unit(), Stamp { version: 1, by: "ops-north".into(), by_id: None, at: 1000 });
    record
}

fn copy() -> WorkingCopy {
    WorkingCopy::new(key(1, 7), saved_device().hidden(), 0, 1)
}
