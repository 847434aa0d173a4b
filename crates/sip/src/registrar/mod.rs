//! The registrar (RFC 3261 §10.3) and redirect server: a UAS over a table of bindings. Synchronous; sockets and clocks stand outside.

mod ask;
mod auth;
mod calls;
mod flows;
mod hush;
mod kept;
mod own;
mod penalties;
mod register;
mod streaks;
mod table;
mod uas;

use crate::config::Config;
use crate::digest::Nonces;
use crate::directory::{Directory, Observer, Registrant};
use crate::message::Message;
use calls::Transactions;
use domain::{AccountId, Binding, BindingKey, Clock, DeviceId, Dropped, Millis, Penalty, RegistrarEvent, Transport};
use flows::Flows;
pub(crate) use flows::Place;
use hush::Hush;
use kept::Kept;
use own::OwnNames;
use parking_lot::{Mutex, ReentrantMutex};
use penalties::Penalties;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use streaks::Streaks;
use table::Table;
use tokio::sync::Notify;

/// Where a message came from, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Canonical: never `::ffff:` mapped.
    pub source: SocketAddr,
    pub transport: Transport,
    /// The connection of a stream.
    pub connection: Option<u64>,
}

impl Origin {
    /// Whether where it comes from may prove who it is. In a browser any page can open a WebSocket from an address that is allowed.
    pub fn may_prove(self) -> bool {
        !matches!(self.transport, Transport::Ws | Transport::Wss)
    }
}

/// What comes of a request.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Empty where nothing is sent.
    pub bytes: Vec<u8>,
    pub to: SocketAddr,
    /// How many messages were charged for that a success has followed now.
    pub credit: u32,
}

pub(crate) struct Registrar {
    directory: Arc<dyn Directory>,
    observer: Arc<dyn Observer>,
    clock: Arc<dyn Clock>,
    nonces: Nonces,
    tag_key: [u8; 32],
    contacts: usize,
    table: Mutex<Table>,
    kept: Mutex<Kept>,
    penalties: Mutex<Penalties>,
    hush: Mutex<Hush>,
    streaks: Mutex<Streaks>,
    /// What else than a realm a call to us may be addressed to.
    own: OwnNames,
    zone: String,
    calls: Mutex<Transactions>,
    held: Notify,
    /// Whoever holds it tells the observer; re-entered when the observer acts on the engine.
    telling: ReentrantMutex<()>,
}

impl Registrar {
    /// `keys` are random: one for nonces, one for To tags.
    pub fn new(
        config: &Config,
        directory: Arc<dyn Directory>,
        observer: Arc<dyn Observer>,
        clock: Arc<dyn Clock>,
        restored: Vec<Binding>,
        keys: [[u8; 32]; 2],
    ) -> Self {
        let (limits, timers) = (&config.limits, &config.timers);
        let registrar = Self {
            directory,
            observer,
            nonces: Nonces::new(keys[0], clock.now(), millis(timers.nonce), limits.nonces),
            tag_key: keys[1],
            contacts: limits.contacts,
            table: Mutex::new(Table::restore(restored, clock.now(), millis(timers.keepalive), Flows::new(limits))),
            kept: Mutex::new(Kept::new(limits.kept_answers, millis(timers.final_answer()))),
            penalties: Mutex::new(Penalties::new(limits)),
            hush: Mutex::default(),
            streaks: Mutex::default(),
            own: OwnNames::new(config),
            zone: config.zone.clone(),
            calls: Mutex::new(Transactions::new(limits, timers)),
            held: Notify::new(),
            telling: ReentrantMutex::new(()),
            clock,
        };
        registrar.sweep();
        registrar
    }

    /// Answers one request; none where silence is right.
    pub fn answer(&self, request: &Message, origin: Origin) -> Option<Reply> {
        let answer = uas::answer(self, request, origin);
        self.tell();
        answer
    }

    pub fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        self.table.lock().bindings(device)
    }

    pub fn all_bindings(&self) -> Vec<Binding> {
        self.table.lock().all()
    }

    pub fn binding(&self, key: &BindingKey) -> Option<Binding> {
        self.table.lock().get(key).cloned()
    }

    pub fn registered_devices(&self) -> usize {
        self.table.lock().device_count()
    }

    pub fn is_registered(&self, device: DeviceId) -> bool {
        self.table.lock().has(device)
    }

    pub fn connection_in_use(&self, connection: u64) -> bool {
        self.table.lock().connection_in_use(connection)
    }

    /// Charges a flow; false when it has no live binding, or nothing left.
    pub fn flow_pays(&self, place: Place, now: Instant) -> bool {
        self.table.lock().buckets.take(place, now)
    }

    pub fn give_flow(&self, place: Place, tokens: u32) {
        self.table.lock().buckets.give(place, tokens);
    }

    pub fn penalties(&self, account: AccountId) -> Vec<Penalty> {
        self.penalties.lock().current(account, self.clock.now())
    }

    pub fn lift_penalty(&self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool {
        self.penalties.lock().lift(account, source, realm, username)
    }

    pub fn end_device(&self, device: DeviceId, why: Dropped) -> Vec<Binding> {
        let ended = self.table.lock().end_device(device, why);
        self.tell();
        ended
    }

    pub fn end_binding(&self, key: &BindingKey, why: Dropped) -> bool {
        let ended = self.table.lock().end_binding(key, why);
        self.tell();
        ended
    }

    pub fn connection_closed(&self, connection: u64) {
        self.table.lock().connection_closed(connection);
        self.tell();
    }

    /// Ends what has expired.
    pub fn sweep(&self) {
        let now = self.clock.now();
        self.table.lock().expire(now);
        self.tell();
    }

    /// The reachable bindings behind a NAT whose keep-alive is due; each is due again after its time.
    pub fn due_keepalives(&self) -> Vec<Binding> {
        self.table.lock().due_keepalives(self.clock.now())
    }

    /// Answers to calls that are to be sent again by now, and when to ask next.
    pub fn due_answers(&self, now: Instant) -> (Vec<(Vec<u8>, SocketAddr)>, Option<Instant>) {
        self.calls.lock().due(now)
    }

    /// Ready when there is another answer to be sent again.
    pub async fn answer_held(&self) {
        self.held.notified().await;
    }

    /// The device with IP authentication that may be taken for the sender.
    fn at_source(&self, origin: Origin) -> Option<Registrant> {
        origin.may_prove().then(|| self.directory.by_source(origin.source.ip()))?
    }

    fn push(&self, event: RegistrarEvent) {
        self.table.lock().outbox.push(event);
    }

    /// Events are noted under the table's lock and told outside of it, in that order.
    fn tell(&self) {
        let _turn = self.telling.lock();
        loop {
            let events = std::mem::take(&mut self.table.lock().outbox);
            if events.is_empty() {
                return;
            }
            for event in events {
                self.observer.event(event);
            }
        }
    }
}

pub(crate) fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
