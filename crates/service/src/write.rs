//! One write: its transaction, its events, its operation id, together or not at all. What it says to the live stream is said after the commit.

use crate::{
    Caller, Service,
    failure::{Stored, failed},
    live::Signal,
};
use domain::{
    AccountId, CarrierId, DeviceId, Event, EventKind, Millis, NewEvent, OperationId, OperatorId, Problem, SeatId, Stamp, form::Author,
    form::Change,
};
use serde::{Serialize, de::DeserializeOwned};
use store::Tx;
use uuid::Uuid;

pub(crate) struct Write<'a> {
    pub tx: Tx,
    service: &'a Service,
    account: AccountId,
    caller: Caller,
    at: Millis,
    events: Vec<Event>,
}

/// An event in the making.
pub(crate) struct Draft(NewEvent);

impl Draft {
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = note.into();
        self
    }

    pub fn seat(mut self, seat: SeatId) -> Self {
        self.0.seat = Some(seat);
        self
    }

    pub fn device(mut self, device: DeviceId) -> Self {
        self.0.device = Some(device);
        self
    }

    pub fn carrier(mut self, carrier: CarrierId) -> Self {
        self.0.carrier = Some(carrier);
        self
    }

    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.0.changes = changes;
        self
    }
}

impl<'a> Write<'a> {
    /// A write that belongs to no account alone: its events go to the accounts that they name.
    pub async fn begin_everywhere(service: &'a Service, caller: &Caller) -> Result<Self, Problem> {
        Self::begin(service, AccountId(Uuid::nil()), caller).await
    }

    pub async fn begin(service: &'a Service, account: AccountId, caller: &Caller) -> Result<Self, Problem> {
        let tx = service.inner.store.begin().await.or_fail()?;
        // After the lock: the order of times is the order of commits.
        Ok(Self { tx, service, account, caller: caller.clone(), at: service.now(), events: Vec::new() })
    }

    pub const fn at(&self) -> Millis {
        self.at
    }

    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The author of the version `version`.
    pub fn author(&self, version: i64) -> Author<'_> {
        Author { id: self.caller.id, name: &self.caller.name, at: self.at, version }
    }

    pub fn stamp(&self, version: i64) -> Stamp {
        Stamp { version, by: self.caller.name.clone(), by_id: Some(self.caller.id), at: self.at }
    }

    pub fn event(&self, kind: EventKind, subject: impl Into<String>) -> Draft {
        Draft(NewEvent {
            account: self.account,
            at: self.at,
            by: self.caller.known(),
            by_name: self.caller.name.clone(),
            kind,
            seat: None,
            device: None,
            carrier: None,
            subject: subject.into(),
            changes: Vec::new(),
            note: String::new(),
        })
    }

    pub async fn record(&mut self, Draft(new): Draft) -> Result<(), Problem> {
        let seq = self.tx.append_event(&new).await.or_fail()?;
        let NewEvent { account, at, by, by_name, kind, seat, device, carrier, subject, changes, note } = new;
        self.events.push(Event { seq, account, at, by, by_name, kind, seat, device, carrier, subject, changes, note });
        Ok(())
    }

    /// The same event in every account where the operator has a role.
    pub async fn record_everywhere(&mut self, operator: OperatorId, kind: EventKind, subject: &str) -> Result<(), Problem> {
        for (membership, _) in self.tx.memberships(operator).await.or_fail()? {
            let mut event = self.event(kind, subject);
            event.0.account = membership.account;
            self.record(event).await?;
        }
        Ok(())
    }

    /// What this operation answered before, if it was done already in this account.
    pub async fn replay<T: DeserializeOwned>(&self, operation: OperationId, payload: &impl Serialize) -> Result<Option<T>, Problem> {
        let payload = serde_json::to_vec(payload).map_err(failed)?;
        match self.tx.operation(self.caller.id, self.account, operation, &payload).await.or_fail()? {
            None => Ok(None),
            Some(Ok(result)) => serde_json::from_value(result).map(Some).map_err(failed),
            Some(Err(_)) => Err(Problem::OperationReused),
        }
    }

    /// Keeps what this operation answers, for the next time that it is sent.
    pub async fn answer(&self, operation: OperationId, payload: &impl Serialize, result: &impl Serialize) -> Result<(), Problem> {
        let payload = serde_json::to_vec(payload).map_err(failed)?;
        let result = serde_json::to_value(result).map_err(failed)?;
        self.tx.record_operation(self.caller.id, self.account, operation, &payload, &result, self.at).await.or_fail()
    }

    pub async fn commit(self) -> Result<(), Problem> {
        // Told in the order of their numbers: a stream passes over a number that is not above its last.
        let _turn = self.tx.commit_in_turn().await.or_fail()?;
        for event in self.events {
            self.service.inner.hub.send(Signal::Event(Box::new(event)));
        }
        Ok(())
    }
}
