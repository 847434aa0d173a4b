//! Search and paging over a hundred thousand seats: `cargo run --release -p seatline-store --example list_bench -- [postgres://…] [SEATS]`.
//! Without an address: `SQLite` in a temporary folder. Prints the 50th and 95th percentile and the worst, in milliseconds.

extern crate seatline_store as store;

use domain::{AccountId, Field, Kind, Value};
use std::time::{Duration, Instant};
use store::{Account, Device, Options, RealmRow, Seat, SeatQuery, SeatSort, Store};
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

async fn fill(store: &Store, seats: u64) -> AccountId {
    let account = Account { id: Uuid::now_v7().into(), name: "Bench".into(), version: 1, created: 0 };
    let name = format!("{}.example.net", account.id.0.simple());
    let realm = RealmRow { id: Uuid::now_v7().into(), account: account.id, name, is_default: true, sha256: false };
    let mut tx = store.begin().await.expect("begins");
    tx.insert_account(&account).await.expect("account");
    tx.insert_realm(&realm).await.expect("realm");
    let mut dice = Dice(42);
    for n in 0..seats {
        let (seat, devices) = seat(account.id, n, &mut dice);
        tx.insert_seat(&seat).await.expect("seat");
        for device in &devices {
            tx.insert_device(device).await.expect("device");
        }
        if n % 2000 == 1999 {
            tx.commit().await.expect("commits");
            tx = store.begin().await.expect("begins");
        }
    }
    tx.commit().await.expect("commits");
    account.id
}

/// The first page.
fn query(account: AccountId, sort: SeatSort, text: &str) -> SeatQuery<'_> {
    SeatQuery { account, text, sort, descending: false, after: None, limit: 50, only: None }
}

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
    let begun = Instant::now();
    let account = fill(&store, seats).await;
    println!("{seats} seats in {:.0} s", begun.elapsed().as_secs_f64());
    let reads = store.read();
    let sorts = [SeatSort::Name, SeatSort::Extension, SeatSort::Changed];

    let mut dice = Dice(7);
    let mut times: [Vec<Duration>; 3] = Default::default();
    for i in 0..300 {
        let text = typed(&mut dice, seats);
        let begun = Instant::now();
        reads.seats(&query(account, sorts[i % 3], &text)).await.expect("searches");
        times[0].push(begun.elapsed());
        let begun = Instant::now();
        reads.count_seats(account, &text).await.expect("counts");
        times[1].push(begun.elapsed());
    }
    for i in 0..100 {
        let mut query = SeatQuery { descending: i % 2 == 0, ..query(account, sorts[i % 3], "") };
        for _ in 0..3 {
            let begun = Instant::now();
            query.after = reads.seats(&query).await.expect("lists").next;
            times[2].push(begun.elapsed());
        }
    }
    let [search, count, page] = times;
    report("search, 50 of the matches in any sort", search);
    report("count of the matches", count);
    report("page of the whole list", page);
    store.close().await;
}
