//! The registrar stands a flood: 20,000 REGISTER a second with bad credentials from 50 addresses of loopback, for 20 seconds, or for 5 minutes
//! with `SEATLINE_TEST_ALL`. Meanwhile phones stay registered, also one that shares its address with the flood, those of the demo without a gap
//! though they have to refresh within it, and the memory stays bounded.

#![cfg(target_os = "linux")]

use crate::{
    api::Api,
    seatline::{ALONE, Seatline},
};
use phone_sim::{Handle, Phone, Profile};
use serde_json::json;
use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const SOURCES: u8 = 50;
const PER_SECOND: u64 = 20_000;
/// Below this the sender was starved and the test says nothing.
const LEAST: u64 = 15_000;
/// Of the server's process, in kB.
const MEMORY: u64 = 300_000;

/// What the demo's phones are granted, in seconds: they refresh at half of it.
const EXPIRES: u64 = 60;
/// How long before that refresh the flood begins.
const AHEAD: u64 = 10;

/// One address of the flood, with a nonce that it was given.
struct Source {
    socket: UdpSocket,
    nonce: String,
    nc: u32,
}

impl Source {
    fn new(n: u8, to: SocketAddr) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::new(127, 0, 1, n), 0)).unwrap();
        socket.connect(to).unwrap();
        socket.set_nonblocking(true).unwrap();
        Self { socket, nonce: String::new(), nc: 0 }
    }

    /// A REGISTER with a wrong answer to a nonce that is valid, so that it costs as much as can be.
    fn send(&mut self, serial: u64) {
        self.nc += 1;
        let (nc, nonce) = (self.nc, &self.nonce);
        // Some names again and again, and new ones.
        let user = if serial.is_multiple_of(3) { format!("guess{}", serial % 64) } else { format!("name{serial}") };
        let realm = "demo.seatline.test";
        let text = format!(
            "REGISTER sip:{realm} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{serial}\r\nFrom: <sip:{user}@{realm}>;tag=f\r\nTo: <sip:{user}@{realm}>\r\nCall-ID: flood-{serial}\r\nCSeq: 1 REGISTER\r\nContact: <sip:{user}@127.0.0.1:9>\r\nMax-Forwards: 70\r\nAuthorization: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"sip:{realm}\", response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5, qop=auth, nc={nc:08x}, cnonce=\"c\"\r\nContent-Length: 0\r\n\r\n"
        );
        // A full buffer is a datagram less.
        let _ = self.socket.send(text.as_bytes());
    }

    /// Reads what came; the newest nonce is the one to answer.
    fn read(&mut self) {
        let mut buffer = [0; 2048];
        while let Ok(length) = self.socket.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]);
            if let Some(nonce) = text.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()) {
                (self.nonce, self.nc) = (nonce.to_owned(), 0);
            }
        }
    }
}

/// Sends until `stop`, evenly; how many were sent stands in `sent`.
fn flood(to: SocketAddr, stop: &AtomicBool, sent: &AtomicU64) {
    let mut sources: Vec<Source> = (1..=SOURCES).map(|n| Source::new(n, to)).collect();
    let (begun, mut serial) = (Instant::now(), 0);
    while !stop.load(Ordering::Relaxed) {
        let due = begun.elapsed().as_millis() as u64 * PER_SECOND / 1_000;
        // What a starved sender missed is not made up for.
        serial = serial.max(due.saturating_sub(PER_SECOND / 10));
        while serial < due {
            let source = &mut sources[(serial % u64::from(SOURCES)) as usize];
            source.send(serial);
            if serial % 64 < 2 {
                source.read();
            }
            serial += 1;
            sent.fetch_add(1, Ordering::Relaxed);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Ends the flood with its test, however that ends.
struct Stops(Arc<AtomicBool>);

impl Drop for Stops {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A phone with the credentials of a device of the demo.
pub async fn phone(api: &Api<'_>, device: &serde_json::Value, bind: Ipv4Addr, registrar: SocketAddr) -> (Handle, String) {
    let view = api.call("device", json!({ "device": device }));
    let username = view["record"]["values"]["username"]["text"].as_str().unwrap_or_else(|| panic!("{view}")).to_owned();
    let password = api.call("look_password", json!({ "device": device })).as_str().unwrap().to_owned();
    let phone = Phone {
        bind: bind.into(),
        expires: 60,
        retry: Duration::from_secs(1),
        ..Phone::new(Profile::yealink(), username, "demo.seatline.test", password.clone(), registrar)
    };
    let handle = phone.start().await.unwrap();
    tokio::time::timeout(Duration::from_mins(1), handle.wait_for(|state| state.registered)).await.expect("registers before the flood");
    (handle, password)
}

/// The registration of a phone of the demo, as it was before the flood.
struct Watched {
    device: serde_json::Value,
    binding: serde_json::Value,
}

impl Watched {
    /// Waits until the phone is there.
    fn of(api: &Api<'_>, device: &serde_json::Value) -> Self {
        let begun = Instant::now();
        loop {
            if let [binding] = &api.bindings(device)[..] {
                return Self { device: device.clone(), binding: binding.clone() };
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "a phone of the demo does not register");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// It is registered and was all the time. Answers when it expires.
    fn look(&self, api: &Api<'_>) -> i64 {
        let bindings = api.bindings(&self.device);
        let now = bindings.iter().find(|b| b["contact"] == self.binding["contact"]);
        let now = now.unwrap_or_else(|| panic!("a phone of the demo is gone: {} of {bindings:?}", self.binding));
        assert_eq!(now["since"], self.binding["since"], "a phone of the demo was gone for a while");
        assert_eq!(now["reachable"], true, "{now}");
        now["expires"].as_i64().unwrap()
    }
}

/// The demo, its phones granted little time and some of that over.
fn demo() -> Seatline {
    let server = Seatline::start(&["--demo"]);
    let api = Api::of_demo(&server);
    for device in api.devices() {
        api.save(&device, "expire_seconds", &json!({ "text": EXPIRES.to_string() }));
    }
    // What a phone was granted before holds until it comes again.
    let server = server.restarted(&["--demo"]);
    for device in Api::of_demo(&server).devices() {
        Watched::of(&Api::of_demo(&server), &device);
    }
    std::thread::sleep(Duration::from_secs(EXPIRES / 2 - AHEAD));
    server
}

#[test]
fn a_flood_of_bad_credentials_keeps_no_phone_from_registering() {
    let _alone = ALONE.lock();
    let seconds = if std::env::var_os("SEATLINE_TEST_ALL").is_some() { 300 } else { 20 };
    let server = demo();
    let registrar: SocketAddr = server.said.split("phones  sip:").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let api = Api::of_demo(&server);
    let devices = api.devices();
    let watched: Vec<Watched> = devices.iter().map(|device| Watched::of(&api, device)).collect();
    assert_eq!(watched.len(), 3);
    let expired: Vec<i64> = watched.iter().map(|phone| phone.look(&api)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let _stops = Stops(stop.clone());
    let mut most = 0;
    runtime.block_on(async {
        let apart = phone(&api, &devices[0], Ipv4Addr::LOCALHOST, registrar).await;
        let beside = phone(&api, &devices[1], Ipv4Addr::new(127, 0, 1, 1), registrar).await;
        let flooding = std::thread::spawn({
            let (stop, sent) = (stop.clone(), sent.clone());
            move || flood(registrar, &stop, &sent)
        });
        let begun = Instant::now();
        let mut slowest = Duration::ZERO;
        while begun.elapsed() < Duration::from_secs(seconds) {
            for (handle, password) in [&apart, &beside] {
                let (before, asked) = (handle.state().registrations, Instant::now());
                // It registers at once, as at a refresh.
                handle.set_password(password.clone()).await;
                let answered = tokio::time::timeout(Duration::from_secs(20), handle.wait_for(|state| state.registrations > before)).await;
                assert!(answered.is_ok(), "no refresh after {:?}: {:?}", begun.elapsed(), handle.state());
                assert!(handle.state().registered, "{:?}", handle.state());
                slowest = slowest.max(asked.elapsed());
            }
            for phone in &watched {
                phone.look(&api);
            }
            most = most.max(server.memory());
            assert!(most < MEMORY, "{most} kB after {:?}", begun.elapsed());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        stop.store(true, Ordering::Relaxed);
        flooding.join().unwrap();
        let rate = sent.load(Ordering::Relaxed) / begun.elapsed().as_secs();
        println!("{rate} REGISTER/s for {seconds} s; {most} kB at most; slowest refresh {slowest:?}");
        assert!(rate >= LEAST, "the sender was starved: {rate} a second");
        for (phone, before) in watched.iter().zip(expired) {
            assert!(phone.look(&api) > before, "a phone of the demo did not refresh within the flood: {}", phone.binding);
        }
        apart.0.stop().await;
        beside.0.stop().await;
    });
}
