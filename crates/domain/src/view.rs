//! What the pages show: made by `service`, read by `app`. No secret in any of it.

use crate::{
    AccountId, BatchId, Binding, BindingKey, CarrierId, DeviceId, Event, JobId, Millis, OperatorId, ProvedBy, RealmId, Record, Role,
    SeatId, Transport, reboot, routing::Carrier, vendor::Action,
};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

mod batch;
mod history;
pub use batch::{BatchLine, BatchOf, BatchPreview, BatchRow, BatchView, BatchesView};
pub use history::{Flow, HistoryCursor, HistoryPage, Moment, Point, Refused, TriesPage};

/// An account that the operator may enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: OperatorId,
    pub name: String,
    /// Sorted by name; never empty for somebody who can do anything.
    pub accounts: Vec<AccountRef>,
    /// When the session ends in any case: until then this computer may show what was looked at there without a connection.
    #[serde(default)]
    pub until: Millis,
}

/// Whether the first admin is still to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupState {
    pub needed: bool,
    /// Proposed first realm: the host of `--sip-advertise`.
    pub proposed_realm: String,
}

/// How a list of seats is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatSort {
    #[default]
    Name,
    Extension,
    Changed,
}

/// What is asked of the list of seats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsAsk {
    pub text: String,
    pub not_registered: bool,
    pub sort: SeatSort,
    pub descending: bool,
    /// `next` of the page before.
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRef {
    pub id: DeviceId,
    pub name: String,
}

/// One line of the list of seats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    pub id: SeatId,
    pub name: String,
    pub extension: String,
    pub devices: Vec<DeviceRef>,
    /// Devices with a binding, of those enabled.
    pub registered: u32,
    pub enabled: u32,
    /// The registrations behind `registered`, by device in their order; the newest of a device first.
    #[serde(default)]
    pub phones: Vec<SeatPhone>,
    pub changed: Millis,
    pub changed_by: String,
}

/// A phone that is registered for a device of a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPhone {
    /// The device's name.
    pub device: String,
    pub binding: BindingView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsPage {
    pub rows: Vec<SeatRow>,
    pub next: Option<String>,
    /// Of the whole account, not of the search.
    pub seats: u64,
    pub devices: u64,
    pub registered: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRef {
    pub id: SeatId,
    pub name: String,
    pub extension: String,
}

/// What was made by "New seat" and "Add device".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub seat: SeatId,
    pub device: DeviceId,
}

/// One device on its seat's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub name: String,
    pub enabled: bool,
    pub method_ip: bool,
    pub username: String,
    pub mac: String,
    pub network: Network,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    pub id: SeatId,
    pub record: Record,
    pub devices: Vec<DeviceRow>,
    pub role: Role,
}

/// One live registration, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingView {
    /// Names it when one of several is chosen.
    pub contact: String,
    /// Where requests to the phone go.
    pub source: SocketAddr,
    pub transport: Transport,
    pub user_agent: Option<String>,
    pub proved_by: ProvedBy,
    /// False: its connection is gone until it reconnects.
    pub reachable: bool,
    pub since: Millis,
    pub expires: Millis,
}

impl From<&Binding> for BindingView {
    fn from(b: &Binding) -> Self {
        Self {
            contact: b.contact.clone(),
            source: b.source,
            transport: b.transport,
            user_agent: b.user_agent.clone(),
            proved_by: b.proved_by,
            reachable: b.reachable,
            since: b.since,
            expires: b.expires,
        }
    }
}

impl BindingView {
    pub fn key(&self, device: DeviceId) -> BindingKey {
        BindingKey { device, contact: self.contact.clone() }
    }
}

/// What is known of a device on the network. The newest binding first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    pub bindings: Vec<BindingView>,
    /// Registrations that began in the last 24 hours, beside those above.
    pub earlier: u32,
    /// Five drops in ten minutes, the last of them less than ten minutes ago.
    #[serde(default)]
    pub flapping: bool,
}

/// One of the account's realms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmRef {
    pub id: RealmId,
    pub name: String,
    pub is_default: bool,
}

/// Where a phone is pointed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerAddress {
    /// Host and port as a phone needs them.
    pub server: String,
    pub transports: Vec<ServerTransport>,
}

/// One transport that phones may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTransport {
    pub transport: Transport,
    /// Where it is another one than the server's.
    pub port: Option<u16>,
}

impl ServerTransport {
    /// On the server's own port.
    pub const fn shared(transport: Transport) -> Self {
        Self { transport, port: None }
    }
}

/// A reboot or a resync, as its panel shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    pub id: JobId,
    pub device: DeviceId,
    #[serde(default)]
    pub action: Action,
    pub asked: Millis,
    pub asked_by: String,
    pub contact: String,
    pub user_agent: Option<String>,
    pub steps: Vec<reboot::Step>,
    /// None while it runs.
    pub end: Option<reboot::End>,
}

/// Everything that the device editor shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceView {
    pub id: DeviceId,
    pub seat: SeatRef,
    pub record: Record,
    pub effective_realm: String,
    pub realms: Vec<RealmRef>,
    pub carriers: Vec<Carrier>,
    /// Flags in use anywhere in the account: offered while typing.
    pub known_flags: Vec<String>,
    pub server: ServerAddress,
    pub network: Network,
    pub last_job: Option<JobView>,
    pub role: Role,
    /// The server's time when this was made.
    pub now: Millis,
}

/// What a save that went through says. `record` has no secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub record: Record,
    /// Empty where the record has no realm.
    pub effective_realm: String,
    /// Fields of others that came in since the edit began are told by the stamps; these are the ones that this save changed.
    pub changed: Vec<crate::Field>,
    /// "Save, then reboot": the job.
    pub job: Option<JobView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierView {
    pub id: CarrierId,
    pub record: Record,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriersView {
    pub carriers: Vec<CarrierView>,
    pub known_flags: Vec<String>,
    pub role: Role,
}

/// Filter of Activity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityAsk {
    pub device: Option<DeviceId>,
    pub seat: Option<SeatId>,
    pub operator: Option<OperatorId>,
    /// `next` of the page before.
    pub before: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    pub event: Event,
    /// Until when the deleted thing can be restored; none where it can't.
    pub restorable_until: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    pub rows: Vec<ActivityRow>,
    pub next: Option<i64>,
    /// For the filter.
    pub operators: Vec<(OperatorId, String)>,
    /// Names of what the filter holds.
    pub device_name: Option<String>,
    pub seat_name: Option<String>,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmLine {
    pub realm: RealmRef,
    /// Undeleted devices that chose it themselves.
    pub chosen_by: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorLine {
    pub id: OperatorId,
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLine {
    /// Names it when it is taken back; not the token.
    pub id: String,
    pub name: String,
    pub role: Role,
    pub by: String,
    pub expires: Millis,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub account: AccountRef,
    pub realms: Vec<RealmLine>,
    /// Devices that inherit the default realm, and how many of them are registered now.
    pub inheriting: u64,
    pub inheriting_registered: u64,
    pub sha256: bool,
    pub operators: Vec<OperatorLine>,
    pub invites: Vec<InviteLine>,
    pub role: Role,
    pub me: OperatorId,
}

/// What a link of invitation shows to whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteView {
    pub account: String,
    pub name: String,
    pub role: Role,
}

/// What the live stream sends, behind the account that it is about (nothing: about each that it carries) and a space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// The device's registrations as they are now.
    Network {
        device: DeviceId,
        seat: SeatId,
        network: Network,
    },
    Job(Box<JobView>),
    /// Somebody came to the device or left it, began to edit it or ended.
    Presence(DeviceId),
    /// Many at once went on, or are handled otherwise.
    Batch(BatchId),
    /// Something in the account was written: its number and what it was about.
    Event(Box<Event>),
    /// The stream lost count (a restart, a slow reader): load again what is shown.
    Reload,
}
