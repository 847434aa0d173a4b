//! The phones: the engine that reaches them, who they are, and what is known of them right now.

mod bursts;
mod changed;
mod engine;
mod keep;
mod penalties;
mod refresh;
mod roster;
mod whose;

pub use engine::{Capabilities, NotifyOutcome, PhoneDirectory, PhoneEngine, PhoneFlow, Previous, Probe};
pub(crate) use roster::Roster;

use crate::{Service, carriers::way_out, failure::Stored, live::Signal};
use domain::view::{BindingView, Network};
use domain::{AccountId, Binding, DAY, DeviceId, Dropped, Millis, Problem, RegistrarEvent, SeatId, Transport};
use keep::Keep;
use parking_lot::RwLock;
use std::sync::{Arc, OnceLock};
use store::PhoneLog;
use tokio::sync::Mutex;

pub(crate) struct Phones {
    engine: Arc<OnceLock<Arc<dyn PhoneEngine>>>,
    pub directory: Arc<dyn PhoneDirectory>,
    pub roster: RwLock<Roster>,
    pub keep: Arc<Keep>,
    /// The only account, where there is only one.
    sole: RwLock<Option<AccountId>>,
    /// One refresh at a time: the newest row is the last one that the directory sees.
    refresh: Mutex<()>,
}

impl Phones {
    pub fn new(directory: Arc<dyn PhoneDirectory>, log: PhoneLog) -> Self {
        let engine = Arc::new(OnceLock::new());
        Self {
            keep: Arc::new(Keep::new(log, engine.clone())),
            engine,
            directory,
            roster: RwLock::default(),
            sole: RwLock::default(),
            refresh: Mutex::new(()),
        }
    }

    pub fn connect(&self, engine: Arc<dyn PhoneEngine>) {
        // First it is there to be asked: what it tells from now on is noted as it comes, behind the roster's lock.
        assert!(self.engine.set(engine.clone()).is_ok(), "the engine is connected once");
        let mut roster = self.roster.write();
        // What expired or registered since the engine's start was told before anybody could look.
        for device in roster.all() {
            roster.registered(device, engine.is_registered(device));
        }
    }

    /// The port that the engine got for a transport.
    pub fn port(&self, transport: Transport) -> Option<u16> {
        self.engine.get().and_then(|engine| engine.port(transport))
    }

    pub fn engine(&self) -> Option<&Arc<dyn PhoneEngine>> {
        self.engine.get()
    }

    /// The device's bindings, the newest refresh first.
    pub fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        let mut bindings = self.engine().map(|engine| engine.bindings(device)).unwrap_or_default();
        bindings.sort_by(|a, b| b.refreshed.cmp(&a.refreshed).then_with(|| a.contact.cmp(&b.contact)));
        bindings
    }

    /// Ends the registrations of a device.
    pub fn end(&self, device: DeviceId, why: Dropped) {
        if let Some(engine) = self.engine() {
            engine.end_device(device, why);
        }
    }

    pub fn registered_inheriting(&self, account: AccountId) -> u64 {
        self.roster.read().registered_inheriting(account)
    }

    /// Whether there is no other account.
    pub fn is_sole(&self, account: AccountId) -> bool {
        *self.sole.read() == Some(account)
    }

    pub async fn trim(&self, now: Millis) {
        self.keep.trim(now - 30 * DAY).await;
    }
}

impl Service {
    /// Fills directory and roster from the database, and answers the bindings that were kept. Before the engine starts.
    pub async fn load_phones(&self) -> Result<Vec<Binding>, Problem> {
        self.reread_realms().await?;
        let mut after = None;
        loop {
            let rows = self.inner.store.read().directory_page(after, 2_000).await.or_fail()?;
            let Some(last) = rows.last() else { break };
            after = Some(last.device);
            let mut roster = self.inner.phones.roster.write();
            for row in rows {
                roster.put(&row);
                self.inner.phones.directory.put(row);
            }
        }
        let mut after = None;
        loop {
            let seats = self.inner.store.read().extensions_page(after, 2_000).await.or_fail()?;
            let Some(last) = seats.last() else { break };
            after = Some(last.seat);
            let mut roster = self.inner.phones.roster.write();
            for seat in seats {
                roster.put_seat(&seat);
                self.inner.phones.directory.put_seat(seat);
            }
        }
        for account in self.inner.store.read().accounts().await.or_fail()? {
            self.reread_carriers(account.id).await?;
        }
        let kept = self.inner.phones.keep.load().await.or_fail()?;
        let mut roster = self.inner.phones.roster.write();
        // A device that was deleted or changed while nobody listened keeps nothing.
        let (live, stale): (Vec<Binding>, Vec<Binding>) = kept.into_iter().partition(|b| roster.still_stands(b));
        for binding in &live {
            roster.registered(binding.device, true);
        }
        drop(roster);
        for binding in stale {
            self.inner.phones.keep.take(RegistrarEvent::Dropped { binding, why: Dropped::Changed }, self.now());
        }
        Ok(live)
    }

    /// Tells the directory the realms of every account.
    async fn reread_realms(&self) -> Result<(), Problem> {
        let realms = self.inner.store.read().all_realms().await.or_fail()?;
        let first = realms.first().map(|realm| realm.account);
        *self.inner.phones.sole.write() = first.filter(|first| realms.iter().all(|realm| realm.account == *first));
        self.inner.phones.directory.realms(realms);
        Ok(())
    }

    /// Tells directory and roster which extension the seat has now, if it is there.
    async fn reread_seat(&self, seat: SeatId) -> Result<(), Problem> {
        let _turn = self.inner.phones.refresh.lock().await;
        if let Some(row) = self.inner.store.read().extension_row(seat).await.or_fail()? {
            self.inner.phones.roster.write().put_seat(&row);
            self.inner.phones.directory.put_seat(row);
        } else {
            self.inner.phones.roster.write().remove_seat(seat);
            self.inner.phones.directory.remove_seat(seat);
        }
        Ok(())
    }

    /// Tells the directory the account's carriers as they are now.
    async fn reread_carriers(&self, account: AccountId) -> Result<(), Problem> {
        let _turn = self.inner.phones.refresh.lock().await;
        let rows = self.inner.store.read().carriers(account).await.or_fail()?;
        self.inner.phones.directory.carriers(account, rows.iter().map(way_out).collect());
        Ok(())
    }

    /// Tells directory and roster what the database holds of a device now; then ends its registrations if `end` says why.
    async fn reread_device(&self, device: DeviceId, end: Option<Dropped>) -> Result<(), Problem> {
        {
            let _turn = self.inner.phones.refresh.lock().await;
            if let Some(row) = self.inner.store.read().directory_row(device).await.or_fail()? {
                // The realm of an account that the command line made beside us.
                if !self.inner.phones.directory.knows(&row.realm) {
                    self.reread_realms().await?;
                }
                self.inner.phones.roster.write().put(&row);
                self.inner.phones.directory.put(row);
            } else {
                self.inner.phones.directory.remove(device);
                if end.is_none() {
                    self.inner.phones.roster.write().remove(device);
                }
            }
        }
        if let Some(why) = end {
            self.inner.phones.end(device, why);
            if why == Dropped::Deleted {
                self.inner.phones.roster.write().remove(device);
            }
        }
        Ok(())
    }

    /// What the registrar tells. Cheap: it is called from where packets are handled.
    pub fn registrar_event(&self, mut event: RegistrarEvent) {
        let phones = &self.inner.phones;
        self.inner.jobs.hear(&event);
        whose::attribute(&phones.roster.read(), *phones.sole.read(), &mut event);
        let device = match &event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } | RegistrarEvent::Unreachable(b) => Some(b.device),
            RegistrarEvent::Dropped { binding, .. } => Some(binding.device),
            RegistrarEvent::Refused { device, .. } => *device,
        };
        // A phone that tries all day with a wrong password is news once in a while.
        let news = phones.keep.take(event, self.now());
        if let (Some(device), Some(engine)) = (device, phones.engine()) {
            let registered = engine.is_registered(device);
            let owner = phones.roster.write().registered(device, registered);
            if let Some((account, seat)) = owner.filter(|_| news) {
                self.inner.hub.send(Signal::Network { account, seat, device, known: Arc::default() });
            }
        }
    }

    /// Writes what the registrar told, every half second, until `stop`; then once more.
    pub async fn keep_bindings(&self, stop: tokio_util::sync::CancellationToken) {
        self.inner.phones.keep.run(stop).await;
    }

    /// What is known of a device on the network.
    pub(crate) async fn network(&self, device: DeviceId) -> Network {
        let bindings = self.inner.phones.bindings(device);
        let since = self.now() - DAY;
        let began = self.inner.phones.keep.began_since(device, since).await;
        let current = bindings.iter().filter(|b| b.since >= since).count() as u32;
        Network {
            bindings: bindings.iter().map(BindingView::from).collect(),
            earlier: began.saturating_sub(current),
            flapping: self.inner.phones.keep.is_flapping(device, self.now()),
        }
    }
}
