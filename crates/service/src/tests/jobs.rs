//! Reboots while the database is away, and the pace of many in several accounts.

use super::{
    engine::{Held, Phone, binding},
    house::{House, operation},
};
use domain::batch::{Control, Pace};
use domain::reboot::End;
use domain::vendor::Action;
use domain::view::{BatchOf, Live, Made};
use domain::{AccountId, Binding, DeviceId, Field, MINUTE, Role, Secret, Value};
use secrecy::ExposeSecret;
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// A phone of a device at the office's address.
fn at_the_office(account: AccountId, device: DeviceId) -> Binding {
    Binding { account, device, ..binding(1, &format!("sip:{device}@192.0.2.7")) }
}

fn connected(house: &House, phone: &Arc<Phone>, bindings: Vec<Binding>) {
    let held = Held { phone: Some(phone.clone()), ..Held::default() };
    *held.bindings.lock() = bindings;
    house.connect(Arc::new(held));
}

/// Waits until so many were asked, and a moment more for one too many.
async fn asked(phone: &Phone, n: usize) {
    let begun = Instant::now();
    while phone.asked.load(Ordering::SeqCst) < n {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} of {n} were asked", phone.asked.load(Ordering::SeqCst));
        sleep(Duration::from_millis(10)).await;
    }
    sleep(Duration::from_millis(200)).await;
    assert_eq!(phone.asked.load(Ordering::SeqCst), n);
}

#[tokio::test]
async fn the_end_of_a_job_is_stored_and_told_however_long_the_database_was_away() {
    let house = House::new().await;
    let Made { device, .. } = house.seat_at("Front desk", "1001").await;
    let phone = Phone::new(0);
    connected(&house, &phone, vec![at_the_office(house.account, device)]);
    let reboot = async || house.reboot(&house.admin, house.account, Action::Reboot, device, operation(), None).await;
    let job = reboot().await.unwrap().id;
    asked(&phone, 1).await;
    let mut feed = house.live(&house.admin, vec![house.account], None).await.unwrap();

    house.site.sql("ALTER TABLE jobs RENAME TO away").await;
    phone.answers.add_permits(1);
    // It is tried in vain several times.
    sleep(Duration::from_millis(3_500)).await;
    house.site.sql("ALTER TABLE away RENAME TO jobs").await;
    let end = async || house.job(&house.admin, house.account, job).await.unwrap().end;
    assert_eq!(end().await, None, "nobody is told what is not stored");
    let told = async {
        loop {
            if let Live::Job(job) = feed.next().await.unwrap().live {
                return job.end;
            }
        }
    };
    let declined = Some(End::Refused(603, "Decline".into()));
    assert_eq!(timeout(Duration::from_mins(1), told).await.expect("told"), declined);
    assert_eq!(end().await, declined);
    assert_ne!(reboot().await.unwrap().id, job, "and another one can be asked for");
}

#[tokio::test]
async fn what_a_phone_had_before_a_save_is_written_with_the_save_into_the_job_that_runs() {
    // One that authenticates by IP proves nothing by the password that it was made with.
    for (by_ip, password) in [(false, Some("password 1")), (true, None)] {
        let house = House::new().await;
        let Made { device, .. } = house.seat_at("Front desk", "1001").await;
        let set = async |n: u8| {
            let secret = Value::Secret(Secret::new(format!("password {n}")));
            let by_password = [(Field::Method, Value::text("password")), (Field::Password, secret)];
            let address = [(Field::Method, Value::text("ip")), (Field::Ip, Value::List(vec![format!("192.0.2.{n}")]))];
            house.save(device, if by_ip { &address } else { &by_password }).await;
        };
        set(1).await;
        let username = house.device(&house.admin, house.account, device).await.unwrap().record.text(Field::Username).to_owned();
        let phone = Phone::new(0);
        connected(&house, &phone, vec![at_the_office(house.account, device)]);
        house.reboot(&house.admin, house.account, Action::Reboot, device, operation(), None).await.unwrap();
        asked(&phone, 1).await;
        let noted = async || {
            let row = house.site.store.read().running_jobs().await.unwrap().remove(0);
            let state: serde_json::Value = serde_json::from_str(&row.state).unwrap();
            (state["after_save"].clone(), row.previous_password.map(|p| p.expose_secret().to_owned()))
        };
        assert_eq!(noted().await, (serde_json::Value::Null, None));
        let first = (serde_json::json!([username, "first.test"]), password.map(str::to_owned));
        for n in [2, 3] {
            set(n).await;
            assert_eq!(noted().await, first, "what the phone had when it was asked");
        }
        // A step of the job is written over it: it stays.
        phone.answers.add_permits(1);
        let begun = Instant::now();
        while !house.site.store.read().running_jobs().await.unwrap().is_empty() {
            assert!(begun.elapsed() < Duration::from_mins(1), "it ends");
            sleep(Duration::from_millis(10)).await;
        }
        let ended = house.site.store.read().last_job(device).await.unwrap().unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&ended.state).unwrap()["after_save"], first.0);
    }
}

/// An account with so many devices, whose phones are all at the office's address; who is admin of it.
async fn at_one_address(house: &House, account: AccountId, caller: &crate::Caller, n: usize) -> (Vec<Binding>, BatchOf) {
    let (mut bindings, mut seats) = (Vec::new(), Vec::new());
    for extension in 0..n {
        let made = house.new_seat(caller, account, operation(), "Desk".into(), (100 + extension).to_string(), String::new()).await.unwrap();
        bindings.push(at_the_office(account, made.device));
        seats.push(made.seat);
    }
    (bindings, BatchOf::Seats(seats))
}

#[tokio::test]
async fn the_pace_for_an_address_holds_across_accounts_and_across_batches() {
    let house = House::new().await;
    let second = house.add_account("Second", "second.test").await.unwrap();
    let bob = house.operator("bob", "Second", Role::Admin).await;
    let (mut bindings, first) = at_one_address(&house, house.account, &house.admin, 2).await;
    let (more, other) = at_one_address(&house, second, &bob, 3).await;
    bindings.extend(more);
    let phone = Phone::new(100);
    connected(&house, &phone, bindings);
    let pace = Pace::new(50, 3).unwrap();
    house.batch_start(&house.admin, house.account, operation(), first.clone(), Action::Resync, pace).await.unwrap();
    asked(&phone, 2).await;
    let batch = house.batch_start(&bob, second, operation(), other, Action::Resync, pace).await.unwrap();
    asked(&phone, 3).await;
    let wake = async || house.batch_control(&bob, second, batch, Control::Pace(pace)).await.unwrap();
    house.site.clock.pass(MINUTE - 1);
    wake().await;
    asked(&phone, 3).await;
    house.site.clock.pass(1);
    wake().await;
    asked(&phone, 5).await;
    // The next batch of the first account, within the same minute: two are counted already.
    let third = house.batch_start(&house.admin, house.account, operation(), first, Action::Resync, pace).await.unwrap();
    asked(&phone, 6).await;
    house.batch_control(&house.admin, house.account, third, Control::Pace(Pace::OFF)).await.unwrap();
    asked(&phone, 7).await;
}
