//! The browser's database: stores of values by text keys, each call a transaction of its own. What a call wrote is there once it returns.

use js_sys::{Array, Promise};
use leptos::prelude::window;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const NAME: &str = "seatline";
/// Rises when a store is added.
const VERSION: u32 = 1;

/// Working copies by their key: `[text, nonce, sealed secrets]`.
pub const COPIES: &str = "copies";
/// The key to an operator's secrets, by the operator's id; the browser does not let it out.
pub const KEYS: &str = "keys";
/// Answers of the server by operator and question: `[JSON, when]`.
pub const ANSWERS: &str = "answers";
/// Who was signed in last, who signed out, and whose turn it is where there are no locks.
pub const ABOUT: &str = "about";

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// What went wrong, as the browser has it.
pub type Trouble = JsValue;

async fn open() -> Result<IdbDatabase, Trouble> {
    if let Some(open) = OPEN.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let factory = window().indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open_with_u32(NAME, VERSION)?;
    let upgrade = Closure::once_into_js(|event: Event| {
        let request = event.target().map(JsCast::unchecked_into::<IdbRequest>);
        if let Some(Ok(database)) = request.map(|request| request.result()) {
            for store in [COPIES, KEYS, ANSWERS, ABOUT] {
                // Fails only for a store that is there already.
                let _ = database.unchecked_ref::<IdbDatabase>().create_object_store(store);
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database: IdbDatabase = result(&request).await?.unchecked_into();
    // A newer build, in another tab, has to change the stores: it must not wait for this one.
    let close = Closure::once_into_js(|event: Event| {
        OPEN.set(None);
        if let Some(database) = event.target() {
            database.unchecked_ref::<IdbDatabase>().close();
        }
    });
    database.set_onversionchange(Some(close.unchecked_ref()));
    OPEN.set(Some(database.clone()));
    Ok(database)
}

async fn result(request: &IdbRequest) -> Result<JsValue, Trouble> {
    let heard = Promise::new(&mut |good, bad| {
        request.set_onsuccess(Some(&good));
        request.set_onerror(Some(&bad));
    });
    if JsFuture::from(heard).await.is_err() {
        return Err(request.error().ok().flatten().map_or(JsValue::UNDEFINED, Into::into));
    }
    request.result()
}

async fn store(name: &str, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), Trouble> {
    let transaction = if let Ok(transaction) = open().await?.transaction_with_str_and_mode(name, mode) {
        transaction
    } else {
        // The browser closed it, to make room or for a newer build.
        OPEN.set(None);
        open().await?.transaction_with_str_and_mode(name, mode)?
    };
    let store = transaction.object_store(name)?;
    Ok((transaction, store))
}

async fn done(transaction: &IdbTransaction) -> Result<(), Trouble> {
    let heard = Promise::new(&mut |good, bad| {
        transaction.set_oncomplete(Some(&good));
        transaction.set_onabort(Some(&bad));
    });
    JsFuture::from(heard).await.map(drop).map_err(|_| transaction.error().map_or(JsValue::UNDEFINED, Into::into))
}

/// What begins with `prefix`.
fn beginning(prefix: &str) -> Result<IdbKeyRange, Trouble> {
    IdbKeyRange::bound(&prefix.into(), &[prefix, "\u{ffff}"].concat().into())
}

/// The value at a key; undefined where there is none.
pub async fn get(name: &str, key: &str) -> Result<JsValue, Trouble> {
    let (_, store) = store(name, IdbTransactionMode::Readonly).await?;
    result(&store.get(&key.into())?).await
}

/// All values whose keys begin with `prefix`, in the order of their keys.
pub async fn all(name: &str, prefix: &str) -> Result<Array, Trouble> {
    let (_, store) = store(name, IdbTransactionMode::Readonly).await?;
    Ok(result(&store.get_all_with_key(&beginning(prefix)?.into())?).await?.unchecked_into())
}

/// The same, each with its key.
pub async fn entries(name: &str, prefix: &str) -> Result<Vec<(String, JsValue)>, Trouble> {
    let (_, store) = store(name, IdbTransactionMode::Readonly).await?;
    let range = beginning(prefix)?.into();
    let keys: Array = result(&store.get_all_keys_with_key(&range)?).await?.unchecked_into();
    // In the same transaction: it goes on for as long as the next request comes with the answer.
    let values: Array = result(&store.get_all_with_key(&range)?).await?.unchecked_into();
    Ok(keys.iter().zip(values.iter()).filter_map(|(key, value)| Some((key.as_string()?, value))).collect())
}

/// Takes the place of the value at a key where that may go, at once for all tabs. False: it may not.
pub async fn put_where(name: &str, key: &str, value: &JsValue, may_go: impl FnOnce(JsValue) -> bool) -> Result<bool, Trouble> {
    let (transaction, store) = store(name, IdbTransactionMode::Readwrite).await?;
    if !may_go(result(&store.get(&key.into())?).await?) {
        return Ok(false);
    }
    store.put_with_key(value, &key.into())?;
    done(&transaction).await.map(|()| true)
}

pub async fn put(name: &str, key: &str, value: &JsValue) -> Result<(), Trouble> {
    let (transaction, store) = store(name, IdbTransactionMode::Readwrite).await?;
    store.put_with_key(value, &key.into())?;
    done(&transaction).await
}

/// Deletes every value whose key begins with `prefix`.
pub async fn delete(name: &str, prefix: &str) -> Result<(), Trouble> {
    let (transaction, store) = store(name, IdbTransactionMode::Readwrite).await?;
    store.delete(&beginning(prefix)?.into())?;
    done(&transaction).await
}

/// Deletes the value at a key where it may go.
pub async fn delete_where(name: &str, key: &str, may_go: impl FnOnce(JsValue) -> bool) -> Result<(), Trouble> {
    let (transaction, store) = store(name, IdbTransactionMode::Readwrite).await?;
    if may_go(result(&store.get(&key.into())?).await?) {
        store.delete(&key.into())?;
        done(&transaction).await?;
    }
    Ok(())
}
