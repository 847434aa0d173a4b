//! The list over a hundred thousand seats, as a page asks for it: search, paging, and who is not registered.
//! `cargo run --release -p seatline-service --example list_bench -- [postgres://…] [SEATS]`
//! Without an address: `SQLite` in a temporary folder. Prints the 50th and 95th percentile and the worst, in milliseconds.

extern crate seatline_service as service;

use async_trait::async_trait;
use domain::view::{SeatSort, SeatsAsk};
use domain::{
    AccountId, Binding, BindingKey, DeviceId, Dropped, Field, Kind, ProvedBy, RegistrarEvent, SeatId, Secret, Transport, Value,
    routing::Carrier, vendor::NotifyPlan,
};
use parking_lot::RwLock;
use secrecy::SecretString;
use service::{Caller, Capabilities, Config, NotifyOutcome, PhoneDirectory, PhoneEngine, PhoneFlow, Probe, Service, SystemClock};
use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::{Duration, Instant},
};
use store::{Device, DirectoryRow, ExtensionRow, Options, PhoneLog, RealmRow, Seat, Store};
use uuid::Uuid;

const FIRST: [&str; 12] = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Ólafur", "Hedy", "Donald", "Radia", "Ken", "Zoë", "Linus"];
const LAST: [&str; 10] = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Jónsson", "Lamarr", "Knuth", "Perlman", "Thompson"];

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn seat(account: AccountId, n: u64, dice: &mut Dice) -> (Seat, Vec<Device>) {
    let name = format!("{} {} {n}", FIRST[dice.roll(12) as usize], LAST[dice.roll(10) as usize]);
    let record = Kind::Seat.blank().with(Field::SeatName, Value::Text(name)).with(Field::Extension, Value::text(format!("{}", 1000 + n)));
    let (now, by) = (1_760_000_000_000 + n as i64, "Ada".to_owned());
    let seat =
        Seat { id: Uuid::now_v7().into(), account, record, version: 1, created: now, changed: now, changed_by: by.clone(), deleted: None };
    let device = |i: u64, dice: &mut Dice| {
        let mut record = Kind::Device
            .blank()
            .with(Field::Name, Value::text(["Desk phone", "Softphone"][i as usize % 2]))
            .with(Field::Username, Value::text(format!("user_{n:06}{}", ["a", "b"][i as usize % 2])))
            .with(Field::Password, Value::secret("Xk7pQ2vR9mT4wZ8n"))
            .with(Field::Mac, Value::text(format!("805e{:08x}", n * 2 + i)));
        if dice.roll(20) == 0 {
            let ip = format!("10.{}.{}.{}", n / 65536, n / 256 % 256, n % 256);
            record = record.with(Field::Method, Value::text("ip")).with(Field::Ip, Value::List(vec![ip]));
        }
        Device {
            id: Uuid::now_v7().into(),
            account,
            seat: seat.id,
            record,
            version: 1,
            effective_realm: String::new(),
            created: now,
            changed: now,
            changed_by: by.clone(),
            deleted: None,
            extra: None,
        }
    };
    // One in three has a second device; of those one in twenty proves itself by its address, which only one device may.
    let mut devices = vec![device(0, dice)];
    if dice.roll(3) == 0 && devices[0].record.text(Field::Method) != "ip" {
        devices.push(device(1, dice));
    }
    (seat, devices)
}

/// Fills the account; answers the devices in the order of their seats' names.
async fn fill(store: &Store, account: AccountId, seats: u64) -> Vec<DeviceId> {
    let mut tx = store.begin().await.expect("begins");
    let (mut dice, mut named) = (Dice(42), Vec::new());
    for n in 0..seats {
        let (seat, devices) = seat(account, n, &mut dice);
        tx.insert_seat(&seat).await.expect("seat");
        for device in &devices {
            tx.insert_device(device).await.expect("device");
            named.push((seat.record.text(Field::SeatName).to_lowercase(), device.id));
        }
        if n % 2000 == 1999 {
            tx.commit().await.expect("commits");
            tx = store.begin().await.expect("begins");
        }
    }
    tx.commit().await.expect("commits");
    named.sort();
    named.into_iter().map(|(_, device)| device).collect()
}

/// An engine that knows who is registered, and nothing else.
#[derive(Default)]
struct Registered(RwLock<HashSet<DeviceId>>);

#[async_trait]
impl PhoneFlow for Registered {
    async fn notify(&self, _: &NotifyPlan, _: &[(String, SecretString)]) -> NotifyOutcome {
        NotifyOutcome::NoAnswer
    }
    async fn options(&self) -> Probe {
        Probe::NoAnswer
    }
}

impl PhoneEngine for Registered {
    fn capabilities(&self) -> Capabilities {
        Capabilities { reports_status: true, answers_challenge: true }
    }
    fn bindings(&self, _: DeviceId) -> Vec<Binding> {
        Vec::new()
    }
    fn all_bindings(&self) -> Vec<Binding> {
        Vec::new()
    }
    fn is_registered(&self, device: DeviceId) -> bool {
        self.0.read().contains(&device)
    }
    fn end_device(&self, _: DeviceId, _: Dropped) {}
    fn end_binding(&self, _: &BindingKey, _: Dropped) {}
    fn flow(&self, _: &BindingKey) -> Option<Arc<dyn PhoneFlow>> {
        None
    }
    fn penalties(&self, _: AccountId) -> Vec<domain::Penalty> {
        Vec::new()
    }
    fn lift_penalty(&self, _: AccountId, _: IpAddr, _: &str, _: &str) -> bool {
        false
    }
}

struct Nowhere;

impl PhoneDirectory for Nowhere {
    fn realms(&self, _: Vec<RealmRow>) {}
    fn knows(&self, _: &str) -> bool {
        true
    }
    fn put(&self, _: DirectoryRow) {}
    fn remove(&self, _: DeviceId) {}
    fn previous(&self, _: DeviceId, _: Option<service::Previous>) {}
    fn put_seat(&self, _: ExtensionRow) {}
    fn remove_seat(&self, _: SeatId) {}
    fn carriers(&self, _: AccountId, _: Vec<Carrier>) {}
}

struct Bench {
    service: Service,
    engine: Arc<Registered>,
    account: AccountId,
    caller: Caller,
    devices: Vec<DeviceId>,
}

impl Bench {
    async fn new(store: &Store, log: PhoneLog, seats: u64) -> Self {
        let service = Service::new(store.clone(), log, Arc::new(SystemClock), Config::default(), Arc::new(Nowhere));
        let name = format!("bench-{}", Uuid::now_v7().simple());
        let account = service.add_account(&name, &format!("{name}.test")).await.expect("account");
        let password = || Secret::new("a long enough password");
        service.add_operator(&name, Some(&password()), Some(&name), domain::Role::Admin).await.expect("operator");
        let entered = service.sign_in(IpAddr::V4(Ipv4Addr::LOCALHOST), name, password()).await.expect("signs in");
        let caller = service.session(&entered.token).await.expect("reads").expect("lives");
        let devices = fill(store, account, seats).await;
        service.load_phones().await.expect("loads");
        let engine = Arc::new(Registered::default());
        service.connect(engine.clone());
        Self { service, engine, account, caller, devices }
    }

    /// From now on these are registered, in the order of the names.
    fn register(&self, which: impl Fn(usize) -> bool) {
        for (at, device) in self.devices.iter().enumerate() {
            let (is, was) = (which(at), self.engine.0.read().contains(device));
            if is == was {
                continue;
            }
            if is {
                self.engine.0.write().insert(*device)
            } else {
                self.engine.0.write().remove(device)
            };
            self.service.registrar_event(RegistrarEvent::Registered(binding(self.account, *device)));
        }
    }

    /// One page; answers how long it took and where the next one begins.
    async fn list(&self, ask: SeatsAsk) -> (Duration, Option<String>) {
        let begun = Instant::now();
        let page = self.service.seats(&self.caller, self.account, ask).await.expect("lists");
        (begun.elapsed(), page.next)
    }

    /// The filter "not registered", in every sort: first pages, second pages, and with a text.
    async fn not_registered(&self, what: &str, seats: u64) {
        let mut dice = Dice(11);
        let (mut pages, mut searches) = (Vec::new(), Vec::new());
        for i in 0..40 {
            let ask = SeatsAsk { not_registered: true, sort: SORTS[i % 3], descending: i % 2 == 0, ..SeatsAsk::default() };
            let (first, after) = self.list(ask.clone()).await;
            let (second, _) = self.list(SeatsAsk { after, ..ask.clone() }).await;
            let (search, _) = self.list(SeatsAsk { text: typed(&mut dice, seats), ..ask }).await;
            pages.extend([first, second]);
            searches.push(search);
        }
        report(&format!("not registered, {what}"), pages);
        report("  with a text", searches);
    }
}

fn binding(account: AccountId, device: DeviceId) -> Binding {
    Binding {
        account,
        device,
        aor: String::new(),
        contact: "sip:x".into(),
        source: (Ipv4Addr::LOCALHOST, 5060).into(),
        transport: Transport::Udp,
        connection: None,
        path: Vec::new(),
        instance: None,
        reg_id: None,
        user_agent: None,
        call_id: String::new(),
        cseq: 1,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: 0,
        refreshed: 0,
        expires: i64::MAX,
    }
}

const SORTS: [SeatSort; 3] = [SeatSort::Name, SeatSort::Extension, SeatSort::Changed];

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!("{what:<44} p50 {:7.1}   p95 {:7.1}   worst {:7.1}", at(0.5), at(0.95), at(1.0));
}

/// What people type, from a part of a name to a whole address.
fn typed(dice: &mut Dice, seats: u64) -> String {
    let n = dice.roll(seats);
    match dice.roll(9) {
        0 => FIRST[dice.roll(12) as usize].to_lowercase(),
        1 => format!("{} {}", FIRST[dice.roll(12) as usize], LAST[dice.roll(10) as usize]),
        2 => format!("{}", 1000 + n),
        3 => format!("user_{n:06}"),
        4 => format!("80:5e:{:02x}", dice.roll(256)),
        5 => format!("805e{:08x}", n * 2),
        6 => format!("10.{}.{}.{}", n / 65536, n / 256 % 256, n % 256),
        7 => "nothing like it".into(),
        _ => LAST[dice.roll(10) as usize].chars().take(2).collect(),
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let database = arguments.next_if(|a| a.starts_with("postgres"));
    let seats = arguments.next().map_or(100_000, |n| n.parse().expect("a number of seats"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&Options { data: folder.path().into(), database }, true).await.expect("opens");
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.expect("opens");
    let begun = Instant::now();
    let bench = Bench::new(&store, log, seats).await;
    let all = bench.devices.len();
    println!("{seats} seats, {all} devices in {:.0} s", begun.elapsed().as_secs_f64());

    let mut dice = Dice(7);
    let (mut search, mut pages) = (Vec::new(), Vec::new());
    for i in 0..300 {
        let ask = SeatsAsk { text: typed(&mut dice, seats), sort: SORTS[i % 3], ..SeatsAsk::default() };
        search.push(bench.list(ask).await.0);
    }
    for i in 0..100 {
        let mut ask = SeatsAsk { sort: SORTS[i % 3], descending: i % 2 == 0, ..SeatsAsk::default() };
        for _ in 0..3 {
            let (took, after) = bench.list(ask.clone()).await;
            pages.push(took);
            ask.after = after;
        }
    }
    report("search, 50 of the matches in any sort", search);
    report("page of the whole list", pages);
    bench.not_registered("nobody is", seats).await;
    bench.register(|at| at % 2 == 0);
    bench.not_registered("every second is", seats).await;
    bench.register(|at| at < all * 17 / 20);
    bench.not_registered("all but the last 15 % by name", seats).await;
    bench.register(|at| at % 15 != 0);
    bench.not_registered("all but one in 15", seats).await;
    bench.register(|at| at % 5_000 != 0);
    bench.not_registered("all but a few", seats).await;
    store.close().await;
}
