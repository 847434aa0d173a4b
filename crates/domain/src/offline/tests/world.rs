//! The model's world: a server that keeps operation ids, a network that loses both ways, and what people have to find again.

use super::*;
use crate::form::{Author, Refusal, merge};
use crate::{Fault, Millis, Patch, Record};
use std::collections::{BTreeMap, HashMap};

/// A value as text, secrets too: to compare.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Secret(secret) => secret.expose().to_owned(),
        Value::List(list) => list.join(" "),
        other => other.to_string(),
    }
}

pub type Written = (usize, usize, Field, String);

struct Done {
    operation: OperationId,
    patch: Patch,
    record: Record,
    changed: Vec<Field>,
    at: Millis,
}

/// Two devices, and what was ever written to them.
pub struct Server {
    pub now: Millis,
    pub records: [Record; 2],
    pub deleted: [bool; 2],
    version: i64,
    done: Vec<Done>,
    /// Also what is purged.
    ever: Vec<(usize, OperationId)>,
    pub written: HashMap<Written, u32>,
}

impl Server {
    pub fn new() -> Self {
        let records = [saved_device(), saved_device()];
        Self { now: 0, records, deleted: [false; 2], version: 1, done: Vec::new(), ever: Vec::new(), written: HashMap::new() }
    }

    /// What the retention does.
    pub fn purge(&mut self) {
        let now = self.now;
        self.done.retain(|done| done.at >= now - OPERATIONS_KEPT);
    }

    pub fn knows(&self, operation: OperationId) -> bool {
        self.done.iter().any(|done| done.operation == operation)
    }

    fn again(&self, operation: OperationId) -> Option<(&Patch, Answer)> {
        let done = self.done.iter().find(|done| done.operation == operation)?;
        Some((&done.patch, Answer::Saved { record: done.record.clone(), changed: done.changed.clone() }))
    }

    pub fn result(&self, operation: OperationId) -> Answer {
        self.again(operation).map_or(Answer::Unknown, |(_, answer)| answer)
    }

    pub fn save(&mut self, who: usize, device: usize, patch: &Patch) -> Answer {
        if let Some((before, answer)) = self.again(patch.operation) {
            assert_eq!(before, patch, "one operation id for two requests");
            return answer;
        }
        if self.deleted[device] {
            return Answer::Gone { name: "Desk".into(), by: "ops-south".into(), at: self.now };
        }
        let author = Author { id: key(who as u128, 0).operator, name: "ops", at: self.now, version: self.version + 1 };
        let current = &self.records[device];
        let merged = match merge(current, patch, &author) {
            Ok(merged) => merged,
            Err(Refusal::Conflict(_)) => return Answer::Conflict { record: current.clone().hidden() },
            Err(Refusal::Invalid(faults)) => return Answer::Invalid { faults },
        };
        if merged.record.text(Field::Username).ends_with('7') {
            return Answer::Invalid { faults: crate::few::Map::from([(Field::Username, Fault::Choice)]) };
        }
        for field in &merged.changed {
            *self.written.entry((who, device, *field, text(&merged.record.value(*field)))).or_default() += 1;
        }
        self.version += i64::from(!merged.changed.is_empty());
        let record = merged.record.clone().hidden();
        self.records[device] = merged.record;
        let (operation, at) = (patch.operation, self.now);
        self.ever.push((who, operation));
        self.done.push(Done { operation, patch: patch.clone(), record: record.clone(), changed: merged.changed.clone(), at });
        Answer::Saved { record, changed: merged.changed }
    }

    /// Somebody else saved. False: it changed nothing.
    pub fn advance(&mut self, device: usize, record: Record, version: i64) -> bool {
        let is_new = self.records[device] != record;
        self.records[device] = record;
        self.version = self.version.max(version);
        is_new
    }

    /// Whether the server did apply it, for this operator.
    pub fn holds_acknowledged(&self, who: usize, operation: OperationId) -> bool {
        self.ever.contains(&(who, operation))
    }
}

/// A request on its way.
pub struct Flight {
    pub device: usize,
    pub sending: Sending,
    /// It arrived, and this comes back.
    pub answer: Option<Answer>,
}

/// One operator's browser, and what its operator remembers.
pub struct Browser {
    pub copies: [WorkingCopy; 2],
    pub signed_in: bool,
    pub flight: Option<Flight>,
    /// The last value that was typed into each field and not given up by its operator.
    pub typed: [BTreeMap<Field, Value>; 2],
    /// What SAVE was pressed for.
    pub asked: [BTreeMap<Field, Value>; 2],
    /// Sent, without an answer.
    pub open: [Option<(OperationId, Option<Patch>)>; 2],
    /// It waited too long once: its own save may come back as a stranger's.
    pub aged: bool,
    /// How often each value may be written.
    pub may_write: HashMap<Written, u32>,
    pub strays: Vec<(usize, Patch)>,
    /// The question as it was shown, with what is about to be answered.
    pub shown: [Vec<Decision>; 2],
}

impl Browser {
    pub fn new(who: usize) -> Self {
        let copy = |device| WorkingCopy::new(key(who as u128, device), saved_device().hidden(), 0, 1);
        Self {
            copies: [copy(0), copy(1)],
            signed_in: true,
            flight: None,
            typed: Default::default(),
            asked: Default::default(),
            open: Default::default(),
            aged: false,
            may_write: HashMap::new(),
            strays: Vec::new(),
            shown: Default::default(),
        }
    }

    /// What SAVE was pressed for. What is only put back, against a change without an answer, counts if that was applied.
    pub fn asked_for(&mut self, device: usize) {
        let copy = &self.copies[device];
        let items = copy.queue().last().map(|change| change.items.clone()).unwrap_or_default();
        let edited = items.into_iter().filter(|item| copy.draft().edits().contains_key(&item.field));
        self.asked[device] = edited.map(|item| (item.field, item.value)).collect();
    }

    /// The operator stands behind all that the page shows now.
    pub fn stands_behind(&mut self, who: usize, device: usize) {
        for field in FIELDS {
            *self.may_write.entry((who, device, field, text(&self.copies[device].draft().value(field)))).or_default() += 1;
        }
    }
}

pub const FIELDS: [Field; 7] = [Field::Name, Field::ExpireSeconds, Field::Username, Field::Password, Field::Method, Field::Ip, Field::Mac];

/// The nth value that anybody types: like no other, but for the choices.
pub fn nth(field: Field, n: u32) -> Value {
    match field {
        Field::Name => Value::Text(["Desk ", &n.to_string()].concat()),
        Field::ExpireSeconds if n.is_multiple_of(9) => Value::Text([&n.to_string(), "x"].concat()),
        Field::ExpireSeconds => Value::Text((1000 + n).to_string()),
        Field::Username => Value::Text(["desk", &n.to_string()].concat()),
        Field::Password => Value::secret(["password-", &n.to_string()].concat()),
        Field::Method => Value::text(if n.is_multiple_of(3) { "ip" } else { "password" }),
        Field::Ip => Value::List(vec![format!("10.0.{}.{}", n / 200, n % 200 + 1)]),
        _ => Value::Text(format!("805ec0{n:06x}")),
    }
}
