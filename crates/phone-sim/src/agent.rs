//! What runs a phone: one task, one socket, one thing at a time.

mod serve;

use crate::digest::{Challenge, random};
use crate::message::{Message, granted};
use crate::phone::{Login, Phone, State};
use crate::profile::{Leave, Restart};
use crate::request::{Pending, Purpose};
use secrecy::SecretString;
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::{net::UdpSocket, select, sync::mpsc, sync::watch, time::Instant, time::sleep_until};

/// What the handle says.
#[derive(Debug)]
pub(crate) enum Order {
    Password(SecretString),
    Provision(Login),
    Stop,
}

/// What is to be done at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Register,
    Leave,
    Return,
}

/// What a restart forgets.
#[derive(Debug)]
struct Boot {
    call_id: String,
    tag: String,
    cseq: u32,
    challenge: Option<Challenge>,
    nonce_count: u32,
}

impl Boot {
    fn new(host: SocketAddr) -> Self {
        Self { call_id: format!("{}@{}", random(8), host.ip()), tag: random(4), cseq: 0, challenge: None, nonce_count: 0 }
    }
}

pub(crate) struct Agent {
    phone: Phone,
    socket: UdpSocket,
    /// The Contact URI in its angle brackets.
    contact: String,
    address: SocketAddr,
    boot: Boot,
    pending: Option<Pending>,
    next: Option<(Instant, Then)>,
    provisioned: Option<Login>,
    /// Answers given, for requests that come again: by branch, Call-ID and `CSeq`.
    given: VecDeque<(String, String)>,
    /// Of our own challenge to a NOTIFY.
    nonce: String,
    off: bool,
    state: State,
    states: watch::Sender<State>,
}

fn contact(phone: &Phone, address: SocketAddr) -> String {
    format!("<sip:{}@{address}{}>", phone.username, phone.profile.uri_params)
}

impl Agent {
    pub(crate) fn new(phone: Phone, socket: UdpSocket, address: SocketAddr, states: watch::Sender<State>) -> Self {
        Self {
            contact: contact(&phone, address),
            phone,
            socket,
            address,
            boot: Boot::new(address),
            pending: None,
            next: None,
            provisioned: None,
            given: VecDeque::new(),
            nonce: random(12),
            off: false,
            state: State::default(),
            states,
        }
    }

    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Order>) {
        let mut buffer = vec![0; 65_536];
        self.register(Purpose::Register).await;
        while !self.off {
            self.states.send_replace(self.state.clone());
            let wake = [self.pending.as_ref().map(Pending::wake), self.next.map(|(at, _)| at)].into_iter().flatten().min();
            let timer = async {
                match wake {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            select! {
                got = self.socket.recv_from(&mut buffer) => match got {
                    Ok((n, from)) => self.receive(&buffer[..n], from).await,
                    // An ICMP error of an earlier datagram; never a busy loop.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                },
                () = timer => self.due().await,
                order = inbox.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => break,
                },
            }
        }
        self.state.registered = false;
        self.states.send_replace(self.state);
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Password(password) => {
                self.phone.password = password;
                if !self.state.away {
                    self.boot.challenge = None;
                    self.register(Purpose::Register).await;
                }
            }
            Order::Provision(login) => self.provisioned = Some(login),
            Order::Stop if self.state.registered => self.register(Purpose::Off).await,
            Order::Stop => self.off = true,
        }
    }

    async fn send(&self, text: &str, to: SocketAddr) {
        // UDP promises nothing: what is lost is sent again.
        let _ = self.socket.send_to(text.as_bytes(), to).await;
    }

    async fn due(&mut self) {
        if let Some(pending) = &mut self.pending {
            if pending.given_up() {
                let purpose = pending.purpose;
                self.pending = None;
                self.refused(purpose, 408);
            } else if pending.due() {
                let text = pending.bytes.clone();
                self.send(&text, self.phone.registrar).await;
            }
        }
        if let Some((_, then)) = self.next.take_if(|(at, _)| *at <= Instant::now()) {
            match then {
                Then::Register => self.register(Purpose::Register).await,
                Then::Leave if self.phone.profile.leave == Leave::Unregisters && self.state.registered => {
                    self.register(Purpose::Leave).await;
                }
                Then::Leave => self.go_away(),
                Then::Return => {
                    self.state.away = false;
                    self.take_provisioned();
                    self.boot = Boot::new(self.address);
                    self.register(Purpose::Register).await;
                }
            }
        }
    }

    async fn register(&mut self, purpose: Purpose) {
        let (phone, boot) = (&self.phone, &mut self.boot);
        boot.cseq += 1;
        let branch = format!("z9hG4bK{}", random(8));
        let uri = format!("sip:{}", phone.realm);
        let authorization = boot.challenge.as_ref().map(|challenge| {
            boot.nonce_count += 1;
            let value = challenge.answer(&phone.username, &phone.password, "REGISTER", &uri, boot.nonce_count);
            format!("Authorization: {value}\r\n")
        });
        let text = format!(
            "REGISTER {uri} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {address};branch={branch};rport\r\n\
             Max-Forwards: 70\r\n\
             From: <sip:{user}@{realm}>;tag={tag}\r\n\
             To: <sip:{user}@{realm}>\r\n\
             Call-ID: {call_id}\r\n\
             CSeq: {cseq} REGISTER\r\n\
             Contact: {contact}{params}\r\n\
             {auth}Expires: {expires}\r\n\
             User-Agent: {agent}\r\n\
             Content-Length: 0\r\n\r\n",
            address = self.address,
            user = phone.username,
            realm = phone.realm,
            tag = boot.tag,
            call_id = boot.call_id,
            cseq = boot.cseq,
            contact = self.contact,
            params = phone.profile.contact_params,
            auth = authorization.as_deref().unwrap_or_default(),
            expires = if purpose == Purpose::Register { phone.expires } else { 0 },
            agent = phone.profile.user_agent,
        );
        self.state.call_id.clone_from(&boot.call_id);
        self.next.take_if(|(_, then)| *then == Then::Register);
        self.send(&text, self.phone.registrar).await;
        self.pending = Some(Pending::new(purpose, branch, authorization.is_some(), text));
    }

    async fn receive(&mut self, datagram: &[u8], from: SocketAddr) {
        let Some(message) = Message::parse(datagram).filter(|_| !self.state.away) else { return };
        match message.status() {
            Some(code) if code >= 200 => self.answered(&message, code).await,
            Some(_) => {}
            None => self.serve(&message, from).await,
        }
    }

    async fn answered(&mut self, answer: &Message, code: u16) {
        let Some(pending) = self.pending.take_if(|p| answer.branch() == Some(&p.branch)) else { return };
        match code {
            200..300 if pending.purpose == Purpose::Register => {
                let seconds = granted(answer, &self.contact).unwrap_or(self.phone.expires).max(1);
                self.state.registered = true;
                self.state.registrations += 1;
                self.state.refused = None;
                self.state.granted = seconds;
                self.at(Duration::from_secs(seconds.into()) / 2, Then::Register);
            }
            401 | 407 => {
                let name = if code == 401 { "www-authenticate" } else { "proxy-authenticate" };
                let challenge = answer.all(name).find_map(Challenge::parse);
                match challenge {
                    Some(c) if !pending.authorised || c.stale => {
                        self.boot.challenge = Some(c);
                        self.boot.nonce_count = 0;
                        self.register(pending.purpose).await;
                    }
                    _ => self.refused(pending.purpose, code),
                }
            }
            423 => match answer.get("min-expires").and_then(|v| v.parse().ok()) {
                Some(least) if least > self.phone.expires && pending.purpose == Purpose::Register => {
                    self.phone.expires = least;
                    self.register(Purpose::Register).await;
                }
                _ => self.refused(pending.purpose, code),
            },
            _ => self.refused(pending.purpose, code),
        }
    }

    /// A REGISTER came to nothing, or a last one to its end.
    fn refused(&mut self, purpose: Purpose, code: u16) {
        match purpose {
            Purpose::Register => {
                tracing::debug!(user = %self.phone.username, code, "simulated phone: not registered");
                self.state.registered = false;
                self.state.refused = Some(code);
                self.boot.challenge = None;
                self.at(self.phone.retry, Then::Register);
            }
            Purpose::Leave => self.go_away(),
            Purpose::Off => self.off = true,
        }
    }

    fn go_away(&mut self) {
        tracing::debug!(user = %self.phone.username, "simulated phone: restarting");
        self.state.registered = false;
        self.state.away = true;
        self.state.restarts += 1;
        self.pending = None;
        self.next = None;
        if self.phone.profile.restart == Restart::Returns {
            self.at(self.phone.profile.away, Then::Return);
        }
    }

    /// What the provisioning server has. True when there was something.
    fn take_provisioned(&mut self) -> bool {
        let Some(Login { username, realm, password }) = self.provisioned.take() else { return false };
        (self.phone.username, self.phone.realm, self.phone.password) = (username, realm, password);
        self.contact = contact(&self.phone, self.address);
        self.boot.challenge = None;
        true
    }

    fn at(&mut self, wait: Duration, then: Then) {
        // A refresh that is answered meanwhile does not keep a phone from its restart.
        if then == Then::Register && matches!(self.next, Some((_, Then::Leave))) {
            return;
        }
        self.next = Some((Instant::now() + wait, then));
    }
}
