//! Which of the registrar's events concern the phone of a job.

use super::job::Phone;
use super::{Input, Job};
use crate::{Binding, Dropped, RegistrarEvent, Sender, site};
use std::net::SocketAddr;

impl Job {
    /// The input that `event` is for this job; none when it concerns another phone, or says nothing about a restart. It also follows the
    /// registration, so that each event is to be shown once, in order. Of refused tries only those with the credentials from before a save are
    /// to be shown.
    pub fn sees(&mut self, event: &RegistrarEvent) -> Option<Input> {
        let phone = self.phone.as_mut()?;
        let same = |b: &Binding| b.device == phone.device && b.contact == phone.contact;
        match event {
            RegistrarEvent::Registered(b) | RegistrarEvent::Refreshed { binding: b, .. } => {
                let other = phone.others.iter().any(|(contact, call_id)| *contact == b.contact || *call_id == b.call_id);
                let instances = b.instance.is_none() || phone.instance.is_none() || b.instance == phone.instance;
                if b.device != phone.device || !instances || (other && b.contact != phone.contact) {
                    phone.knows_another(b);
                    return None;
                }
                let flow_changed = b.source != phone.source || b.connection != phone.connection;
                phone.contact.clone_from(&b.contact);
                phone.source = b.source;
                phone.connection = b.connection;
                phone.user_agent.clone_from(&b.user_agent);
                Some(Input::Registered { call_id: b.call_id.clone(), flow_changed })
            }
            RegistrarEvent::Unreachable(b) if same(b) => Some(Input::FlowGone),
            RegistrarEvent::Dropped { binding, why: Dropped::Unregistered } if same(binding) => Some(Input::Unregistered),
            RegistrarEvent::Dropped { binding, why: Dropped::UnregisteredElsewhere } if same(binding) => Some(Input::UnregisteredElsewhere),
            RegistrarEvent::Dropped { binding, why: Dropped::Expired | Dropped::MadeRoom } if same(binding) => Some(Input::Expired),
            RegistrarEvent::Refused { source, sender, .. } => phone.sent(*source, sender).then_some(Input::OldCredentialsTried),
            // `Dropped::Replaced` is no leaving: the contact that took its place comes next, and is what counts.
            _ => None,
        }
    }
}

/// How many contacts and Call-IDs of the other phones are known at most.
const OTHERS: usize = 64;

impl Phone {
    /// Follows another phone of the device.
    fn knows_another(&mut self, b: &Binding) {
        let news = b.device == self.device && !self.others.iter().any(|(contact, call_id)| *contact == b.contact && *call_id == b.call_id);
        if news && b.contact != self.contact && b.call_id != self.call_id && self.others.len() < OTHERS {
            self.others.push((b.contact.clone(), b.call_id.clone()));
        }
    }

    /// Whether a refused REGISTER is of this phone, and not of another one of the device. What proves the password from before may come with
    /// new software; else the User-Agent has to be the same, where both are known. It may come from another address too, where it says which
    /// phone it is, or no other one was registered.
    fn sent(&self, source: SocketAddr, sender: &Sender) -> bool {
        let named = self.instance.as_ref().filter(|_| !sender.instances.is_empty()).map(|own| sender.instances.contains(own));
        let own = sender.contacts.contains(&self.contact) || sender.call_id == self.call_id || named == Some(true);
        let of_others = self.others.iter().any(|(contact, call_id)| sender.contacts.contains(contact) || *call_id == sender.call_id);
        let another = of_others || named == Some(false);
        let proved = sender.proves_previous == Some(self.device);
        let same_agent = self.user_agent.as_ref().zip(sender.user_agent.as_ref()).is_none_or(|(known, sent)| known == sent);
        let at_home = site(source.ip()) == site(self.source.ip());
        (own || !another) && (proved || same_agent) && (at_home || (proved && (own || self.others.is_empty())))
    }
}
