//! A registrar on loopback with a directory of phones, an observer that remembers, and a clock that can leap.

use domain::routing::{Carrier, Flag, number_key};
use domain::{AccountId, Binding, Clock, DeviceId, InviteFormat, Millis, RefusedBecause, RegistrarEvent};
use parking_lot::Mutex;
use sip::{CallRules, Config, Credential, Directory, Engine, Observer, Previous, RealmPolicy, Registrant, ha1_md5, ha1_sha256};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

pub const REALM: &str = "sip.test";
/// A realm of another account.
pub const FOREIGN: &str = "foreign.test";
pub const USER: &str = "1001";
pub const PASSWORD: &str = "secret1";

/// The account of every realm here.
pub fn account() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

/// The device of a username, the same in every test.
pub fn device(username: &str) -> DeviceId {
    DeviceId(Uuid::from_u128(username.bytes().fold(7, |n, b| n * 257 + u128::from(b))))
}

#[derive(Default)]
pub struct Phones {
    list: Mutex<Vec<(Registrant, Vec<IpAddr>)>>,
    sha256: AtomicBool,
    calls: Mutex<Calls>,
    previous: Mutex<Option<(String, Previous)>>,
}

/// What calls go by.
#[derive(Default)]
struct Calls {
    seats: HashMap<String, Vec<DeviceId>>,
    rules: HashMap<DeviceId, CallRules>,
    carriers: Vec<Carrier>,
}

impl Phones {
    /// A device with a password.
    pub fn add(&self, username: &str, password: &str) {
        self.put(username, Self::digest(username, REALM, password), &[]);
    }

    /// A device with IP authentication.
    pub fn add_source(&self, username: &str, ips: &[&str]) {
        self.put(username, Credential::Source, &ips.iter().map(|ip| ip.parse().expect("address")).collect::<Vec<_>>());
    }

    /// The same device in another realm.
    pub fn move_to(&self, username: &str, realm: &str, password: &str) {
        self.change(username, |r| (r.realm, r.credential) = (realm.to_owned(), Self::digest(username, realm, password)));
    }

    pub fn digest(username: &str, realm: &str, password: &str) -> Credential {
        Credential::Digest { md5: ha1_md5(username, realm, password), sha256: ha1_sha256(username, realm, password) }
    }

    /// What the device had before a save, in [`REALM`].
    pub fn before(&self, of: &str, username: &str, password: &str) {
        let (md5, sha256) = (ha1_md5(username, REALM, password), ha1_sha256(username, REALM, password));
        *self.previous.lock() = Some((username.to_owned(), Previous { device: device(of), md5, sha256 }));
    }

    fn put(&self, username: &str, credential: Credential, ips: &[IpAddr]) {
        let (realm, username) = (REALM.to_owned(), username.to_owned());
        let device = device(&username);
        let registrant = Registrant { account: account(), device, realm, username, enabled: true, expire_seconds: 360, credential };
        let mut list = self.list.lock();
        list.retain(|(r, _)| r.device != device);
        list.push((registrant, ips.to_vec()));
    }

    pub fn change(&self, username: &str, change: impl FnOnce(&mut Registrant)) {
        change(&mut self.list.lock().iter_mut().find(|(r, _)| r.username == username).expect("known").0);
    }

    /// A seat with this extension and these devices.
    pub fn seat(&self, extension: &str, usernames: &[&str]) {
        self.calls.lock().seats.insert(extension.into(), usernames.iter().map(|u| device(u)).collect());
    }

    /// Changes how a device is called and calls.
    pub fn rules(&self, username: &str, change: impl FnOnce(&mut CallRules)) {
        let mut calls = self.calls.lock();
        let rules = calls.rules.entry(device(username)).or_insert_with(|| CallRules { username: username.into(), ..CallRules::default() });
        change(rules);
    }

    pub fn format(&self, username: &str, format: InviteFormat, number: Option<&str>) {
        self.rules(username, |r| (r.invite_format, r.number) = (format, number.map(str::to_owned)));
    }

    pub fn flags(&self, username: &str, flags: &[&str]) {
        self.rules(username, |r| r.outbound_flags = flags.iter().map(|f| Flag::fixed(*f)).collect());
    }

    pub fn carrier(&self, name: &str, uri: &str, weight: u8, flags: &[&str]) {
        let flags = flags.iter().map(|f| (*f).into()).collect();
        let (name, uri) = (name.into(), uri.into());
        let carrier = Carrier { id: None, name, uri, flags, require_flags: false, ignore_flags: false, weight, enabled: true };
        self.calls.lock().carriers.push(carrier);
    }

    pub fn offer_sha256(&self) {
        self.sha256.store(true, Ordering::Relaxed);
    }
}

impl Directory for Phones {
    fn realm(&self, realm: &str) -> Option<RealmPolicy> {
        let known = [REALM, "localhost", "127.0.0.1", "other.test", "example.com", FOREIGN].contains(&realm);
        let account = if realm == FOREIGN { AccountId(Uuid::from_u128(2)) } else { account() };
        known.then(|| RealmPolicy { account, sha256: self.sha256.load(Ordering::Relaxed) })
    }

    fn all_take_sha256(&self) -> bool {
        self.sha256.load(Ordering::Relaxed)
    }

    fn by_username(&self, realm: &str, username: &str) -> Option<Registrant> {
        let list = self.list.lock();
        list.iter().map(|(r, _)| r).find(|r| r.realm == realm && r.username.eq_ignore_ascii_case(username)).cloned()
    }

    fn previous(&self, realm: &str, username: &str) -> Option<Previous> {
        let (name, previous) = self.previous.lock().clone()?;
        (realm == REALM && name.eq_ignore_ascii_case(username)).then_some(previous)
    }

    fn is_username(&self, username: &str) -> bool {
        self.list.lock().iter().any(|(r, _)| r.username.eq_ignore_ascii_case(username))
    }

    fn by_source(&self, ip: IpAddr) -> Option<Registrant> {
        self.list.lock().iter().find(|(_, ips)| ips.contains(&ip)).map(|(r, _)| r.clone())
    }

    fn by_extension(&self, _: AccountId, extension: &str) -> Option<Vec<DeviceId>> {
        self.calls.lock().seats.get(extension).cloned()
    }

    fn by_number(&self, _: AccountId, number: &str) -> Vec<DeviceId> {
        let calls = self.calls.lock();
        let has = |rules: &CallRules| rules.number.as_deref().is_some_and(|n| number_key(n) == number);
        let mut devices: Vec<DeviceId> = calls.rules.iter().filter(|(_, rules)| has(rules)).map(|(device, _)| *device).collect();
        devices.sort();
        devices
    }

    fn call_rules(&self, device: DeviceId) -> Option<Arc<CallRules>> {
        let name = |(r, _): &(Registrant, Vec<IpAddr>)| (r.device == device).then(|| r.username.clone());
        let username = self.list.lock().iter().find_map(name)?;
        let rules = self.calls.lock().rules.get(&device).cloned();
        Some(Arc::new(rules.unwrap_or_else(|| CallRules { username, ..CallRules::default() })))
    }

    fn carriers(&self, _: AccountId) -> Arc<[Carrier]> {
        self.calls.lock().carriers.clone().into()
    }
}

#[derive(Default)]
pub struct Seen(Mutex<Vec<RegistrarEvent>>);

impl Seen {
    /// What was told since the last call.
    pub fn take(&self) -> Vec<RegistrarEvent> {
        std::mem::take(&mut *self.0.lock())
    }

    /// The reasons of refusals since the last call; panics on any other event.
    pub fn refusals(&self) -> Vec<RefusedBecause> {
        let refusal = |event| match event {
            RegistrarEvent::Refused { why, .. } => why,
            other => panic!("not a refusal: {other:?}"),
        };
        self.take().into_iter().map(refusal).collect()
    }
}

impl Observer for Seen {
    fn event(&self, event: RegistrarEvent) {
        self.0.lock().push(event);
    }
}

/// The real time, and what was leapt over.
#[derive(Default)]
pub struct Leaping(AtomicI64);

impl Leaping {
    pub fn leap(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }
}

impl Clock for Leaping {
    fn now(&self) -> Millis {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64;
        real + self.0.load(Ordering::SeqCst)
    }
}

pub struct Lab {
    pub engine: Engine,
    pub phones: Arc<Phones>,
    pub seen: Arc<Seen>,
    pub clock: Arc<Leaping>,
}

impl Lab {
    pub async fn start() -> Self {
        Self::with(|_| {}, Vec::new()).await
    }

    /// With other limits or timers, and bindings of an earlier run.
    pub async fn with(change: impl FnOnce(&mut Config), restored: Vec<Binding>) -> Self {
        let mut config = Config::new(([127, 0, 0, 1], 0).into());
        config.timers.sweep = Duration::from_millis(50);
        // What is not acknowledged is not repeated into the next question of a slow test.
        config.timers.t1 = Duration::from_secs(5);
        change(&mut config);
        let (phones, seen, clock) = (Arc::<Phones>::default(), Arc::<Seen>::default(), Arc::<Leaping>::default());
        phones.add(USER, PASSWORD);
        let engine = Engine::start(config, phones.clone(), seen.clone(), clock.clone(), restored).await.expect("starts");
        Self { engine, phones, seen, clock }
    }

    pub fn address(&self) -> SocketAddr {
        self.engine.local_addr()
    }

    /// The one binding of a user.
    pub fn binding(&self, username: &str) -> Binding {
        let bindings = self.engine.bindings(device(username));
        assert_eq!(bindings.len(), 1, "{bindings:?}");
        bindings[0].clone()
    }

    pub fn contacts(&self, username: &str) -> Vec<String> {
        self.engine.bindings(device(username)).into_iter().map(|b| b.contact).collect()
    }
}

/// Waits until something holds, for at most a minute.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within a minute: {what}");
}
