//! Nothing waits for storage: while both databases are locked by somebody else, phones register and refresh; afterwards it is all written.
//! And it is written within a second, so that a server that is killed loses no more.

#![cfg(target_os = "linux")]

use crate::{
    api::Api,
    flood::phone,
    seatline::{ALONE, Seatline},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::{Duration, Instant},
};

/// One connection of our own, which is not the server's.
async fn open(file: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
    Database::connect(options).await.unwrap()
}

/// The last refresh of this contact that is written.
async fn written(bindings: &DatabaseConnection, port: u16) -> i64 {
    let query = format!("SELECT coalesce(max(json_extract(data, '$.refreshed')), 0) AS last FROM bindings WHERE contact LIKE '%:{port}%'");
    let row = bindings.query_one_raw(Statement::from_string(bindings.get_database_backend(), query)).await.unwrap().unwrap();
    row.try_get::<i64>("", "last").unwrap()
}

#[test]
fn a_stopped_database_stops_no_refresh() {
    let _alone = ALONE.lock();
    let server = Seatline::start(&["--demo"]);
    let registrar: SocketAddr = server.said.split("phones  sip:").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let api = Api::of_demo(&server);
    let device = &api.devices()[0];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (phone, password) = phone(&api, device, Ipv4Addr::LOCALHOST, registrar).await;
        let port = phone.address().port();
        let (main, bindings) = (open(&server.data.path().join("seatline.db")).await, open(&server.data.path().join("bindings.db")).await);
        let begun = Instant::now();
        while written(&bindings, port).await == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "not written behind");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for database in [&main, &bindings] {
            database.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        }
        let before = written(&bindings, port).await;
        // Longer than the databases are waited for.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(8) {
            let count = phone.state().registrations;
            phone.set_password(password.clone()).await;
            // A database that is stopped is waited for 5 s.
            let answered = tokio::time::timeout(Duration::from_secs(4), phone.wait_for(|state| state.registrations > count)).await;
            assert!(answered.is_ok(), "a refresh waits after {:?}: {:?}", begun.elapsed(), phone.state());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(written(&bindings, port).await, before, "the database was stopped");
        for database in [&main, &bindings] {
            database.execute_unprepared("ROLLBACK").await.unwrap();
        }
        let begun = Instant::now();
        while written(&bindings, port).await <= before {
            assert!(begun.elapsed() < Duration::from_mins(1), "what waited is not written");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        phone.stop().await;
    });
}

#[test]
fn a_registration_of_a_second_ago_outlives_a_server_that_is_killed() {
    let _alone = ALONE.lock();
    let server = Seatline::start(&["--demo"]);
    let registrar: SocketAddr = server.said.split("phones  sip:").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let device = Api::of_demo(&server).devices()[0].clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let phone = runtime.block_on(phone(&Api::of_demo(&server), &device, Ipv4Addr::LOCALHOST, registrar)).0;
    let registered = Instant::now();
    let contact = format!(":{}", phone.address().port());
    let of_phone = |server: &Seatline| {
        let bindings = Api::of_demo(server).bindings(&device);
        bindings.into_iter().find(|b| b["contact"].as_str().unwrap().contains(&contact))
    };
    let before = of_phone(&server).expect("registered");
    std::thread::sleep(Duration::from_millis(1_050).saturating_sub(registered.elapsed()));
    // The phone does not run any more: nothing registers anew. Nor do those of the demo.
    drop(runtime);
    let server = server.killed(&[]);
    let after = of_phone(&server).expect("the registration is kept");
    for name in ["contact", "since", "expires", "transport", "user_agent"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!(after["reachable"], true, "and the phone can be asked");
}

/// What phones did is kept for 30 days: whoever starts the server on an old file finds it tidied.
#[test]
fn what_phones_did_more_than_thirty_days_ago_is_forgotten() {
    let server = Seatline::start(&[]);
    let file = server.data.path().join("bindings.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let days_ago = |days: i64| now - days * 24 * 3_600 * 1_000;
    runtime.block_on(async {
        let bindings = open(&file).await;
        let (old, young, id) = (days_ago(31), days_ago(29), "zeroblob(16)");
        for statement in [
            format!("INSERT INTO phone_events (seq, device_id, at, kind, detail) VALUES (1, {id}, {old}, 'registered', '{{}}')"),
            format!("INSERT INTO phone_events (seq, device_id, at, kind, detail) VALUES (2, {id}, {young}, 'registered', '{{}}')"),
            format!("INSERT INTO tries (account_id, source, last, data) VALUES ({id}, '192.0.2.1', {old}, '{{}}')"),
            format!("INSERT INTO tries (account_id, source, last, data) VALUES ({id}, '192.0.2.2', {young}, '{{}}')"),
        ] {
            bindings.execute_unprepared(&statement).await.unwrap();
        }
        bindings.close().await.unwrap();
    });
    let server = server.restarted(&[]);
    runtime.block_on(async {
        let bindings = open(&server.data.path().join("bindings.db")).await;
        let left = async |query: &str| {
            let query = Statement::from_string(bindings.get_database_backend(), query);
            bindings.query_one_raw(query).await.unwrap().unwrap().try_get::<String>("", "rest").unwrap()
        };
        let begun = Instant::now();
        loop {
            let events = left("SELECT group_concat(seq) AS rest FROM phone_events").await;
            let tries = left("SELECT group_concat(source) AS rest FROM tries").await;
            if (events.as_str(), tries.as_str()) == ("2", "192.0.2.2") {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "events {events}, tries {tries}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

/// Tries from more sources than there are lines for are one line more, and the page says what it is.
#[test]
fn what_many_sources_tried_is_one_line_more_on_the_page() {
    let server = Seatline::start(&[]);
    let (account, cookie) = server.signed_in();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bindings = open(&server.data.path().join("bindings.db")).await;
        let id = account.replace('-', "");
        for (source, count) in [("0.0.0.0", 4_321), ("192.0.2.7", 3)] {
            let data = serde_json::json!({ "source": source, "first": 1, "last": 2, "count": count, "names": ["x@first.test"], "why": { "unknown_user": count } });
            let row = format!("INSERT INTO tries (account_id, source, last, data) VALUES (X'{id}', '{source}', {}, '{data}')", i64::MAX / 4);
            bindings.execute_unprepared(&row).await.unwrap();
        }
        bindings.close().await.unwrap();
    });
    let host = server.pages;
    let page =
        server.ask(&format!("GET /a/{account}/activity/tries HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"));
    let text = page.text();
    assert!(text.contains("many other sources") && text.contains("4,321 tries"), "{text}");
    assert!(text.contains("192.0.2.7") && !text.contains(">0.0.0.0<"), "{text}");
}
