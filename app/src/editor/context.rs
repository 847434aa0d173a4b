//! What the parts of the editor share.

use crate::{
    form::{FormHandle, Shown},
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
    pub seat: RwSignal<SeatRef>,
    pub form: FormHandle,
    pub network: RwSignal<Network>,
    pub job: RwSignal<Option<JobView>>,
    /// Which of several phones "Save, then reboot" goes to.
    pub contact: StoredValue<Option<String>>,
    pub realm: RwSignal<String>,
    pub realms: RwSignal<Vec<RealmRef>>,
    pub carriers: RwSignal<Vec<Carrier>>,
    pub known_flags: StoredValue<Vec<String>>,
    pub server: StoredValue<ServerAddress>,
    pub shown: Shown,
}

impl Ctx {
    /// The handles of a device; the page fills in what lives.
    pub fn new(view: &domain::view::DeviceView, form: FormHandle, contact: StoredValue<Option<String>>) -> Self {
        Self {
            account: use_account(),
            device: view.id,
            seat: RwSignal::new(view.seat.clone()),
            form,
            network: RwSignal::new(view.network.clone()),
            job: RwSignal::new(view.last_job.clone()),
            contact,
            realm: RwSignal::new(view.effective_realm.clone()),
            realms: RwSignal::new(view.realms.clone()),
            carriers: RwSignal::new(view.carriers.clone()),
            known_flags: StoredValue::new(view.known_flags.clone()),
            server: StoredValue::new(view.server.clone()),
            shown: Shown::new(),
        }
    }

    /// The saved name.
    pub fn name(self) -> String {
        self.form.saved_value(Field::Name).as_text().to_owned()
    }

    /// Where the device's history stands.
    pub fn history_path(self) -> String {
        [&self.seat_path(), "/devices/", &self.device.to_string(), "/history"].concat()
    }

    /// Who did what to this device.
    pub fn activity(self) -> String {
        self.account.with_untracked(|a| a.href(&["/activity?device=", &self.device.to_string()].concat()))
    }

    pub fn seat_path(self) -> String {
        let seat = self.seat.with_untracked(|seat| seat.id);
        self.account.with_untracked(|a| a.href(&["/seats/", &seat.to_string()].concat()))
    }

    /// Shows a reboot, unless what is shown is further on: the answer to a request and the stream overtake each other.
    pub fn take_job(self, job: JobView) {
        self.job.try_update(|shown| {
            if !shown.as_ref().is_some_and(|shown| is_further(shown, &job)) {
                *shown = Some(job);
            }
        });
    }

    /// The saved method is IP.
    pub fn by_ip(self) -> bool {
        self.form.saved_value(Field::Method).as_text() == "ip"
    }

    /// Addresses of the registered phones, each once.
    pub fn phones(self) -> Vec<String> {
        self.network.with(|network| {
            let mut out: Vec<String> = Vec::new();
            for phone in network.bindings.iter().map(phone) {
                if !out.contains(&phone) {
                    out.push(phone);
                }
            }
            out
        })
    }
}

/// Whether `shown` is a later state of the same reboot, or a later reboot.
fn is_further(shown: &JobView, job: &JobView) -> bool {
    let state = |job: &JobView| (job.end.is_some(), job.steps.len());
    if shown.id == job.id { state(shown) > state(job) } else { shown.asked > job.asked }
}

/// The address of the phone, as a person names it.
pub fn phone(binding: &BindingView) -> String {
    binding.source.ip().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::JobId;
    use domain::reboot::{End, Step, What};

    #[test]
    fn a_reboot_never_goes_back_to_an_earlier_state() {
        let job = |id: u128, asked, steps: usize, end| JobView {
            id: JobId(uuid::Uuid::from_u128(id)),
            device: DeviceId(uuid::Uuid::nil()),
            action: domain::vendor::Action::Reboot,
            asked,
            asked_by: String::new(),
            contact: String::new(),
            user_agent: None,
            steps: vec![Step { at: asked, what: What::Asked }; steps],
            end,
        };
        assert!(is_further(&job(1, 5, 2, None), &job(1, 5, 1, None)));
        assert!(is_further(&job(1, 5, 2, Some(End::NoAnswer)), &job(1, 5, 3, None)));
        assert!(!is_further(&job(1, 5, 1, None), &job(1, 5, 2, None)));
        assert!(!is_further(&job(1, 5, 4, Some(End::NoAnswer)), &job(2, 6, 1, None)), "the next one");
    }
}
