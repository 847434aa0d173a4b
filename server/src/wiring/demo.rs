//! `--demo`: an account with three seats, carriers, and simulated phones of three vendors that register over real SIP.

use crate::failure::Failure;
use domain::{AccountId, DeviceId, Field, Kind, OperationId, Problem, Secret, Value};
use phone_sim::{Handle, Login, Phone, Profile};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{Caller, Service};
use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};
use store::{SeatQuery, SeatSort, Store};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const NAME: &str = "demo";
/// Known to everybody: the demo listens on loopback alone.
const PASSWORD: &str = "seatline-demo";
const REALM: &str = "demo.seatline.test";
/// In the data folder: which phone stands for which device. Names, credentials and the admin's password may change; ids don't.
const FILE: &str = "demo-phones.json";
/// Extension, seat, device.
const SEATS: [(&str, &str, &str); 3] =
    [("1001", "Front desk", "Yealink T54W"), ("1002", "Meeting room 2", "Snom D785"), ("1003", "Workshop", "Poly VVX 450")];

/// A device that a simulated phone stands for.
#[derive(Serialize, Deserialize)]
struct Kept {
    device: DeviceId,
    /// Its name at first, which tells the vendor.
    model: String,
}

/// The demo's account, ready to be shown.
pub struct Demo {
    account: AccountId,
    devices: Vec<Kept>,
    registrar: SocketAddr,
    first: bool,
}

/// The phones that run.
pub struct Phones {
    task: JoinHandle<Vec<Handle>>,
}

impl Phones {
    pub async fn stop(self) {
        // They are told by the token that this task listens to.
        if let Ok(handles) = self.task.await {
            futures::future::join_all(handles.into_iter().map(Handle::stop)).await;
        }
    }
}

fn operation() -> OperationId {
    OperationId(Uuid::now_v7())
}

fn profile(device: &str) -> Profile {
    match device {
        "Yealink T54W" => Profile::yealink().away_for(Duration::from_secs(8)),
        "Snom D785" => Profile::snom(),
        _ => Profile::poly(true),
    }
}

fn failed(problem: Problem) -> Failure {
    Failure::about("the demo", problem)
}

/// Makes account, seats and carriers at the first start; finds them again later, whatever was changed in them meanwhile.
pub async fn prepare(service: &Service, store: &Store, folder: &Path, registrar: SocketAddr) -> Result<Demo, Failure> {
    let file = folder.join(FILE);
    let about = |e: &dyn std::fmt::Display| Failure::about(file.display(), e);
    let first = service.make_setup_code().await.map_err(failed)?;
    if let Some(code) = &first {
        let (account, devices) = fill(service, Secret::new(code.expose())).await.map_err(failed)?;
        fs::write(&file, serde_json::to_vec(&devices).map_err(|e| about(&e))?).map_err(|e| about(&e))?;
        return Ok(Demo { account, devices, registrar, first: true });
    }
    let accounts = store.read().accounts().await.map_err(|e| about(&e))?;
    let account = accounts.first().ok_or(Problem::NotFound).map_err(failed)?.id;
    let devices = if file.exists() {
        let bytes = fs::read(&file).map_err(|e| about(&e))?;
        serde_json::from_slice(&bytes).map_err(|e| about(&e))?
    } else {
        // Of a demo from before there was the file.
        by_name(store, account).await.map_err(|e| about(&e))?
    };
    Ok(Demo { account, devices, registrar, first: false })
}

async fn by_name(store: &Store, account: AccountId) -> Result<Vec<Kept>, store::StoreError> {
    let query = SeatQuery { account, text: "", sort: SeatSort::Extension, descending: false, after: None, limit: 50, only: None };
    let lines = store.read().seats(&query).await?.seats;
    let devices = lines.into_iter().flat_map(|line| line.devices);
    let models = devices.filter(|d| SEATS.iter().any(|(_, _, model)| *model == d.name));
    Ok(models.map(|d| Kept { device: d.id, model: d.name }).collect())
}

async fn fill(service: &Service, code: Secret) -> Result<(AccountId, Vec<Kept>), Problem> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let entered = service.setup(here, code, NAME.into(), Secret::new(PASSWORD), "Demo".into(), REALM.into()).await?;
    let account = entered.me.accounts.first().ok_or(Problem::NotFound)?.id;
    let caller = service.session(&entered.token).await?.ok_or(Problem::SignedOut)?;
    let devices = furnish(service, &caller, account).await?;
    service.sign_out(&caller).await?;
    Ok((account, devices))
}

async fn furnish(service: &Service, caller: &Caller, account: AccountId) -> Result<Vec<Kept>, Problem> {
    let mut devices = Vec::new();
    for (extension, seat, device) in SEATS {
        let made = service.new_seat(caller, account, operation(), seat.into(), extension.into(), device.into()).await?;
        devices.push(Kept { device: made.device, model: device.into() });
    }
    for (name, uri, flags, weight) in [
        ("Carrier North", "sip:north.carrier.example", vec!["emergency", "premium"], "40"),
        ("Carrier East", "sip:east.carrier.example", vec!["emergency"], "50"),
    ] {
        let mut values = domain::few::Map::new();
        values.insert(Field::CarrierName, Value::text(name));
        values.insert(Field::CarrierUri, Value::text(uri));
        values.insert(Field::CarrierFlags, Value::List(flags.into_iter().map(Into::into).collect()));
        values.insert(Field::Weight, Value::text(weight));
        debug_assert!(values.keys().all(|f| Field::of(Kind::Carrier).contains(f)));
        service.new_carrier(caller, account, operation(), values).await?;
    }
    Ok(devices)
}

impl Demo {
    pub fn notes(&self) -> Vec<String> {
        let changed = if self.first { "" } else { " (unless it was changed)" };
        vec![format!("Demo: sign in as {NAME} with the password {PASSWORD}{changed}; three simulated phones register.")]
    }

    /// Switches the phones on, each with what its device has. Credentials that are saved later reach a phone when it restarts, as from a
    /// provisioning server.
    pub async fn start(self, store: Store, stop: CancellationToken) -> Phones {
        let mut phones = Vec::new();
        for Kept { device, model } in &self.devices {
            let Some(login) = credentials(&store, self.account, *device).await else { continue };
            let Login { username, realm, password } = login.clone();
            match Phone::new(profile(model), username, realm, password, self.registrar).start().await {
                Ok(handle) => phones.push((*device, handle, login)),
                Err(error) => tracing::warn!(%error, "a simulated phone does not start"),
            }
        }
        let task = tokio::spawn(provision(phones, store, self.account, stop));
        Phones { task }
    }
}

async fn credentials(store: &Store, account: AccountId, device: DeviceId) -> Option<Login> {
    let row = store.read().device_with_secret(account, device).await.ok().flatten().filter(|d| d.deleted.is_none())?;
    let Some(Value::Secret(password)) = row.record.get(Field::Password) else { return None };
    let password = SecretString::from(password.expose());
    Some(Login { username: row.record.text(Field::Username).into(), realm: row.effective_realm, password })
}

fn is_same(one: &Login, other: &Login) -> bool {
    one.username == other.username && one.realm == other.realm && one.password.expose_secret() == other.password.expose_secret()
}

async fn provision(mut phones: Vec<(DeviceId, Handle, Login)>, store: Store, account: AccountId, stop: CancellationToken) -> Vec<Handle> {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return phones.into_iter().map(|(_, handle, _)| handle).collect(),
        }
        for (device, handle, known) in &mut phones {
            if let Some(login) = credentials(&store, account, *device).await
                && !is_same(&login, known)
            {
                handle.provision(login.clone()).await;
                *known = login;
            }
        }
    }
}
