//! Working copies in the browser's database. Call it under [`super::lock::COPIES`].

use super::{
    database::{self, COPIES, Trouble},
    gate, seal,
};
use domain::offline::{Key, Packed, Unreadable, WorkingCopy};
use domain::{OperatorId, Secret};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Why a copy is not to be had from the store, or not kept by it.
pub enum Failure {
    /// What stands there was written by a newer build, or is damaged. It stays as it is.
    Unreadable(Unreadable),
    Browser(Trouble),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Browser(trouble)
    }
}

async fn unpack(place: &str, operator: OperatorId, value: &JsValue, tab: u32) -> Result<WorkingCopy, Unreadable> {
    let row: &Array = value.unchecked_ref();
    let clear = row.get(0).as_string().unwrap_or_default();
    let (nonce, sealed) = (row.get(1), row.get(2));
    let secrets: Option<Secret> = if sealed.is_undefined() { None } else { seal::unseal(operator, place, &nonce, &sealed).await };
    WorkingCopy::unpack(&clear, secrets.as_ref(), tab)
}

/// The copy at a key, if there is one, and its text without secrets.
pub async fn read(key: &Key, tab: u32) -> Result<Option<(WorkingCopy, String)>, Failure> {
    let place = key.to_string();
    let value = database::get(COPIES, &place).await?;
    if value.is_undefined() {
        return Ok(None);
    }
    let clear = value.unchecked_ref::<Array>().get(0).as_string().unwrap_or_default();
    unpack(&place, key.operator, &value, tab).await.map(|copy| Some((copy, clear))).map_err(Failure::Unreadable)
}

/// What [`super::note`] sealed of a key, in all tabs: where each stands, as it stands there, and opened.
pub async fn read_notes(key: &Key, tab: u32) -> Vec<(String, Array, WorkingCopy)> {
    let mut out = Vec::new();
    let start = note(key);
    for (place, row) in database::entries(COPIES, &start).await.unwrap_or_default() {
        // Whichever tab it is of, it was sealed for the key.
        if let Ok(copy) = unpack(&start, key.operator, &row, tab).await {
            out.push((place, row.unchecked_into(), copy));
        }
    }
    out
}

/// Removes it, unless its tab put another one in its place.
pub async fn remove_note(place: &str, row: &Array) -> Result<(), Trouble> {
    // Each was sealed with a nonce of its own.
    database::delete_where(COPIES, place, |now| !now.is_undefined() && nonce(now.unchecked_ref()) == nonce(row)).await
}

fn nonce(row: &Array) -> Vec<u8> {
    Uint8Array::new(&row.get(1)).to_vec()
}

/// Every copy of an operator; what can't be read is passed over. Secrets stay sealed: a copy is what a sign-out would leave of it.
pub async fn all(operator: OperatorId, tab: u32) -> Result<Vec<WorkingCopy>, Trouble> {
    let mut out = Vec::new();
    for value in database::all(COPIES, &[&operator.to_string(), "/"].concat()).await? {
        let clear = value.unchecked_ref::<Array>().get(0).as_string().unwrap_or_default();
        out.extend(WorkingCopy::peek(&clear, tab));
    }
    Ok(out)
}

/// Writes it, its secrets encrypted. False: they could not be encrypted, and are not kept.
pub async fn write(copy: &WorkingCopy) -> Result<bool, Trouble> {
    let place = copy.key.to_string();
    let (row, kept) = row(copy.key.operator, &place, copy.pack()).await;
    database::put(COPIES, &place, &row).await?;
    gate::keeps();
    Ok(kept)
}

/// What stands in the database, and whether the secrets are in it.
pub async fn row(operator: OperatorId, place: &str, packed: Packed) -> (Array, bool) {
    let row = Array::of1(&packed.clear.into());
    let Some(secrets) = packed.secrets else { return (row, true) };
    match seal::seal(operator, place, &secrets).await {
        Ok((nonce, sealed)) => {
            row.push(&nonce);
            row.push(&sealed);
            (row, true)
        }
        Err(_) => (row, false),
    }
}

/// Sealed notes stand behind it.
pub const NOTE: &str = "note/";

/// Where sealed notes of a key stand: behind it the tab.
pub fn note(key: &Key) -> String {
    [NOTE, &key.to_string()].concat()
}

pub async fn remove(key: &Key) -> Result<(), Trouble> {
    database::delete(COPIES, &key.to_string()).await
}
