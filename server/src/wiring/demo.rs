//! `--demo`: an account with three seats, carriers, and simulated phones of three vendors that register over real SIP.

use domain::{AccountId, DeviceId, Field, Kind, OperationId, Problem, Secret, Value, view::SeatsAsk};
use phone_sim::{Handle, Phone, Profile};
use secrecy::SecretString;
use service::{Caller, Service};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use store::Store;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const NAME: &str = "demo";
/// Known to everybody: the demo listens on loopback alone.
const PASSWORD: &str = "seatline-demo";
const REALM: &str = "demo.seatline.test";
/// Extension, seat, device.
const SEATS: [(&str, &str, &str); 3] =
    [("1001", "Front desk", "Yealink T54W"), ("1002", "Meeting room 2", "Snom D785"), ("1003", "Workshop", "Poly VVX 450")];

/// The demo's account, ready to be shown.
pub struct Demo {
    account: AccountId,
    devices: Vec<(DeviceId, Profile)>,
    registrar: SocketAddr,
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

/// Makes account, seats and carriers at the first start; finds them again later.
pub async fn prepare(service: &Service, registrar: SocketAddr) -> Result<Demo, Problem> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let password = || Secret::new(PASSWORD);
    let entered = match service.make_setup_code().await? {
        Some(code) => service.setup(here, Secret::new(code.expose()), NAME.into(), password(), "Demo".into(), REALM.into()).await?,
        None => service.sign_in(here, NAME.into(), password()).await?,
    };
    let account = entered.me.accounts.first().ok_or(Problem::NotFound)?.id;
    let caller = service.session(&entered.token).await?.ok_or(Problem::SignedOut)?;
    if service.seats(&caller, account, SeatsAsk::default()).await?.seats == 0 {
        fill(service, &caller, account).await?;
    }
    let mut devices = Vec::new();
    for row in service.seats(&caller, account, SeatsAsk::default()).await?.rows {
        let simulated = row.devices.iter().filter(|d| SEATS.iter().any(|(_, _, name)| *name == d.name));
        devices.extend(simulated.map(|d| (d.id, profile(&d.name))));
    }
    service.sign_out(&caller).await?;
    Ok(Demo { account, devices, registrar })
}

async fn fill(service: &Service, caller: &Caller, account: AccountId) -> Result<(), Problem> {
    for (extension, seat, device) in SEATS {
        service.new_seat(caller, account, operation(), seat.into(), extension.into(), device.into()).await?;
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
    Ok(())
}

impl Demo {
    pub fn notes() -> Vec<String> {
        vec![format!("Demo: sign in as {NAME} with the password {PASSWORD}; three simulated phones register.")]
    }

    /// Switches the phones on, each with what its device has. A password that is saved later reaches a phone when it restarts, as from a
    /// provisioning server.
    pub async fn start(self, service: Service, store: Store, stop: CancellationToken) -> Phones {
        drop(service);
        let mut phones = Vec::new();
        for (device, profile) in &self.devices {
            let Some((username, realm, password)) = credentials(&store, self.account, *device).await else { continue };
            match Phone::new(profile.clone(), username, realm, password.clone(), self.registrar).start().await {
                Ok(handle) => phones.push((*device, handle, password)),
                Err(error) => tracing::warn!(%error, "a simulated phone does not start"),
            }
        }
        let task = tokio::spawn(provision(phones, store, self.account, stop));
        Phones { task }
    }
}

async fn credentials(store: &Store, account: AccountId, device: DeviceId) -> Option<(String, String, SecretString)> {
    let row = store.read().device_with_secret(account, device).await.ok().flatten().filter(|d| d.deleted.is_none())?;
    let Some(Value::Secret(password)) = row.record.get(Field::Password) else { return None };
    Some((row.record.text(Field::Username).into(), row.effective_realm, SecretString::from(password.expose())))
}

async fn provision(
    mut phones: Vec<(DeviceId, Handle, SecretString)>,
    store: Store,
    account: AccountId,
    stop: CancellationToken,
) -> Vec<Handle> {
    use secrecy::ExposeSecret;
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return phones.into_iter().map(|(_, handle, _)| handle).collect(),
        }
        for (device, handle, known) in &mut phones {
            if let Some((_, _, password)) = credentials(&store, account, *device).await
                && password.expose_secret() != known.expose_secret()
            {
                handle.provision(password.clone()).await;
                *known = password;
            }
        }
    }
}
