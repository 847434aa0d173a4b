//! A phone to be started, and the handle of one that runs.

use crate::agent::{Agent, Order};
use crate::profile::Profile;
use secrecy::SecretString;
use std::{io, net::IpAddr, net::Ipv4Addr, net::SocketAddr, time::Duration};
use tokio::{net::UdpSocket, sync::mpsc, sync::watch, task::JoinHandle};

/// What a phone is set up with. Its Debug shows no password.
#[derive(Clone, Debug)]
pub struct Phone {
    pub profile: Profile,
    pub username: String,
    pub realm: String,
    pub password: SecretString,
    /// Where it registers: no DNS.
    pub registrar: SocketAddr,
    /// The address it sends from; the port is the system's choice.
    pub bind: IpAddr,
    /// The seconds that it asks for.
    pub expires: u32,
    /// How long it waits after a refusal or no answer.
    pub retry: Duration,
}

impl Phone {
    /// On loopback, asking for an hour.
    pub fn new(
        profile: Profile,
        username: impl Into<String>,
        realm: impl Into<String>,
        password: impl Into<SecretString>,
        registrar: SocketAddr,
    ) -> Self {
        Self {
            profile,
            username: username.into(),
            realm: realm.into(),
            password: password.into(),
            registrar,
            bind: Ipv4Addr::LOCALHOST.into(),
            expires: 3600,
            retry: Duration::from_secs(10),
        }
    }

    /// Switches it on; it registers by itself. The error is that of the socket.
    pub async fn start(self) -> io::Result<Handle> {
        let socket = UdpSocket::bind((self.bind, 0)).await?;
        let address = socket.local_addr()?;
        let (states, state) = watch::channel(State::default());
        let (orders, inbox) = mpsc::channel(8);
        let task = tokio::spawn(Agent::new(self, socket, address, states).run(inbox));
        Ok(Handle { address, orders, state, task })
    }
}

/// What a phone proves itself with. Its Debug shows no password.
#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub realm: String,
    pub password: SecretString,
}

/// What a phone would show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub registered: bool,
    /// Restarting: deaf and dumb.
    pub away: bool,
    /// REGISTER answered with 200, refreshes too.
    pub registrations: u32,
    /// How often it left to restart.
    pub restarts: u32,
    /// How often it was told to fetch its configuration.
    pub resyncs: u32,
    /// The refusal of the last REGISTER; none after one that was accepted.
    pub refused: Option<u16>,
    /// Seconds that were granted last.
    pub granted: u32,
    /// Of its registrations since it was switched on.
    pub call_id: String,
}

/// A running phone. Dropping it pulls the plug: nothing is said to the registrar.
#[derive(Debug)]
pub struct Handle {
    address: SocketAddr,
    orders: mpsc::Sender<Order>,
    state: watch::Receiver<State>,
    task: JoinHandle<()>,
}

impl Handle {
    /// Where it sends from and listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Waits until its state is `good` and gives that state back; as it is, if the phone ended. Bound it by a timeout.
    pub async fn wait_for(&self, good: impl FnMut(&State) -> bool) -> State {
        let mut state = self.state.clone();
        let found = state.wait_for(good).await.map(|s| s.clone());
        found.unwrap_or_else(|_| self.state())
    }

    /// Somebody types another password into the phone: it registers with it at once.
    pub async fn set_password(&self, password: impl Into<SecretString>) {
        let _ = self.orders.send(Order::Password(password.into())).await;
    }

    /// Its provisioning server has other credentials: the phone finds them at its next restart or resync.
    pub async fn provision(&self, login: Login) {
        let _ = self.orders.send(Order::Provision(login)).await;
    }

    /// Switches it off: it removes its registration, waiting two seconds at most, and ends.
    pub async fn stop(mut self) {
        let _ = self.orders.send(Order::Stop).await;
        let _ = (&mut self.task).await;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.task.abort();
    }
}
