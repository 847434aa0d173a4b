//! The embedded registrar as the use cases see it.

use async_trait::async_trait;
use domain::{AccountId, Binding, BindingKey, DeviceId, Dropped, Penalty, Transport, vendor::NotifyPlan};
use secrecy::SecretString;
use service::{Capabilities, NotifyOutcome, PhoneEngine, PhoneFlow, Probe};
use std::{net::IpAddr, sync::Arc};

/// `crates/sip` behind the trait of `service`.
pub struct Embedded {
    engine: Arc<sip::Engine>,
}

struct EmbeddedFlow {
    engine: Arc<sip::Engine>,
    flow: sip::Flow,
}

impl Embedded {
    pub fn new(engine: Arc<sip::Engine>) -> Self {
        Self { engine }
    }
}

impl PhoneEngine for Embedded {
    fn capabilities(&self) -> Capabilities {
        Capabilities { reports_status: true, answers_challenge: true }
    }

    fn port(&self, transport: Transport) -> Option<u16> {
        self.engine.address_of(transport).map(|address| address.port())
    }

    fn bindings(&self, device: DeviceId) -> Vec<Binding> {
        self.engine.bindings(device)
    }

    fn all_bindings(&self) -> Vec<Binding> {
        self.engine.all_bindings()
    }

    fn is_registered(&self, device: DeviceId) -> bool {
        self.engine.is_registered(device)
    }

    fn end_device(&self, device: DeviceId, why: Dropped) {
        self.engine.end_device(device, why);
    }

    fn end_binding(&self, key: &BindingKey, why: Dropped) {
        self.engine.end_binding(key, why);
    }

    fn penalties(&self, account: AccountId) -> Vec<Penalty> {
        self.engine.penalties(account)
    }

    fn lift_penalty(&self, account: AccountId, source: IpAddr, realm: &str, username: &str) -> bool {
        self.engine.lift_penalty(account, source, realm, username)
    }

    fn flow(&self, key: &BindingKey) -> Option<Arc<dyn PhoneFlow>> {
        let flow = self.engine.flow(key).filter(sip::Flow::is_open)?;
        Some(Arc::new(EmbeddedFlow { engine: self.engine.clone(), flow }))
    }
}

#[async_trait]
impl PhoneFlow for EmbeddedFlow {
    async fn notify(&self, plan: &NotifyPlan, credentials: &[(String, SecretString)]) -> NotifyOutcome {
        let body = plan.content_type.zip(plan.body.as_ref()).map(|(kind, body)| (kind.to_owned(), body.clone()));
        let request = sip::Notify { event: plan.event.clone(), body };
        let credential = |(username, password): &(String, SecretString)| sip::NotifyCredential {
            username: username.clone(),
            password: password.clone(),
        };
        let credentials: Vec<_> = credentials.iter().map(credential).collect();
        match self.engine.notify(&self.flow, &request, &credentials).await {
            sip::NotifyOutcome::Answered { code, reason, challenged } => NotifyOutcome::Answered { code, reason, challenged },
            sip::NotifyOutcome::NoAnswer => NotifyOutcome::NoAnswer,
            sip::NotifyOutcome::FlowGone => NotifyOutcome::FlowGone,
            sip::NotifyOutcome::DemandsPassword { .. } => NotifyOutcome::DemandsPassword,
            sip::NotifyOutcome::RefusedPassword => NotifyOutcome::RefusedPassword,
        }
    }

    async fn options(&self) -> Probe {
        match self.engine.options(&self.flow).await {
            sip::OptionsOutcome::Answered(_) => Probe::Answered,
            sip::OptionsOutcome::NoAnswer => Probe::NoAnswer,
            sip::OptionsOutcome::FlowGone => Probe::FlowGone,
        }
    }
}
