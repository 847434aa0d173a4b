//! Nothing waits for storage: while both databases are locked by somebody else, phones register and refresh; afterwards it is all written.

#![cfg(target_os = "linux")]

use crate::{api::Api, flood::phone, seatline::Seatline};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::{Duration, Instant},
};

/// One connection of our own, which is not the server's.
async fn open(file: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options.max_connections(1).min_connections(1);
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
            assert!(begun.elapsed() < Duration::from_secs(5), "not written behind");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for database in [&main, &bindings] {
            database.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        }
        let before = written(&bindings, port).await;
        // Longer than the databases are waited for.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(8) {
            let (count, asked) = (phone.state().registrations, Instant::now());
            phone.set_password(password.clone()).await;
            let answered = tokio::time::timeout(Duration::from_secs(2), phone.wait_for(|state| state.registrations > count)).await;
            assert!(answered.is_ok(), "a refresh waits after {:?}: {:?}", begun.elapsed(), phone.state());
            assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(written(&bindings, port).await, before, "the database was stopped");
        for database in [&main, &bindings] {
            database.execute_unprepared("ROLLBACK").await.unwrap();
        }
        let begun = Instant::now();
        while written(&bindings, port).await <= before {
            assert!(begun.elapsed() < Duration::from_secs(10), "what waited is not written");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        phone.stop().await;
    });
}
