//! Flows that carry a live binding: each has a bucket of its own, so that a phone is heard whatever else comes from its address.

use super::Origin;
use crate::bucket::{Bucket, Pace};
use crate::config::Limits;
use domain::Binding;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Instant;

/// A flow (RFC 5626): the address of a datagram, or a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Address(SocketAddr),
    Connection(u64),
}

impl Place {
    pub fn of(origin: Origin) -> Self {
        origin.connection.map_or(Self::Address(origin.source), Self::Connection)
    }

    /// None for a stream whose connection is gone.
    pub fn of_binding(binding: &Binding) -> Option<Self> {
        let datagrams = || (!binding.transport.is_stream()).then_some(Self::Address(binding.source));
        binding.connection.map(Self::Connection).or_else(datagrams)
    }
}

struct Flow {
    bindings: u32,
    bucket: Bucket,
}

pub(super) struct Flows {
    pace: Pace,
    all: HashMap<Place, Flow>,
}

impl Flows {
    pub fn new(limits: &Limits) -> Self {
        Self { pace: Pace::new(limits.flow_messages_per_second, limits.flow_burst), all: HashMap::new() }
    }

    /// A binding came over its flow.
    pub fn join(&mut self, binding: &Binding) {
        if let Some(place) = Place::of_binding(binding) {
            self.all.entry(place).or_insert(Flow { bindings: 0, bucket: self.pace.full() }).bindings += 1;
        }
    }

    /// A binding ended; with the last one the flow is like any other again.
    pub fn leave(&mut self, binding: &Binding) {
        let Some(place) = Place::of_binding(binding) else { return };
        let Some(flow) = self.all.get_mut(&place) else { return };
        flow.bindings -= 1;
        if flow.bindings == 0 {
            self.all.remove(&place);
        }
    }

    /// Takes a token; false where there is none, or no binding.
    pub fn take(&mut self, place: Place, now: Instant) -> bool {
        self.all.get_mut(&place).is_some_and(|flow| self.pace.take(&mut flow.bucket, now).is_ok())
    }

    pub fn give(&mut self, place: Place, tokens: u32) {
        if let Some(flow) = self.all.get_mut(&place) {
            self.pace.give(&mut flow.bucket, tokens);
        }
    }

    #[cfg(test)]
    pub fn bindings(&self) -> usize {
        self.all.values().map(|flow| flow.bindings as usize).sum()
    }
}

impl Default for Flows {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}
