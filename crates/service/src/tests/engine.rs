//! An engine that holds what a test puts into it, and reaches nobody but a phone that a test puts in the place of all.

use crate::phones::{Capabilities, NotifyOutcome, PhoneEngine, PhoneFlow, Probe};
use async_trait::async_trait;
use domain::vendor::NotifyPlan;
use domain::{AccountId, Binding, BindingKey, DeviceId, Dropped, Penalty, ProvedBy, Transport};
use parking_lot::Mutex;
use secrecy::SecretString;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Semaphore;
use uuid::Uuid;

#[derive(Default)]
pub struct Held {
    pub bindings: Mutex<Vec<Binding>>,
    pub penalties: Mutex<Vec<(AccountId, Penalty)>>,
    pub phone: Option<Arc<Phone>>,
}

/// Declines, once it may answer.
pub struct Phone {
    /// How often it was asked.
    pub asked: AtomicUsize,
    pub answers: Semaphore,
}

impl Phone {
    pub fn new(answers: usize) -> Arc<Self> {
        Arc::new(Self { asked: AtomicUsize::new(0), answers: Semaphore::new(answers) })
    }
}

#[async_trait]
impl PhoneFlow for Phone {
    async fn notify(&self, _: &NotifyPlan, _: &[(String, SecretString)]) -> NotifyOutcome {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.answers.acquire().await.unwrap().forget();
        NotifyOutcome::Answered { code: 603, reason: "Decline".into(), challenged: false }
    }

    async fn options(&self) -> Probe {
        Probe::Answered
    }
}

impl PhoneEngine for Held {
    fn capabilities(&self) -> Capabilities {
        Capabilities { reports_status: true, answers_challenge: true }
    }
    fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        self.bindings.lock().iter().filter(|b| b.device == device).cloned().collect()
    }
    fn all_bindings(&self) -> Vec<Binding> {
        self.bindings.lock().clone()
    }
    fn is_registered(&self, device: DeviceId) -> bool {
        self.bindings.lock().iter().any(|b| b.device == device)
    }
    fn end_device(&self, device: DeviceId, _: Dropped) {
        self.bindings.lock().retain(|b| b.device != device);
    }
    fn end_binding(&self, key: &BindingKey, _: Dropped) {
        self.bindings.lock().retain(|b| b.key() != *key);
    }
    fn penalties(&self, account: AccountId) -> Vec<Penalty> {
        self.penalties.lock().iter().filter(|(of, _)| *of == account).map(|(_, p)| p.clone()).collect()
    }
    fn lift_penalty(&self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool {
        let mut penalties = self.penalties.lock();
        let before = penalties.len();
        penalties.retain(|(of, p)| !(*of == account && p.source == source && p.realm == realm && p.username == username));
        penalties.len() < before
    }
    fn flow(&self, _: &BindingKey) -> Option<Arc<dyn PhoneFlow>> {
        self.phone.clone().map(|phone| phone as Arc<dyn PhoneFlow>)
    }
}

/// A phone of device `n` at a contact.
pub fn binding(n: u128, contact: &str) -> Binding {
    Binding {
        account: AccountId(Uuid::nil()),
        device: DeviceId(Uuid::from_u128(n)),
        aor: "sip:desk@first.test".into(),
        contact: contact.into(),
        source: ([192, 0, 2, 7], 5060).into(),
        transport: Transport::Udp,
        connection: None,
        path: Vec::new(),
        instance: None,
        reg_id: None,
        user_agent: None,
        call_id: "1".into(),
        cseq: 1,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: 0,
        refreshed: 0,
        expires: 0,
    }
}
