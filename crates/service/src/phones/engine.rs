//! What the use cases want of the SIP side: an engine that knows the bindings and reaches the phones, and a directory that it asks.
//! The embedded registrar implements it in `server`; another engine can.

use async_trait::async_trait;
use domain::{AccountId, Binding, BindingKey, DeviceId, Dropped, Penalty, SeatId, Transport, routing::Carrier, vendor::NotifyPlan};
use secrecy::SecretString;
use std::{net::IpAddr, sync::Arc};
use store::{DirectoryRow, ExtensionRow, RealmRow};

/// What an engine can do, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Tells the final answer to a NOTIFY.
    pub reports_status: bool,
    /// Answers a 401 or 407 to a NOTIFY.
    pub answers_challenge: bool,
}

/// What came of a NOTIFY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotifyOutcome {
    /// The final answer; `challenged`: after our answer to a challenge.
    Answered {
        code: u16,
        reason: String,
        challenged: bool,
    },
    /// Timer F (RFC 3261 §17.1.2.2).
    NoAnswer,
    FlowGone,
    /// A challenge, and no password may answer it.
    DemandsPassword,
    /// Another challenge after our answer.
    RefusedPassword,
}

/// What came of an OPTIONS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    Answered,
    NoAnswer,
    FlowGone,
}

/// The way to one phone; outlives its binding.
#[async_trait]
pub trait PhoneFlow: Send + Sync {
    /// Sends the NOTIFY; a challenge is answered with the first of `credentials` (username, password), a second one with the next.
    async fn notify(&self, plan: &NotifyPlan, credentials: &[(String, SecretString)]) -> NotifyOutcome;

    async fn options(&self) -> Probe;
}

/// The SIP side.
pub trait PhoneEngine: Send + Sync + 'static {
    fn capabilities(&self) -> Capabilities;
    /// The port that phones reach by a transport, where the engine knows it better than the configuration (which may ask for any).
    fn port(&self, transport: Transport) -> Option<u16> {
        let _ = transport;
        None
    }
    fn bindings(&self, device: DeviceId) -> Vec<Binding>;
    /// Every binding there is, in no order.
    fn all_bindings(&self) -> Vec<Binding>;
    fn is_registered(&self, device: DeviceId) -> bool;
    /// Ends every registration of the device at once.
    fn end_device(&self, device: DeviceId, why: Dropped);
    /// Ends one registration.
    fn end_binding(&self, key: &BindingKey, why: Dropped);
    /// Who has to wait for having failed too often, in the realms of an account; the longest first.
    fn penalties(&self, account: AccountId) -> Vec<Penalty>;
    /// Forgets the failures of a user from an address; false when there were none.
    fn lift_penalty(&self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool;
    /// None when the binding is not there or its connection is gone.
    fn flow(&self, key: &BindingKey) -> Option<Arc<dyn PhoneFlow>>;
}

/// Credentials from before a save.
pub struct Previous {
    pub realm: String,
    pub username: String,
    pub password: SecretString,
}

/// Who may register and who is called how: filled by the use cases, read by the engine.
pub trait PhoneDirectory: Send + Sync + 'static {
    /// Every realm of every account.
    fn realms(&self, realms: Vec<RealmRow>);
    /// Whether it was told this realm.
    fn knows(&self, realm: &str) -> bool;
    fn put(&self, row: DirectoryRow);
    fn remove(&self, device: DeviceId);
    /// What the device was to prove itself by before a save, while a job waits for its phone; none: no job does any more.
    fn previous(&self, device: DeviceId, before: Option<Previous>);
    /// A seat with its extension, also one without devices.
    fn put_seat(&self, row: ExtensionRow);
    fn remove_seat(&self, seat: SeatId);
    /// Every undeleted carrier of the account, the disabled ones too.
    fn carriers(&self, account: AccountId, carriers: Vec<Carrier>);
}
