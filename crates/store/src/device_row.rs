//! Between a device's record and its columns.

use crate::{Device, StoreError, entity::devices, error::unreadable, key::Keys};
use domain::few::Map;
use domain::{Field, Kind, Record, Value, rules::text::folded};
use sea_orm::ActiveValue::{NotSet, Set};
use secrecy::ExposeSecret;
use serde::{Serialize, de::DeserializeOwned};

/// Text of a JSON column; `place` names it, should that fail.
pub fn json<T: Serialize>(value: &T, place: &str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| unreadable(place))
}

/// What a JSON column holds.
pub fn parsed<T: DeserializeOwned>(text: &str, place: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| unreadable(place))
}

/// The device of a row. Without keys the password, if there is one, is [`Value::Hidden`].
pub fn device(row: devices::Model, keys: Option<&Keys>) -> Result<Device, StoreError> {
    let password = match (&row.password, keys) {
        (None, _) => Value::text(""),
        (Some(_), None) => Value::Hidden,
        (Some(blob), Some(keys)) => Value::secret(keys.open(blob, row.id)?.expose_secret()),
    };
    let values = Map::from([
        (Field::Name, Value::Text(row.name)),
        (Field::Mac, Value::Text(row.mac)),
        (Field::Enabled, Value::Switch(row.enabled)),
        (Field::Realm, Value::Realm(row.realm_own)),
        (Field::InviteFormat, Value::Text(row.invite_format)),
        (Field::Route, Value::Text(row.route)),
        (Field::Number, Value::Text(row.number)),
        (Field::ExpireSeconds, Value::Text(row.expire_seconds.to_string())),
        (Field::OutboundFlags, Value::Flags(parsed(&row.outbound_flags, "devices.outbound_flags")?)),
        (Field::Method, Value::Text(row.method)),
        (Field::Username, Value::Text(row.username)),
        (Field::Password, password),
        (Field::Ip, Value::List(parsed(&row.ip, "devices.ip")?)),
        (Field::RebootEvent, Value::Text(row.reboot_event)),
        (Field::ResyncEvent, Value::Text(row.resync_event)),
    ]);
    let mut record = Record::new(Kind::Device, values);
    record.set_stamps(parsed(&row.stamps, "devices.stamps")?);
    Ok(Device {
        id: row.id.into(),
        account: row.account_id.into(),
        seat: row.seat_id.into(),
        record,
        version: row.version,
        effective_realm: row.realm_effective,
        created: row.created,
        changed: row.changed,
        changed_by: row.changed_by,
        deleted: row.deleted,
        extra: row.extra.as_deref().map(|text| parsed(text, "devices.extra")).transpose()?,
    })
}

/// Every column that the device decides. The effective realm is the caller's to set; a hidden password stays as it is stored.
pub fn row(device: &Device, keys: &Keys) -> Result<devices::ActiveModel, StoreError> {
    let record = &device.record;
    let text = |field| record.value(field).as_text().to_owned();
    let expire = text(Field::ExpireSeconds).parse().map_err(|_| unreadable("expire_seconds"))?;
    let password = match record.value(Field::Password) {
        Value::Hidden => NotSet,
        Value::Secret(secret) => Set(Some(keys.seal(secret.expose(), device.id.0)?)),
        _ => Set(None),
    };
    Ok(devices::ActiveModel {
        id: Set(device.id.0),
        account_id: Set(device.account.0),
        seat_id: Set(device.seat.0),
        name: Set(text(Field::Name)),
        mac: Set(text(Field::Mac)),
        enabled: Set(record.value(Field::Enabled).is_on()),
        realm_own: Set(record.value(Field::Realm).as_realm().map(str::to_owned)),
        realm_effective: NotSet,
        invite_format: Set(text(Field::InviteFormat)),
        route: Set(text(Field::Route)),
        number: Set(text(Field::Number)),
        expire_seconds: Set(expire),
        outbound_flags: Set(json(&record.value(Field::OutboundFlags).as_flags(), "devices.outbound_flags")?),
        method: Set(text(Field::Method)),
        username_folded: Set(folded(&text(Field::Username))),
        username: Set(text(Field::Username)),
        password,
        ip: Set(json(&record.value(Field::Ip).as_list(), "devices.ip")?),
        reboot_event: Set(text(Field::RebootEvent)),
        resync_event: Set(text(Field::ResyncEvent)),
        stamps: Set(json(record.stamps(), "devices.stamps")?),
        version: Set(device.version),
        created: Set(device.created),
        changed: Set(device.changed),
        changed_by: Set(device.changed_by.clone()),
        deleted: Set(device.deleted),
        with_seat: Set(false),
        extra: Set(device.extra.as_ref().map(|extra| json(extra, "devices.extra")).transpose()?),
    })
}

/// The method of a device that proves itself by its address.
pub const BY_ADDRESS: &str = "ip";

pub fn is_by_address(row: &devices::Model) -> bool {
    row.method == BY_ADDRESS
}
