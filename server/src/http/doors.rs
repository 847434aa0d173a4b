//! Every door tried: each server function and route without a session, and with the session of somebody from another account.

#![cfg(test)]

mod idle;
mod pages;
mod secrets;

use super::{Web, router};
use crate::config::Config;
use axum::{Router, body::Body};
use domain::{
    AccountId, CarrierId, Clock, DeviceId, Field, JobId, Millis, OperationId, Patch, RealmId, Role, SeatId, Secret, Value, view::Made,
};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use service::{Caller, PhoneDirectory, Service, SystemClock};
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use store::{DirectoryRow, ExtensionRow, Options, PhoneLog, RealmRow, Store};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

/// Functions that somebody without a session may call.
const OPEN: [&str; 6] = ["accept_invite", "invite_view", "setup", "setup_state", "sign_in", "sign_out"];
/// Functions of the caller alone, in no account.
const OWN: [&str; 2] = ["change_password", "me"];
/// Functions that name nothing but an account.
const WITHOUT_IDS: [&str; 13] = [
    "add_realm",
    "batches",
    "carriers",
    "invite",
    "lift_penalty",
    "new_carrier",
    "new_seat",
    "penalties",
    "rename_account",
    "seats",
    "set_sha256",
    "settings",
    "tries",
];

/// Functions that a viewer may call.
const READS: [&str; 13] = [
    "activity",
    "batch",
    "batches",
    "carriers",
    "device",
    "device_history",
    "job",
    "look",
    "saved_before",
    "seat",
    "seats",
    "settings",
    "tries",
];

/// The system's clock, which a test can put forward.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> Millis {
        SystemClock.now() + self.0.load(Ordering::SeqCst)
    }
}

struct NoPhones;

impl PhoneDirectory for NoPhones {
    fn realms(&self, _: Vec<RealmRow>) {}
    fn knows(&self, _: &str) -> bool {
        true
    }
    fn put(&self, _: DirectoryRow) {}
    fn remove(&self, _: DeviceId) {}
    fn previous(&self, _: DeviceId, _: Option<service::Previous>) {}
    fn put_seat(&self, _: ExtensionRow) {}
    fn remove_seat(&self, _: SeatId) {}
    fn carriers(&self, _: AccountId, _: Vec<domain::routing::Carrier>) {}
}

/// Two accounts; the first holds a seat with a device, one that was deleted, a carrier, a reboot and an open invitation. The second's
/// admin saved the device once, as an operator of the first, and was removed from there.
struct House {
    router: Router,
    _data: tempfile::TempDir,
    account: AccountId,
    made: Made,
    gone: Made,
    carrier: CarrierId,
    realm: RealmId,
    job: JobId,
    invite: String,
    store: Store,
    /// The other account's admin.
    stranger: String,
    /// What the stranger did in the first account.
    foreign: OperationId,
    /// A viewer of the first account.
    viewer: String,
    service: Service,
    admin: Caller,
    clock: Arc<Ahead>,
}

fn operation() -> OperationId {
    OperationId(Uuid::now_v7())
}

fn config(data: &std::path::Path) -> Config {
    use clap::Parser;
    let cli = crate::cli::Cli::try_parse_from(["seatline".as_ref(), "--data".as_ref(), data.as_os_str()]).unwrap();
    Config::new(cli.options).unwrap()
}

impl House {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { data: data.path().into(), database: None }, true).await.unwrap();
        let log = PhoneLog::open(&data.path().join("bindings.db")).await.unwrap();
        let clock = Arc::new(Ahead::default());
        let service = Service::new(store.clone(), log, clock.clone(), service::Config::default(), Arc::new(NoPhones));
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        let password = || Secret::new("a long enough password");
        let code = service.make_setup_code().await.unwrap().unwrap();
        let entered =
            service.setup(here, Secret::new(code.expose()), "first".into(), password(), "First".into(), "first.test".into()).await.unwrap();
        let account = entered.me.accounts[0].id;
        let admin = service.session(&entered.token).await.unwrap().unwrap();
        let made = service.new_seat(&admin, account, operation(), "Desk of the first".into(), "1001".into(), String::new()).await.unwrap();
        let mut values = domain::few::Map::new();
        values.insert(Field::CarrierName, Value::text("Trunk of the first"));
        values.insert(Field::CarrierUri, Value::text("sip:north.test"));
        let carrier = service.new_carrier(&admin, account, operation(), values).await.unwrap();
        let gone = service.new_seat(&admin, account, operation(), "Gone".into(), "1002".into(), String::new()).await.unwrap();
        service.delete_seat(&admin, account, gone.seat, operation()).await.unwrap();
        let job = service.reboot(&admin, account, domain::vendor::Action::Reboot, made.device, operation(), None).await.unwrap().id;
        service.invite(&admin, account, "somebody".into(), Role::Viewer).await.unwrap();
        let settings = service.settings(&admin, account).await.unwrap();
        let (realm, invite) = (settings.realms[0].realm.id, settings.invites[0].id.clone());
        service.add_account("Second", "second.test").await.unwrap();
        service.add_operator("stranger", Some(&password()), Some("First"), Role::Operator).await.unwrap();
        service.add_operator("stranger", None, Some("Second"), Role::Admin).await.unwrap();
        service.add_operator("viewer", Some(&password()), Some("First"), Role::Viewer).await.unwrap();
        let stranger = service.sign_in(here, "stranger".into(), password()).await.unwrap().token.to_string();
        let (foreign, them) = (operation(), service.session(&stranger).await.unwrap().unwrap());
        let patch = Patch { operation: foreign, items: Vec::new() };
        service.save_device(&them, account, made.device, patch, false, None).await.unwrap();
        service.remove_operator(&admin, account, them.id).await.unwrap();
        let viewer = service.sign_in(here, "viewer".into(), password()).await.unwrap().token.to_string();
        let router = router(Web::new(&config(data.path()), service.clone(), CancellationToken::new()));
        Self {
            router,
            _data: data,
            account,
            made,
            gone,
            carrier,
            realm,
            job,
            invite,
            store,
            stranger,
            foreign,
            viewer,
            service,
            admin,
            clock,
        }
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, body) = (answer.status(), answer.into_body().collect().await.unwrap().to_bytes());
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn call(&self, function: &str, args: &Json, token: Option<&str>) -> (StatusCode, String) {
        let mut request = Request::post(format!("/api/{function}"))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            request = request.header(header::COOKIE, format!("seatline={token}"));
        }
        self.ask(request.body(Body::from(args.to_string())).unwrap()).await
    }

    /// Arguments that would do something, for every function behind a session.
    fn arguments(&self) -> BTreeMap<&'static str, Json> {
        let (account, made, gone, carrier, realm) = (self.account, self.made, self.gone, self.carrier, self.realm);
        let patch = Patch { operation: self.foreign, items: Vec::new() };
        let with = |more: Json| {
            let mut args = json!({ "account": account, "operation": self.foreign });
            args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            args
        };
        BTreeMap::from([
            ("activity", with(json!({ "ask": { "device": made.device, "seat": made.seat, "operator": null, "before": null } }))),
            ("add_device", with(json!({ "seat": made.seat, "name": "" }))),
            ("add_realm", with(json!({ "name": "third.test" }))),
            ("batch", with(json!({ "batch": Uuid::now_v7(), "after": null }))),
            ("control_batch", with(json!({ "batch": Uuid::now_v7(), "control": "pause" }))),
            ("preview_batch", with(json!({ "of": { "seats": [made.seat] }, "pace": { "in_all": 50, "of_source": 5 } }))),
            ("start_batch", with(json!({ "of": { "seats": [made.seat] }, "action": "reboot", "pace": { "in_all": 50, "of_source": 5 } }))),
            ("batches", with(json!({}))),
            ("carriers", with(json!({}))),
            ("change_password", json!({ "old": "x", "new": "y" })),
            ("delete_carrier", with(json!({ "carrier": carrier }))),
            ("delete_device", with(json!({ "device": made.device }))),
            ("delete_seat", with(json!({ "seat": made.seat }))),
            ("device", with(json!({ "device": made.device }))),
            ("device_history", with(json!({ "device": made.device, "before": null }))),
            ("invite", with(json!({ "name": "somebody", "role": "viewer" }))),
            ("job", with(json!({ "job": self.job }))),
            ("lift_penalty", with(json!({ "source": "127.0.0.1", "realm": "first.test", "username": "x" }))),
            ("look", with(json!({ "device": made.device, "tab": Uuid::now_v7(), "doing": "looks" }))),
            ("look_password", with(json!({ "device": made.device }))),
            ("me", json!({})),
            ("new_carrier", with(json!({ "values": {} }))),
            ("new_seat", with(json!({ "name": "x", "extension": "1", "device": "" }))),
            ("penalties", with(json!({}))),
            ("reboot", with(json!({ "device": made.device, "contact": null }))),
            ("remove_operator", with(json!({ "operator": self.admin.id }))),
            ("remove_realm", with(json!({ "realm": realm }))),
            ("rename_account", with(json!({ "name": "x" }))),
            ("restore_device", with(json!({ "device": gone.device, "instead": [] }))),
            ("restore_seat", with(json!({ "seat": gone.seat, "instead": [] }))),
            ("resync", with(json!({ "device": made.device, "contact": null }))),
            ("revoke_invite", with(json!({ "id": self.invite }))),
            ("save_carrier", with(json!({ "carrier": carrier, "patch": patch }))),
            ("save_device", with(json!({ "device": made.device, "patch": patch, "then_reboot": false }))),
            ("saved_before", with(json!({}))),
            ("save_seat", with(json!({ "seat": made.seat, "patch": patch }))),
            ("seat", with(json!({ "seat": made.seat }))),
            ("seats", with(json!({ "ask": { "text": "", "not_registered": false, "sort": "name", "descending": false, "after": null } }))),
            ("set_default_realm", with(json!({ "realm": realm }))),
            ("set_role", with(json!({ "operator": self.admin.id, "role": "viewer" }))),
            ("set_sha256", with(json!({ "on": true }))),
            ("settings", with(json!({}))),
            ("tries", with(json!({}))),
            ("unregister", with(json!({ "device": made.device, "contact": "sip:x@192.0.2.1" }))),
        ])
    }
}

/// The names of all functions that the server knows.
fn functions() -> Vec<String> {
    let mut names: Vec<String> = server_fn::axum::server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/").to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn every_function_refuses_without_a_session() {
    let house = House::new().await;
    let arguments = house.arguments();
    let covered: Vec<String> = {
        let mut all: Vec<String> = arguments.keys().map(ToString::to_string).chain(OPEN.map(String::from)).collect();
        all.sort();
        all
    };
    assert_eq!(functions(), covered, "a new function needs its line here");
    for (function, args) in &arguments {
        let (status, body) = house.call(function, args, None).await;
        assert_eq!((status, body.as_str()), (StatusCode::UNAUTHORIZED, r#"{"Problem":"signed_out"}"#), "{function}");
    }
}

#[tokio::test]
async fn nothing_of_an_account_is_named_to_another() {
    let house = House::new().await;
    for (function, args) in house.arguments().iter().filter(|(f, _)| !OWN.contains(f)) {
        let (status, body) = house.call(function, args, Some(&house.stranger)).await;
        assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, r#"{"Problem":"not_found"}"#), "{function}");
    }
}

#[tokio::test]
async fn an_id_of_another_account_is_none_under_one_s_own() {
    let house = House::new().await;
    let second = house.service.session(&house.stranger).await.unwrap().unwrap();
    let own = house.service.me(&second).await.unwrap().accounts[0].id;
    let told = async || house.service.activity(&house.admin, house.account, domain::view::ActivityAsk::default()).await.unwrap().rows;
    let before = told().await;
    for (function, mut args) in house.arguments().into_iter().filter(|(f, _)| !OWN.contains(f) && !WITHOUT_IDS.contains(f)) {
        args["account"] = json!(own);
        let (status, body) = house.call(function, &args, Some(&house.stranger)).await;
        if function == "activity" {
            assert!(body.contains(r#""rows":[]"#) && body.contains(r#""device_name":null,"seat_name":null"#), "{body}");
        } else if function == "preview_batch" {
            assert!(body.contains(r#""seats":0,"devices":0"#), "{body}");
        } else if function == "saved_before" {
            assert_eq!((status, body.as_str()), (StatusCode::OK, "null"), "the stranger's own, of where the stranger is no more");
        } else if function == "start_batch" {
            assert!(body.contains("no enabled device among them"), "{body}");
        } else {
            assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, r#"{"Problem":"not_found"}"#), "{function}");
        }
    }
    assert_eq!(told().await, before, "nothing happened there");
}

#[tokio::test]
async fn a_viewer_reads_and_a_crafted_write_is_refused_and_recorded() {
    let house = House::new().await;
    let mut refused = 0;
    for (function, args) in house.arguments().iter().filter(|(f, _)| !OWN.contains(f)) {
        let (status, body) = house.call(function, args, Some(&house.viewer)).await;
        if READS.contains(function) {
            assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{function}: {body}");
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{function}: {body}");
            refused += 1;
        }
    }
    let activity = house.service.activity(&house.admin, house.account, domain::view::ActivityAsk::default()).await.unwrap();
    let forbidden = activity.rows.iter().filter(|row| row.event.kind == domain::EventKind::Forbidden && row.event.by_name == "viewer");
    assert_eq!(forbidden.count(), refused);
}

#[tokio::test]
async fn a_database_that_can_not_be_read_is_told_as_such_and_signs_nobody_out() {
    let house = House::new().await;
    let get = |path: String| {
        let request =
            Request::get(path).header(header::HOST, "127.0.0.1:3000").header(header::COOKIE, format!("seatline={}", house.viewer));
        house.ask(request.body(Body::empty()).unwrap())
    };
    assert_eq!(get("/readyz".into()).await.0, StatusCode::OK);
    house.store.clone().close().await;
    assert_eq!(get("/readyz".into()).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(get("/healthz".into()).await.0, StatusCode::OK, "the process lives");
    let (status, body) = house.call("me", &json!({}), Some(&house.viewer)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.starts_with(r#"{"Problem":{"failed":{"reference":"#), "{body}");
    for path in [format!("/a/{}/seats", house.account), format!("/live/{}", house.account)] {
        let (status, body) = get(path.clone()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(body.contains("Server error") && body.contains("Try again"), "{path}: {body}");
    }
}
