//! The engine: sockets, registrar and client put together.

use crate::client::{Client, Flow, Notify, NotifyCredential, NotifyOutcome, OptionsOutcome, keepalive};
use crate::config::{Config, Limits, Timers};
use crate::directory::{Directory, Observer};
use crate::message::{Fault, Start, parse};
use crate::net::{Net, Rates, Sockets, StartError, listen, serve_door, serve_udp};
use crate::registrar::{Origin, Place, Registrar, Reply};
use domain::{AccountId, Binding, BindingKey, Clock, DeviceId, Dropped, Penalty, Transport};
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What the tasks share.
pub(crate) struct Core {
    pub registrar: Registrar,
    pub net: Arc<Net>,
    pub rates: Rates,
    pub limits: Limits,
    pub timers: Timers,
    client: Client,
}

/// Whose bucket paid for a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Toll {
    Flow(Place),
    Source(IpAddr),
}

impl Core {
    /// Charges for a message that came, or says how long to wait. A flow with a live binding pays from its own bucket, then from its source's.
    pub fn admit(&self, origin: Origin, now: Instant) -> Result<Toll, Duration> {
        let (place, source) = (Place::of(origin), origin.source.ip());
        if self.registrar.flow_pays(place, now) {
            return Ok(Toll::Flow(place));
        }
        self.rates.take(source, now).map(|()| Toll::Source(source))
    }

    fn give_back(&self, toll: Toll, tokens: u32) {
        match toll {
            Toll::Flow(place) => self.registrar.give_flow(place, tokens),
            Toll::Source(source) => self.rates.give(source, tokens),
        }
    }

    /// Takes one message in and gives the answer to send, if any. A success gives back what it and its challenge cost.
    pub fn receive(&self, bytes: &[u8], origin: Origin, toll: Toll) -> Option<(Vec<u8>, SocketAddr)> {
        self.receive_framed(bytes, origin, toll, false)
    }

    /// The same; `unframed` when a stream's message had no usable Content-Length.
    pub fn receive_framed(&self, bytes: &[u8], origin: Origin, toll: Toll, unframed: bool) -> Option<(Vec<u8>, SocketAddr)> {
        let Reply { bytes, to, credit } = self.reply(bytes, origin, unframed)?;
        if credit > 0 {
            self.give_back(toll, credit);
        }
        (!bytes.is_empty()).then_some((bytes, to))
    }

    fn reply(&self, bytes: &[u8], origin: Origin, unframed: bool) -> Option<Reply> {
        // Whatever a message does to us or to those we call, the next one is read.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut message = parse(bytes, self.limits.head_bytes)?;
            if unframed {
                message.fault = message.fault.or(Some(Fault::ContentLength));
            }
            if matches!(message.start, Start::Request { .. }) {
                return self.registrar.answer(&message, origin);
            }
            self.client.response(message, origin);
            None
        }));
        outcome.unwrap_or_else(|_| {
            tracing::error!(source = %origin.source, "a message made the registrar panic; it goes on");
            None
        })
    }

    /// Ends what has expired and keeps the holes in NATs open.
    fn sweep(&self) {
        self.registrar.sweep();
        for binding in self.registrar.due_keepalives() {
            let flow = Flow::new(binding, &self.net);
            flow.keep_open(&self.net, || keepalive(&flow, &self.net));
        }
    }
}

/// The registrar with its sockets, and the client that uses its flows. Dropping it stops it.
pub struct Engine {
    core: Arc<Core>,
    addresses: Vec<(Transport, SocketAddr)>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Engine {
    /// Opens the sockets, takes the bindings of an earlier run in and begins to answer.
    ///
    /// What expired meanwhile is told to the observer as dropped; bindings on streams begin as not reachable.
    #[expect(clippy::unused_async, reason = "sockets and tasks need the runtime, and whoever awaits has one")]
    pub async fn start(
        mut config: Config,
        directory: Arc<dyn Directory>,
        observer: Arc<dyn Observer>,
        clock: Arc<dyn Clock>,
        restored: Vec<Binding>,
    ) -> Result<Self, StartError> {
        let mut keys = [[0; 32]; 2];
        for key in &mut keys {
            getrandom::fill(key).map_err(|_| StartError::NoRandomness)?;
        }
        let Sockets { udp, doors, local } = listen(&config)?;
        let addresses = doors.iter().filter_map(|door| Some((door.transport, door.listener.local_addr().ok()?))).collect();
        config.listen = local;
        let stop = CancellationToken::new();
        let core = Arc::new(Core {
            registrar: Registrar::new(&config, directory, observer, clock, restored, keys),
            net: Arc::new(Net::new(udp, local, config.advertise.clone())),
            rates: Rates::new(&config.limits),
            client: Client::new(&config, &stop.child_token()),
            limits: config.limits,
            timers: config.timers,
        });
        let tasks = TaskTracker::new();
        tasks.spawn(serve_udp(core.clone(), stop.clone()));
        for door in doors {
            tasks.spawn(serve_door(core.clone(), door, stop.clone()));
        }
        tasks.spawn(client(core.clone(), stop.clone()));
        tasks.spawn(sweeper(core.clone(), stop.clone()));
        tasks.spawn(repeater(core.clone(), stop.clone()));
        tasks.close();
        Ok(Self { core, addresses, stop, tasks })
    }

    /// Where it listens, UDP and TCP.
    pub fn local_addr(&self) -> SocketAddr {
        self.core.net.local
    }

    /// Where it listens for a transport; none where it does not.
    pub fn address_of(&self, transport: Transport) -> Option<SocketAddr> {
        let udp = (transport == Transport::Udp).then_some(self.core.net.local);
        udp.or_else(|| self.addresses.iter().find(|(t, _)| *t == transport).map(|(_, address)| *address))
    }

    /// The bindings of one device, oldest first.
    pub fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        self.core.registrar.bindings(device)
    }

    /// Every binding there is, in no order.
    pub fn all_bindings(&self) -> Vec<Binding> {
        self.core.registrar.all_bindings()
    }

    /// How many devices have a binding.
    pub fn registered_devices(&self) -> usize {
        self.core.registrar.registered_devices()
    }

    pub fn is_registered(&self, device: DeviceId) -> bool {
        self.core.registrar.is_registered(device)
    }

    /// Ends all registrations of a device at once and returns them.
    pub fn end_device(&self, device: DeviceId, why: Dropped) -> Vec<Binding> {
        self.core.registrar.end_device(device, why)
    }

    /// Ends one registration at once; false when there is none.
    pub fn end_binding(&self, key: &BindingKey, why: Dropped) -> bool {
        self.core.registrar.end_binding(key, why)
    }

    /// The way to the phone of a binding; none when there is no such binding. On a stream whose connection is gone it is there, and not open.
    pub fn flow(&self, key: &BindingKey) -> Option<Flow> {
        self.core.registrar.binding(key).map(|binding| Flow::new(binding, &self.core.net))
    }

    /// Sends a NOTIFY over a flow and waits for what the phone says, up to Timer F. The first credential answers a challenge, the next one a
    /// challenge after that; on a binding that was not proved by password none is used.
    pub async fn notify(&self, flow: &Flow, request: &Notify, credentials: &[NotifyCredential]) -> NotifyOutcome {
        self.core.client.notify(&self.core.net, flow, request, credentials).await
    }

    /// Asks whether the phone is there, with a short timer of its own.
    pub async fn options(&self, flow: &Flow) -> OptionsOutcome {
        self.core.client.options(&self.core.net, flow, self.core.timers.options).await
    }

    /// Who has to wait for having failed too often, in the realms of an account; the longest first.
    pub fn penalties(&self, account: AccountId) -> Vec<Penalty> {
        self.core.registrar.penalties(account)
    }

    /// Forgets the failures of a user from an address; false when there were none.
    pub fn lift_penalty(&self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool {
        self.core.registrar.lift_penalty(account, source, realm, username)
    }

    /// Stops listening and closes every connection. Bindings stay as they are, for the next start.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn client(core: Arc<Core>, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = core.client.serve() => {}
    }
}

/// Sends answers to calls again until they are acknowledged.
async fn repeater(core: Arc<Core>, stop: CancellationToken) {
    loop {
        let (answers, next) = core.registrar.due_answers(Instant::now());
        for (bytes, to) in answers {
            core.net.datagram(&bytes, to);
        }
        let later = async {
            match next {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = core.registrar.answer_held() => {}
            () = later => {}
        }
    }
}

async fn sweeper(core: Arc<Core>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(core.timers.sweep) => {}
        }
        if catch_unwind(AssertUnwindSafe(|| core.sweep())).is_err() {
            tracing::error!("the sweep of bindings panicked; it goes on");
        }
    }
}
