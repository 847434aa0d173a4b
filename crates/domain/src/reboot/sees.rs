//! Which of the registrar's events concern the phone of a job.

use super::{Input, Job};
use crate::{Binding, Dropped, RegistrarEvent};

impl Job {
    /// The input that `event` is for this job; none when it concerns another phone, or says nothing about a restart. It also follows the
    /// registration, so that each event is to be shown once, in order. Tries with the old credentials are for the caller to find.
    pub fn sees(&mut self, event: &RegistrarEvent) -> Option<Input> {
        let phone = self.phone.as_mut()?;
        let same = |b: &Binding| b.device == phone.device && b.contact == phone.contact;
        match event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } => {
                let other = phone.others.iter().any(|(contact, call_id)| *contact == b.contact || *call_id == b.call_id);
                let instances = b.instance.is_none() || phone.instance.is_none() || b.instance == phone.instance;
                if b.device != phone.device || !instances || (other && b.contact != phone.contact) {
                    return None;
                }
                let flow_changed = b.source != phone.source || b.connection != phone.connection;
                phone.contact.clone_from(&b.contact);
                phone.source = b.source;
                phone.connection = b.connection;
                Some(Input::Registered { call_id: b.call_id.clone(), flow_changed })
            }
            RegistrarEvent::Unreachable(b) if same(b) => Some(Input::FlowGone),
            RegistrarEvent::Dropped { binding, why: Dropped::Unregistered } if same(binding) => Some(Input::Unregistered),
            RegistrarEvent::Dropped { binding, why: Dropped::UnregisteredElsewhere } if same(binding) => Some(Input::UnregisteredElsewhere),
            RegistrarEvent::Dropped { binding, why: Dropped::Expired | Dropped::MadeRoom } if same(binding) => Some(Input::Expired),
            // `Dropped::Replaced` is no leaving: the contact that took its place comes next, and is what counts.
            _ => None,
        }
    }
}
