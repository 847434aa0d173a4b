//! Puts the adapters behind the use cases: store, SIP engine, service. The composition root.

mod addresses;
mod commands;
mod demo;
mod directory;
mod engine;
mod live;

pub use commands::{add_account, add_operator, backup, migrate, needs_database, rotate_key, set_password};
pub use live::routes;
pub use service::{Caller, Service, SetupCode};

use crate::{
    config::{Config, Database},
    failure::Failure,
};
use directory::Directory;
use domain::{HOUR, RegistrarEvent, Transport};
use secrecy::ExposeSecret;
use service::SystemClock;
use sip::Certificates;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use store::{Options, PhoneLog, Store};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What `serve` started.
pub struct Running {
    pub service: Service,
    /// Where phones are served, as bound.
    pub sip: SocketAddr,
    /// Where else, as bound.
    pub doors: Vec<(Transport, SocketAddr)>,
    /// There while no admin exists.
    pub setup_code: Option<SetupCode>,
    /// Lines for the terminal, such as how to sign in to the demo.
    pub notes: Vec<String>,
    sip_engine: Arc<sip::Engine>,
    tasks: JoinSet<()>,
    stop: CancellationToken,
    store: Store,
    log: PhoneLog,
    phones: Option<demo::Phones>,
}

impl Running {
    /// Ends phones, writes what is held back, closes the database. The caller bounds its time.
    pub async fn stop(mut self) {
        if let Some(phones) = self.phones.take() {
            phones.stop().await;
        }
        self.sip_engine.shutdown().await;
        // Behind the engine: its last words are written too.
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.log.close().await;
        self.store.close().await;
    }
}

fn options(config: &Config) -> Options {
    let database = match &config.database {
        Database::Sqlite => None,
        Database::Postgres(url) => Some(url.expose_secret().to_owned()),
    };
    Options { data: config.data.clone(), database }
}

async fn open(config: &Config, exclusive: bool) -> Result<(Store, PhoneLog), Failure> {
    let store = Store::open(&options(config), exclusive).await.map_err(|e| Failure::new(e.to_string()))?;
    let bindings = config.data.join("bindings.db");
    let log = PhoneLog::open(&bindings).await.map_err(|e| Failure::about(bindings.display(), e))?;
    Ok((store, log))
}

/// What the registrar tells goes to the use cases.
struct Teller(Service);

impl sip::Observer for Teller {
    fn event(&self, event: RegistrarEvent) {
        self.0.registrar_event(event);
    }
}

/// Opens the database (one server per database), binds the SIP sockets and starts what runs by itself. `stop` ends it.
pub async fn start(config: &Config, certificates: Option<Certificates>, stop: CancellationToken) -> Result<Running, Failure> {
    let (store, log) = open(config, true).await?;
    let failed = |problem: domain::Problem| Failure::new(problem.to_string());
    let clock = Arc::new(SystemClock);
    let directory = Arc::new(Directory::default());
    let service = Service::new(store.clone(), log.clone(), clock.clone(), addresses::service_config(config), directory.clone());
    let restored = service.load_phones().await.map_err(failed)?;
    let sip_config = sip::Config {
        advertise: config.sip_advertise.as_ref().map(ToString::to_string),
        tls: config.sip_doors.tls,
        ws: config.sip_doors.ws,
        wss: config.sip_doors.wss,
        certificates,
        ..sip::Config::new(config.sip_listen)
    };
    let teller = Arc::new(Teller(service.clone()));
    let sip_engine = sip::Engine::start(sip_config, directory, teller, clock, restored).await.map_err(|e| Failure::new(e.to_string()))?;
    let sip_engine = Arc::new(sip_engine);
    service.connect(Arc::new(engine::Embedded::new(sip_engine.clone())));
    service.resume_jobs().await.map_err(failed)?;
    service.resume_batches().await.map_err(failed)?;

    let mut tasks = JoinSet::new();
    // Ends with the engine, not with the signal: what the last requests say is kept.
    let late = CancellationToken::new();
    tasks.spawn({
        let (service, late) = (service.clone(), late.clone());
        async move { service.keep_bindings(late).await }
    });
    let tidying = service.clone();
    tasks.spawn(every(Duration::from_millis(HOUR as u64), late.clone(), async move || tidying.tidy().await));
    let presence = service.clone();
    tasks.spawn(every(Duration::from_secs(5), late.clone(), async move || presence.forget_onlookers()));
    let sip = sip_engine.local_addr();
    let others = [Transport::Tls, Transport::Ws, Transport::Wss];
    let doors = others.into_iter().filter_map(|transport| Some((transport, sip_engine.address_of(transport)?))).collect();
    let (mut notes, mut phones) = (Vec::new(), None);
    if config.demo {
        let demo = demo::prepare(&service, &store, &config.data, sip).await?;
        notes = demo.notes();
        phones = Some(demo.start(store.clone(), stop).await);
    }
    let setup_code = service.make_setup_code().await.map_err(failed)?;
    Ok(Running { service, sip, doors, setup_code, notes, sip_engine, tasks, stop: late, store, log, phones })
}

/// Once at the start and then at each `period`, until `stop`.
async fn every(period: Duration, stop: CancellationToken, mut run: impl AsyncFnMut()) {
    let mut tick = tokio::time::interval(period);
    loop {
        tokio::select! {
            _ = tick.tick() => run().await,
            () = stop.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Instant,
    };

    #[tokio::test]
    async fn what_is_done_every_hour_is_done_at_the_start_and_again_and_again_until_the_stop() {
        let (done, stop) = (Arc::new(AtomicU32::new(0)), CancellationToken::new());
        let (count, token, begun) = (done.clone(), stop.clone(), Instant::now());
        let period = Duration::from_millis(40);
        let task = tokio::spawn(every(period, token, async move || {
            count.fetch_add(1, Ordering::SeqCst);
        }));
        while done.load(Ordering::SeqCst) < 4 {
            assert!(begun.elapsed() < Duration::from_secs(20), "it is done once, and not again");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(begun.elapsed() >= period * 2, "not all at once");
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), task).await.expect("ends").expect("ends well");
    }
}
