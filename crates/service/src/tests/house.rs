//! A service of its own: an account, its admin, and nobody on the phone.

use crate::{Caller, Config, Service, phones::PhoneDirectory};
use domain::form::PatchItem;
use domain::view::{ActivityAsk, Made};
use domain::{AccountId, Clock, DeviceId, Event, EventKind, Field, Millis, OperationId, Patch, Role, SeatId, Secret, Value};
use sea_orm::ConnectionTrait;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use store::{DirectoryRow, ExtensionRow, Options, PhoneLog, RealmRow, Store};
use tempfile::TempDir;
use uuid::Uuid;

pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub const PASSWORD: &str = "a long enough password";

/// A clock that a test moves by hand.
#[derive(Debug)]
pub struct Hands(AtomicI64);

impl Hands {
    pub fn pass(&self, time: Millis) {
        self.0.fetch_add(time, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
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
    fn previous(&self, _: DeviceId, _: Option<crate::Previous>) {}
    fn put_seat(&self, _: ExtensionRow) {}
    fn remove_seat(&self, _: SeatId) {}
    fn carriers(&self, _: AccountId, _: Vec<domain::routing::Carrier>) {}
}

/// Nothing in it but a clock.
pub struct Site {
    pub service: Service,
    pub clock: Arc<Hands>,
    pub store: Store,
    pub log: PhoneLog,
    pub data: TempDir,
}

/// An account `First` with the realm `first.test` and its admin `ada`.
pub struct House {
    pub site: Site,
    pub account: AccountId,
    pub admin: Caller,
}

impl std::ops::Deref for House {
    type Target = Service;
    fn deref(&self) -> &Service {
        &self.site.service
    }
}

pub fn operation() -> OperationId {
    OperationId(Uuid::now_v7())
}

pub fn password() -> Secret {
    Secret::new(PASSWORD)
}

impl Site {
    pub async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { data: data.path().into(), database: None }, true).await.unwrap();
        let log = PhoneLog::open(&data.path().join("bindings.db")).await.unwrap();
        let clock = Arc::new(Hands(AtomicI64::new(1_760_000_000_000)));
        let service = Service::new(store.clone(), log.clone(), clock.clone(), Config::default(), Arc::new(NoPhones));
        Self { service, clock, store, log, data }
    }

    /// Runs a statement beside the store.
    pub async fn sql(&self, statement: &str) {
        let db = sea_orm::Database::connect(format!("sqlite://{}", self.data.path().join("seatline.db").display())).await.unwrap();
        db.execute_unprepared(statement).await.unwrap();
        db.close().await.unwrap();
    }
}

impl House {
    pub async fn new() -> Self {
        let site = Site::new().await;
        let code = site.service.make_setup_code().await.unwrap().unwrap();
        let code = Secret::new(code.expose());
        let entered = site.service.setup(HERE, code, "ada".into(), password(), "First".into(), "first.test".into()).await.unwrap();
        let admin = site.service.session(&entered.token).await.unwrap().unwrap();
        Self { account: entered.me.accounts[0].id, site, admin }
    }

    /// Somebody with a role in the account of that name.
    pub async fn operator(&self, name: &str, account: &str, role: Role) -> Caller {
        self.add_operator(name, Some(&password()), Some(account), role).await.unwrap();
        self.signed_in(name).await
    }

    pub async fn signed_in(&self, name: &str) -> Caller {
        let token = self.sign_in(HERE, name.into(), password()).await.unwrap().token;
        self.session(&token).await.unwrap().unwrap()
    }

    /// A seat with one device.
    pub async fn seat_at(&self, name: &str, extension: &str) -> Made {
        self.new_seat(&self.admin, self.account, operation(), name.into(), extension.into(), String::new()).await.unwrap()
    }

    /// Saves fields of a device over what is there.
    pub async fn save(&self, device: DeviceId, values: &[(Field, Value)]) {
        let record = self.device(&self.admin, self.account, device).await.unwrap().record;
        let item =
            |(field, value): &(Field, Value)| PatchItem { field: *field, based_on: record.stamp(field.unit()), value: value.clone() };
        let patch = Patch { operation: operation(), items: values.iter().map(item).collect() };
        self.save_device(&self.admin, self.account, device, patch, false, None).await.unwrap();
    }

    /// What happened in an account, the newest first.
    pub async fn events(&self, account: AccountId) -> Vec<Event> {
        let query = store::EventQuery { account, device: None, seat: None, operator: None, before: None, limit: 1_000 };
        self.site.store.read().events(&query).await.unwrap()
    }

    /// Who did it to what, the newest first.
    pub async fn told(&self, account: AccountId, kind: EventKind) -> Vec<(String, String)> {
        self.events(account).await.into_iter().filter(|e| e.kind == kind).map(|e| (e.by_name, e.subject)).collect()
    }

    pub async fn newest_restorable(&self) -> Option<Millis> {
        let page = self.activity(&self.admin, self.account, ActivityAsk::default()).await.unwrap();
        page.rows.iter().find_map(|row| row.restorable_until)
    }
}
