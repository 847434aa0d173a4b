//! One at a time, over all tabs: by Web Locks, and where the browser has none (plain http from elsewhere) by a lease in its database. Where it
//! has neither there is no lock, and it goes on.

use super::{
    database::{self, ABOUT},
    desk,
};
use crate::{
    loading::sleep,
    ui::{now, random},
};
use domain::{Millis, SECOND};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{IntervalHandle, set_interval_with_handle, window};
use std::{cell::Cell, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// For reading, joining and writing a working copy.
pub const COPIES: &str = "seatline.copies";
/// For one send.
pub const SEND: &str = "seatline.send";

/// A lease ends so long after its tab is gone.
const LEASE: Millis = 3 * SECOND;
/// Before that it is taken anew, for as long as it is held. Browsers let a tab in the background do something once a second. Where one is
/// stopped altogether the next tab comes too early: what it sends then, it sends under the same operation id.
const ANEW: Duration = Duration::from_secs(1);

/// Dropping it lets the next one in.
pub enum Held {
    Nothing,
    Lock(Function),
    /// Where it stands, who holds it, and what takes it anew.
    Lease(String, String, Option<IntervalHandle>),
}

impl Drop for Held {
    fn drop(&mut self) {
        match self {
            Self::Nothing => {}
            // The function of a promise does not fail.
            Self::Lock(release) => drop(release.call0(&JsValue::NULL)),
            Self::Lease(place, holder, anew) => {
                if let Some(anew) = anew {
                    anew.clear();
                }
                let (place, holder) = (std::mem::take(place), std::mem::take(holder));
                // Where it can't be given back it ends by itself.
                spawn_local(async move { drop(database::delete_where(ABOUT, &place, |lease| of(&lease).0 == holder).await) });
            }
        }
    }
}

/// Waits for the lock.
pub async fn hold(name: &'static str) -> Held {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).ok().and_then(|request| request.dyn_into::<Function>().ok());
    let Some(request) = request else { return lease(name).await };
    let granted = Promise::new(&mut |grant, refuse| {
        // The lock is held for as long as the promise that its callback returns: its end is handed out.
        let held = Closure::once_into_js(move |_: JsValue| {
            Promise::new(&mut |release, _| {
                let _ = grant.call1(&JsValue::NULL, &release);
            })
        });
        match request.call2(&locks, &name.into(), &held).map(JsCast::dyn_into::<Promise>) {
            // What is refused (a page that is about to go) is refused by its promise.
            Ok(Ok(asked)) => spawn_local(async move {
                if JsFuture::from(asked).await.is_err() {
                    let _ = refuse.call0(&JsValue::NULL);
                }
            }),
            _ => drop(refuse.call0(&JsValue::NULL)),
        }
    });
    JsFuture::from(granted).await.map_or(Held::Nothing, |release| Held::Lock(release.unchecked_into()))
}

thread_local! {
    static LEASES: Cell<u32> = const { Cell::new(0) };
}

/// Whose a lease is, and until when.
fn of(lease: &JsValue) -> (String, Millis) {
    let row: &Array = lease.unchecked_ref();
    if lease.is_undefined() {
        return (String::new(), 0);
    }
    (row.get(0).as_string().unwrap_or_default(), row.get(1).as_f64().unwrap_or_default() as Millis)
}

fn row(holder: &str) -> Array {
    Array::of2(&holder.into(), &((now() + LEASE) as f64).into())
}

fn take_anew(place: String, holder: String) -> Option<IntervalHandle> {
    let again = move || {
        let (place, holder) = (place.clone(), holder.clone());
        spawn_local(async move { drop(database::put_where(ABOUT, &place, &row(&holder), |lease| of(&lease).0 == holder).await) });
    };
    set_interval_with_handle(again, ANEW).ok()
}

/// Waits for its turn: reading who has it and taking it is one transaction of the database.
async fn lease(name: &'static str) -> Held {
    let place = ["lease/", name].concat();
    LEASES.set(LEASES.get().wrapping_add(1));
    let holder = [desk::tab().to_string(), LEASES.get().to_string()].join("/");
    loop {
        let is_over = |lease: JsValue| {
            let until = of(&lease).1;
            // One from long after now was taken before the clock was set back.
            until <= now() || until > now() + 2 * LEASE
        };
        match database::put_where(ABOUT, &place, &row(&holder), is_over).await {
            Ok(true) => {
                let anew = take_anew(place.clone(), holder.clone());
                return Held::Lease(place, holder, anew);
            }
            Ok(false) => {
                let mut jitter = [0; 1];
                random(&mut jitter);
                sleep(Duration::from_millis(10 + u64::from(jitter[0]) / 8)).await;
            }
            // It keeps nothing here: there is nothing that tabs could share.
            Err(_) => return Held::Nothing,
        }
    }
}
