//! Many phones, for measuring: `cargo run --release -p seatline-phone-sim --example many_phones -- REGISTRAR REALM COUNT PASSWORD SECONDS`. They are
//! `u000000` and on, twenty at each address of loopback, and restart for so many seconds when they are told to. Prints a line once all are registered,
//! and another one at the end of the input.

use seatline_phone_sim::{Handle, Phone, Profile};
use std::{
    io::{Read, stdin},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

/// Phones of an address.
const TOGETHER: usize = 20;
/// How many register at the same time, at the start.
const AT_ONCE: usize = 50;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().unwrap_or_else(|| panic!("{what} is missing"));
    let registrar: SocketAddr = next("the registrar").parse().expect("an address and port");
    let realm = next("the realm");
    let count: usize = next("the number of phones").parse().expect("a number");
    let password = next("the password");
    let away = Duration::from_secs(next("the time of a restart").parse().expect("a number of seconds"));
    // Each has a socket of its own.
    rlimit::increase_nofile_limit(u64::MAX).expect("open files");

    let start = Instant::now();
    let mut phones: Vec<Handle> = Vec::with_capacity(count);
    for n in 0..count {
        let [high, low] = u16::try_from(1 + n / TOGETHER).expect("so many addresses").to_be_bytes();
        let mut phone = Phone::new(Profile::yealink().away_for(away), format!("u{n:06}"), realm.as_str(), password.as_str(), registrar);
        phone.bind = IpAddr::from([127, 1, high, low]);
        phones.push(phone.start().await.expect("a socket"));
        if phones.len().is_multiple_of(AT_ONCE) {
            all_registered(&phones[phones.len() - AT_ONCE..]).await;
        }
    }
    all_registered(&phones).await;
    println!("{{\"seconds\":{:.2}}}", start.elapsed().as_secs_f64());

    tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new())).await.expect("reads").expect("input");
    let states: Vec<_> = phones.iter().map(Handle::state).collect();
    let restarted = states.iter().filter(|s| s.restarts == 1).count();
    let registered = states.iter().filter(|s| s.registered).count();
    println!("{{\"restarted_once\":{restarted},\"registered\":{registered}}}");
}

async fn all_registered(phones: &[Handle]) {
    for phone in phones {
        let there = tokio::time::timeout(Duration::from_mins(1), phone.wait_for(|s| s.registered)).await;
        there.expect("every phone registers within a minute");
    }
}
