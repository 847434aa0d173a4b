//! The stored form: one text as it is, and one with the secrets, which only ever leaves the page encrypted.

use super::{
    Hold, Key, WorkingCopy,
    copy::{Place, Tick},
};
use crate::{Draft, Field, Millis, SeatId, Secret, Value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The format that this build writes. It rises when an older build would misread what a newer one wrote; fields that are new are no reason,
/// since unknown ones are passed over.
pub const FORMAT: u32 = 1;

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Without any secret.
    pub clear: String,
    /// To be encrypted before it is stored or told. None: there is none.
    pub secrets: Option<Secret>,
}

/// Why a stored text can't be opened. Whoever reads this leaves the text where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A newer build wrote it.
    Newer {
        format: u32,
    },
    Damaged,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { .. } => f.write_str("This draft was written by a newer version of Seatline. It is kept until that one opens it."),
            Self::Damaged => f.write_str("This draft can't be read. It is kept as it is."),
        }
    }
}

/// Maps with keys that are texts always serialise; to say so by a panic would cost the first load the words of every error.
fn text(what: &impl Serialize) -> String {
    serde_json::to_string(what).unwrap_or_default()
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Of a [`WorkingCopy`] what was typed, and no more: little code, since it is written while the rest may be on its way to the browser.
#[derive(Serialize)]
struct Note {
    format: u32,
    key: Key,
    draft: Draft,
    focus: Option<Field>,
    touched: Millis,
    seat: Option<SeatId>,
    ticks: Vec<Tick>,
    sealed: Vec<Place>,
}

impl WorkingCopy {
    /// The texts to write down.
    pub fn pack(&self) -> Packed {
        let mut copy = self.clone();
        let mut secrets = Vec::new();
        copy.sealed.clear();
        for (field, secret) in copy.draft.seal() {
            copy.sealed.push(Place { at: 0, field });
            secrets.push(secret);
        }
        for (i, change) in copy.queue.iter_mut().enumerate() {
            for item in &mut change.items {
                if let Value::Secret(secret) = &item.value {
                    copy.sealed.push(Place { at: i + 1, field: item.field });
                    secrets.push(secret.clone());
                    item.value = Value::Hidden;
                }
            }
        }
        let secrets = (!secrets.is_empty()).then(|| Secret::new(text(&secrets)));
        Packed { clear: text(&copy), secrets }
    }

    /// Opens what [`Self::pack`] gave, for the tab `tab`. Without the secrets (the key to them is gone, or somebody else's) it is what a
    /// sign-out leaves.
    pub fn unpack(clear: &str, secrets: Option<&Secret>, tab: u32) -> Result<Self, Unreadable> {
        // No detail: it may quote what stands there.
        let Format { format } = wire::from_str(clear).map_err(|_| Unreadable::Damaged)?;
        if format > FORMAT {
            return Err(Unreadable::Newer { format });
        }
        let mut copy: Self = wire::from_str(clear).map_err(|_| Unreadable::Damaged)?;
        (copy.format, copy.tab) = (FORMAT, tab);
        let sealed = std::mem::take(&mut copy.sealed);
        let opened: Vec<Secret> = secrets.and_then(|secrets| wire::from_str(secrets.expose()).ok()).unwrap_or_default();
        if opened.len() == sealed.len() {
            for (place, secret) in sealed.iter().zip(&opened) {
                copy.unseal(place, secret);
            }
        } else {
            copy.name_presses();
            copy.without_sealed(&sealed);
        }
        copy.name_presses();
        Ok(copy)
    }

    /// Puts a secret back in its place.
    pub(super) fn unseal(&mut self, place: &Place, secret: &Secret) {
        if let Some(change) = place.at.checked_sub(1) {
            let items = self.queue.get_mut(change).into_iter().flat_map(|change| &mut change.items);
            items.filter(|item| item.field == place.field).for_each(|item| item.value = Value::Secret(secret.clone()));
        } else {
            self.draft.unseal(place.field, secret.clone());
        }
    }

    /// What was typed, in the clear and so without secrets: for the moment in which a page goes and nothing can be encrypted any more.
    /// [`Self::peek`] opens it, [`Self::join`] takes it in.
    pub fn note(&self) -> String {
        let mut draft = self.draft.clone();
        draft.seal();
        let is_secret = |field| draft.edits().get(&field).is_some_and(|edit| edit.value == Value::Hidden);
        let ticks = self.ticks.iter().filter(|tick| !is_secret(tick.field)).cloned().collect();
        draft.drop_hidden();
        self.noted(draft, ticks, Vec::new())
    }

    /// The same with the secrets, for where there is time to encrypt them: [`Self::unpack`] opens it. None where nothing typed is secret.
    pub fn sealed_note(&self) -> Option<Packed> {
        let mut draft = self.draft.clone();
        let (sealed, secrets): (Vec<Place>, Vec<Secret>) =
            draft.seal().into_iter().map(|(field, secret)| (Place { at: 0, field }, secret)).unzip();
        let secrets = (!secrets.is_empty()).then(|| Secret::new(text(&secrets)))?;
        Some(Packed { clear: self.noted(draft, self.ticks.clone(), sealed), secrets: Some(secrets) })
    }

    fn noted(&self, draft: Draft, ticks: Vec<Tick>, sealed: Vec<Place>) -> String {
        text(&Note { format: FORMAT, key: self.key, draft, focus: self.focus, touched: self.touched, seat: self.seat, ticks, sealed })
    }

    /// What stands in a stored text, for telling of it and for whose turn it is: where a secret stood it reads `Hidden`, and nothing is made
    /// of that. None where [`Self::unpack`] fails.
    pub fn peek(clear: &str, tab: u32) -> Option<Self> {
        let copy: Self = wire::from_str(clear).ok()?;
        (copy.format <= FORMAT).then_some(Self { tab, ..copy })
    }

    /// The secrets can't be had: what needs them is not sent.
    fn without_sealed(&mut self, sealed: &[Place]) {
        let unsent = |at: usize| at.checked_sub(1).and_then(|i| self.queue.get(i)).is_some_and(|change| change.operation.is_none());
        let (in_draft, in_unsent) = (sealed.iter().any(|place| place.at == 0), sealed.iter().any(|place| unsent(place.at)));
        for (i, change) in self.queue.iter_mut().enumerate() {
            if change.operation.is_some() && sealed.iter().any(|place| place.at == i + 1) {
                (change.ask, change.secrets_lost) = (true, true);
            }
        }
        self.secrets_lost |= in_draft || in_unsent;
        if in_unsent {
            self.drop_unsent(Hold::SignedOut);
        }
        self.draft.drop_hidden();
        self.turn();
    }
}
