//! What the parts of the editor share.

use crate::{
    form::FormHandle,
    layout::{AccountCtx, use_account},
};
use domain::routing::Carrier;
use domain::view::{BindingView, JobView, Network, RealmRef, SeatRef, ServerAddress};
use domain::{DeviceId, Field};
use leptos::prelude::*;

/// Handles, small enough to copy.
#[derive(Clone, Copy)]
pub struct Ctx {
    pub account: Memo<AccountCtx>,
    pub device: DeviceId,
    pub seat: StoredValue<SeatRef>,
    pub form: FormHandle,
    pub network: RwSignal<Network>,
    pub job: RwSignal<Option<JobView>>,
    pub realm: RwSignal<String>,
    pub realms: StoredValue<Vec<RealmRef>>,
    pub carriers: RwSignal<Vec<Carrier>>,
    pub known_flags: StoredValue<Vec<String>>,
    pub server: StoredValue<ServerAddress>,
    /// The device was deleted under the page, or can't be read any more.
    pub gone: RwSignal<Option<String>>,
    /// This page deletes the device itself.
    pub deleting: RwSignal<bool>,
}

impl Ctx {
    /// The handles of a device; the page fills in what lives.
    pub fn new(view: &domain::view::DeviceView, form: FormHandle) -> Self {
        Self {
            account: use_account(),
            device: view.id,
            seat: StoredValue::new(view.seat.clone()),
            form,
            network: RwSignal::new(view.network.clone()),
            job: RwSignal::new(view.last_job.clone()),
            realm: RwSignal::new(view.effective_realm.clone()),
            realms: StoredValue::new(view.realms.clone()),
            carriers: RwSignal::new(view.carriers.clone()),
            known_flags: StoredValue::new(view.known_flags.clone()),
            server: StoredValue::new(view.server.clone()),
            gone: RwSignal::new(None),
            deleting: RwSignal::new(false),
        }
    }

    /// The saved name.
    pub fn name(self) -> String {
        self.form.saved_value(Field::Name).as_text().to_owned()
    }

    pub fn seat_path(self) -> String {
        let seat = self.seat.with_value(|seat| seat.id);
        self.account.with_untracked(|a| a.href(&["/seats/", &seat.to_string()].concat()))
    }

    /// The saved method is IP.
    pub fn by_ip(self) -> bool {
        self.form.saved_value(Field::Method).as_text() == "ip"
    }

    /// Addresses of the registered phones, each once.
    pub fn phones(self) -> Vec<String> {
        self.network.with(|network| {
            let mut out: Vec<String> = network.bindings.iter().map(phone).collect();
            out.dedup();
            out
        })
    }
}

/// The address of the phone, as a person names it.
pub fn phone(binding: &BindingView) -> String {
    binding.source.ip().to_string()
}
