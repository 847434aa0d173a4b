//! What was looked at on this computer, for reading without a connection: answers of the server as they came, none of them with a secret.
//! They are the operator's who was signed in last, until the session would have ended.

use super::{
    database::{self, ABOUT, ANSWERS},
    desk, standing,
    task::{Task, tell_by_and_by},
};
use crate::{api::ApiError, ui::now};
use domain::view::Me;
use domain::{AccountId, Millis, OperatorId, Problem};
use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};

/// Who was signed in last.
const LAST: &str = "operator";
const ME: &str = "me";

thread_local! {
    static CLOSED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Serialize, Deserialize)]
struct Last {
    id: OperatorId,
    until: Millis,
}

/// Whether answers of this function are kept.
pub fn keeps(function: &str) -> bool {
    matches!(function, ME | "device" | "seat")
}

fn place(operator: OperatorId, function: &str, body: &str) -> String {
    [&operator.to_string(), "/", function, body].concat()
}

/// Keeps a good answer, by and by.
pub fn keep_soon(function: &'static str, body: String, json: &str) {
    tell_by_and_by(Task::Keep { function, body, json: json.to_owned() });
}

/// Keeps a good answer. Where the browser keeps nothing, nothing is said: it is a convenience.
pub async fn keep(function: &str, body: &str, json: &str) {
    if CLOSED.get() {
        return;
    }
    let operator = if function == ME {
        let Ok(me) = wire::from_str::<Me>(json) else { return };
        let last = serde_json::to_string(&Last { id: me.id, until: me.until }).unwrap_or_default();
        let _ = database::put(ABOUT, LAST, &last.into()).await;
        Some(me.id)
    } else {
        desk::operator()
    };
    let Some(operator) = operator else { return };
    let row = Array::of2(&json.into(), &(now() as f64).into());
    let _ = database::put(ANSWERS, &place(operator, function, body), &row).await;
}

async fn last() -> Option<Last> {
    let last = database::get(ABOUT, LAST).await.ok()?.as_string()?;
    wire::from_str(&last).ok()
}

/// Who may read here without a connection: the last operator, while the session would live, on a page of that operator's.
async fn reader() -> Result<Option<OperatorId>, ApiError> {
    let Some(last) = last().await else { return Ok(None) };
    if now() >= last.until || desk::operator().is_some_and(|own| own != last.id) {
        return Err(ApiError::Problem(Problem::SignedOut));
    }
    Ok(Some(last.id))
}

/// The answer of before. Without one, whether there may be one after a sign-in: the session of who was here would have ended.
pub async fn recall(function: &str, body: &str) -> Result<Option<String>, ApiError> {
    let Some(operator) = reader().await? else { return Ok(None) };
    let row = database::get(ANSWERS, &place(operator, function, body)).await.unwrap_or_default();
    let Some((json, at)) = text(&row) else { return Ok(None) };
    if function != ME {
        standing::change(|standing| standing.as_of = Some(at));
    }
    Ok(Some(json))
}

fn text(row: &JsValue) -> Option<(String, Millis)> {
    let row: &Array = row.dyn_ref()?;
    Some((row.get(0).as_string()?, row.get(1).as_f64()? as Millis))
}

/// Every kept answer of a function whose first argument is the account, each with when it came.
pub async fn all<T: DeserializeOwned>(function: &str, account: AccountId) -> Vec<(T, Millis)> {
    let Ok(Some(operator)) = reader().await else { return Vec::new() };
    // As a call writes its arguments.
    let place = place(operator, function, &["{\"account\":\"", &account.to_string(), "\""].concat());
    let rows = database::all(ANSWERS, &place).await.unwrap_or_default();
    let rows = rows.iter().filter_map(|row| text(&row));
    rows.filter_map(|(json, at)| Some((wire::from_str(&json).ok()?, at))).collect()
}

/// Keeps nothing any more, on this page.
pub fn close() {
    CLOSED.set(true);
}

/// Whether nothing is kept any more.
pub fn is_closed() -> bool {
    CLOSED.get()
}

/// It goes on.
pub fn reopen() {
    CLOSED.set(false);
}

/// Who was signed in last on this computer.
pub async fn last_operator() -> Option<OperatorId> {
    last().await.map(|last| last.id)
}

/// Behind it the operator who signed out here.
const OUT: &str = "out/";

fn out(operator: OperatorId) -> String {
    [OUT, &operator.to_string()].concat()
}

/// The operator signs out: what pages of before write from now on is what a sign-out leaves of it. Under the lock of the copies, so that none
/// is half way through.
pub async fn signs_out(operator: OperatorId) {
    let often = sign_outs(operator).await + 1;
    // Where the browser keeps nothing there is nothing to take away.
    let _ = database::put(ABOUT, &out(operator), &often.into()).await;
}

/// How often the operator signed out here. A count: clocks are set back.
pub async fn sign_outs(operator: OperatorId) -> u32 {
    database::get(ABOUT, &out(operator)).await.ok().and_then(|often| often.as_f64()).unwrap_or_default() as u32
}

/// Forgets what was looked at here, and by whom.
pub async fn forget_all() {
    let _ = database::delete(ANSWERS, "").await;
    let _ = database::delete(ABOUT, LAST).await;
}
