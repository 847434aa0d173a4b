//! The table of fields: label, rule, unit of merging and consequence of each. Form, errors, merge, events and import read it.

use super::Record;
use crate::{
    Fault, InviteFormat, Value,
    routing::{CHANNEL_VAR, FlagKind},
    rules,
};
use serde::{Deserialize, Serialize};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Device,
    Seat,
    Carrier,
}

/// A field that an operator edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Mac,
    Enabled,
    Realm,
    InviteFormat,
    Route,
    Number,
    ExpireSeconds,
    OutboundFlags,
    Method,
    Username,
    Password,
    Ip,
    SeatName,
    Extension,
    CarrierName,
    CarrierUri,
    CarrierFlags,
    RequireFlags,
    IgnoreFlags,
    Weight,
    CarrierEnabled,
    RebootEvent,
    ResyncEvent,
}

/// Fields that are merged together, named by the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unit(Field);

/// What saving a field does beside storing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    None,
    /// The device's registration ends; the phone comes back when the same is set in the phone.
    EndsRegistration,
}

impl Field {
    pub const DEVICE: [Self; 15] = [
        Self::Name,
        Self::Mac,
        Self::Enabled,
        Self::Realm,
        Self::InviteFormat,
        Self::Route,
        Self::Number,
        Self::ExpireSeconds,
        Self::OutboundFlags,
        Self::Method,
        Self::Username,
        Self::Password,
        Self::Ip,
        Self::RebootEvent,
        Self::ResyncEvent,
    ];
    pub const SEAT: [Self; 2] = [Self::SeatName, Self::Extension];
    pub const CARRIER: [Self; 7] = [
        Self::CarrierName,
        Self::CarrierUri,
        Self::CarrierFlags,
        Self::RequireFlags,
        Self::IgnoreFlags,
        Self::Weight,
        Self::CarrierEnabled,
    ];

    /// The fields of a kind of record, in the order of the page.
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Device => &Self::DEVICE,
            Kind::Seat => &Self::SEAT,
            Kind::Carrier => &Self::CARRIER,
        }
    }

    /// `data-field` on the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name | Self::SeatName | Self::CarrierName => "name",
            Self::Mac => "mac",
            Self::Enabled | Self::CarrierEnabled => "enabled",
            Self::Realm => "realm",
            Self::InviteFormat => "invite_format",
            Self::Route => "route",
            Self::Number => "number",
            Self::ExpireSeconds => "expire_seconds",
            Self::OutboundFlags => "outbound_flags",
            Self::Method => "method",
            Self::Username => "username",
            Self::Password => "password",
            Self::Ip => "ip",
            Self::Extension => "extension",
            Self::CarrierUri => "uri",
            Self::CarrierFlags => "flags",
            Self::RequireFlags => "require_flags",
            Self::IgnoreFlags => "ignore_flags",
            Self::Weight => "weight",
            Self::RebootEvent => "reboot_event",
            Self::ResyncEvent => "resync_event",
        }
    }

    /// The accessible name of the control, exactly.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name | Self::SeatName | Self::CarrierName => "Name",
            Self::Mac => "MAC Address",
            Self::Enabled | Self::CarrierEnabled => "Enabled",
            Self::Realm => "Realm",
            Self::InviteFormat => "Invite Format",
            Self::Route => "SIP Route",
            Self::Number => "Number",
            Self::ExpireSeconds => "Expire Seconds",
            Self::OutboundFlags => "Outbound Flags",
            Self::Method => "Authentication Method",
            Self::Username => "Username",
            Self::Password => "Password",
            Self::Ip => "IP Address",
            Self::Extension => "Extension",
            Self::CarrierUri => "SIP URI",
            Self::CarrierFlags => "Flags",
            Self::RequireFlags => "Require flags",
            Self::IgnoreFlags => "Ignore flags",
            Self::Weight => "Weight",
            Self::RebootEvent => "Reboot Event",
            Self::ResyncEvent => "Resync Event",
        }
    }

    pub const fn unit(self) -> Unit {
        Unit(match self {
            Self::Method | Self::Username | Self::Password | Self::Ip => Self::Method,
            Self::InviteFormat | Self::Route | Self::Number => Self::InviteFormat,
            other => other,
        })
    }

    pub const fn consequence(self) -> Consequence {
        match self {
            Self::Realm | Self::Username | Self::Password | Self::Method | Self::Ip | Self::Enabled => Consequence::EndsRegistration,
            _ => Consequence::None,
        }
    }

    /// The value before anybody chose one. A new device's realm, username and password are filled in by who makes it.
    pub fn default_value(self) -> Value {
        match self {
            Self::Name => Value::text("New Device"),
            Self::Enabled | Self::CarrierEnabled => Value::Switch(true),
            Self::RequireFlags | Self::IgnoreFlags => Value::Switch(false),
            Self::Realm => Value::Realm(None),
            Self::InviteFormat => Value::text(InviteFormat::Contact.as_str()),
            Self::ExpireSeconds => Value::text("360"),
            Self::OutboundFlags => Value::Flags(Vec::new()),
            Self::Method => Value::text("password"),
            Self::Weight => Value::text("50"),
            Self::Ip | Self::CarrierFlags => Value::List(Vec::new()),
            Self::Password => Value::Hidden,
            _ => Value::text(""),
        }
    }

    /// The normal form of a value, by what the value alone decides.
    pub fn normal(self, value: &Value) -> Result<Value, Fault> {
        use rules::{ip, secret, text, uri};
        let out = match (self, value) {
            (Self::Name | Self::SeatName | Self::CarrierName, Value::Text(t)) => Value::Text(text::name(t, 128)?),
            (Self::Mac, Value::Text(t)) => Value::Text(text::mac(t)?),
            (Self::Enabled | Self::CarrierEnabled | Self::RequireFlags | Self::IgnoreFlags, Value::Switch(on)) => Value::Switch(*on),
            (Self::Realm, Value::Realm(own)) => Value::Realm(own.as_deref().map(text::realm).transpose()?),
            (Self::InviteFormat, Value::Text(t)) => Value::text(InviteFormat::parse(t).ok_or(Fault::Choice)?.as_str()),
            (Self::Route | Self::CarrierUri, Value::Text(t)) => Value::Text(uri::sip(t)?),
            (Self::Number, Value::Text(t)) => Value::Text(text::telephone(t)?),
            (Self::ExpireSeconds, Value::Text(t)) => Value::Text(text::number(t, 60, 86_400)?),
            (Self::Weight, Value::Text(t)) => Value::Text(text::number(t, 1, 100)?),
            (Self::OutboundFlags, Value::Flags(flags)) => Value::Flags(normal_flags(flags)?),
            (Self::CarrierFlags, Value::List(names)) => Value::List(normal_names(names)?),
            (Self::Method, Value::Text(t)) if matches!(t.as_str(), "password" | "ip") => value.clone(),
            (Self::Method, Value::Text(_)) => return Err(Fault::Choice),
            (Self::Username, Value::Text(t)) => Value::Text(text::username(t)?),
            (Self::Password, Value::Secret(s)) => {
                secret::typed(s.expose())?;
                value.clone()
            }
            (Self::Password, Value::Hidden) => Value::Hidden,
            // There is none: an imported device may lack one.
            (Self::Password, Value::Text(t)) if t.is_empty() => return Err(Fault::Required),
            (Self::Ip, Value::List(list)) if list.is_empty() => return Err(Fault::Required),
            (Self::Ip, Value::List(list)) => Value::List(ip::list(list)?),
            (Self::RebootEvent | Self::ResyncEvent, Value::Text(t)) => Value::Text(text::event(t)?),
            (Self::Extension, Value::Text(t)) => Value::Text(text::extension(t)?),
            _ => return Err(Fault::Shape),
        };
        Ok(out)
    }

    /// Whether the page shows the field: the hidden side of a choice is neither validated nor sent nor marked.
    pub fn is_shown(self, value: impl Fn(Self) -> Value) -> bool {
        match self {
            Self::Route => value(Self::InviteFormat).as_text() == InviteFormat::Route.as_str(),
            Self::Number => InviteFormat::parse(value(Self::InviteFormat).as_text()).is_some_and(InviteFormat::takes_number),
            Self::Username | Self::Password => value(Self::Method).as_text() != "ip",
            Self::Ip => value(Self::Method).as_text() == "ip",
            _ => true,
        }
    }

    /// Text for a person: choices and addresses as the page shows them, a secret as "hidden".
    pub fn shown(self, value: &Value) -> String {
        match (self, value) {
            (Self::InviteFormat, Value::Text(t)) => InviteFormat::parse(t).map_or_else(|| t.clone(), |f| f.shown_as().into()),
            (Self::Method, Value::Text(t)) if t == "ip" => "IP".into(),
            (Self::Method, Value::Text(t)) if t == "password" => "Password".into(),
            (Self::Mac, Value::Text(t)) if !t.is_empty() => rules::text::shown_mac(t),
            (Self::Number, Value::Text(t)) if t.is_empty() => "the dialled number".into(),
            (Self::RebootEvent | Self::ResyncEvent, Value::Text(t)) if t.is_empty() => "by the phone's vendor".into(),
            (Self::Password, _) => "hidden".into(),
            _ => value.to_string(),
        }
    }
}

impl Unit {
    /// The first field of the unit.
    pub const fn field(self) -> Field {
        self.0
    }

    /// The fields of the unit, in the order of the page.
    pub fn fields(self, kind: Kind) -> impl Iterator<Item = Field> {
        Field::of(kind).iter().copied().filter(move |field| field.unit() == self)
    }
}

impl Kind {
    /// A record of this kind with the default of each field and no stamps.
    pub fn blank(self) -> Record {
        Record::new(self, crate::few::map(Field::of(self).iter().map(|f| (*f, f.default_value()))))
    }
}

/// How many flags a device or a carrier may have.
const MOST_FLAGS: usize = 32;

fn normal_names(names: &[String]) -> Result<Vec<String>, Fault> {
    let names = names.iter().map(|name| rules::text::flag(name)).collect::<Result<Vec<_>, _>>()?;
    no_repeat(&names)?;
    Ok(names)
}

fn normal_flags(flags: &[crate::routing::Flag]) -> Result<Vec<crate::routing::Flag>, Fault> {
    let names = normal_names(&flags.iter().map(|f| f.name.clone()).collect::<Vec<_>>())?;
    if flags.iter().any(|f| f.kind == FlagKind::Dynamic && f.name.trim() == CHANNEL_VAR) {
        return Err(Fault::KeyMissing(CHANNEL_VAR.into()));
    }
    Ok(flags.iter().zip(names).map(|(flag, name)| crate::routing::Flag { name, ..flag.clone() }).collect())
}

fn no_repeat(names: &[String]) -> Result<(), Fault> {
    if names.len() > MOST_FLAGS {
        return Err(Fault::TooMany { most: MOST_FLAGS });
    }
    match names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
        Some((_, name)) => Err(Fault::Repeated(name.clone())),
        None => Ok(()),
    }
}
