//! How the browser comes by a part of the pages: `frontend` says how, since only there a part is a file of its own.

use crate::{
    offline::{self, Outcome, Running, Task},
    parts::Part,
    routes::Place,
};
use leptos::prelude::*;
use std::{cell::Cell, future::Future, pin::Pin, sync::OnceLock, time::Duration};

/// Loads a part and makes its pages.
pub struct Loader {
    /// True once the part is there.
    pub load: fn(Part) -> Pin<Box<dyn Future<Output = bool>>>,
    /// None while the part is not there.
    pub make: fn(Part, Place) -> Option<AnyView>,
    /// Loads what does the tasks of `offline`. False: it can't be had now.
    pub load_offline: fn() -> Pin<Box<dyn Future<Output = bool>>>,
    /// None while that is not there.
    pub offline: fn(Task) -> Option<Running>,
}

static LOADER: OnceLock<Loader> = OnceLock::new();

thread_local! {
    static OFFLINE: Cell<bool> = const { Cell::new(false) };
}

/// Tells how parts are loaded; before the first page.
pub fn provide(loader: Loader) {
    // A second call would say the same.
    let _ = LOADER.set(loader);
}

/// Waits until the part is there, trying again for as long as it takes.
pub async fn load(part: Part) {
    until(Some(part)).await;
}

/// Waits for a part, or for what does the tasks of `offline`. Where the server has another build by now, that is told, and a task waits no
/// longer. One future for all who wait: there are many.
fn until(part: Option<Part>) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        let Some(loader) = LOADER.get() else { return };
        let mut pause = Duration::from_millis(250);
        loop {
            let loading = match part {
                Some(part) => (loader.load)(part),
                None => (loader.load_offline)(),
            };
            if loading.await || offline::is_replaced().await && part.is_none() {
                return;
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(8));
        }
    })
}

/// Has a task of `offline` done, once what does it is there. Nothing is done where that can't be had any more.
pub fn offline(task: Task) -> Running {
    Box::pin(async move {
        until(None).await;
        match LOADER.get().and_then(|loader| (loader.offline)(task)) {
            Some(running) => {
                OFFLINE.set(true);
                running.await
            }
            None => Outcome::Nothing,
        }
    })
}

/// Whether what does them is there.
pub fn has_offline() -> bool {
    OFFLINE.get()
}

pub async fn sleep(pause: Duration) {
    let mut wake = |done: js_sys::Function, _| {
        set_timeout(
            move || {
                // The function of a promise does not fail.
                let _ = done.call0(&wasm_bindgen::JsValue::NULL);
            },
            pause,
        );
    };
    let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::new(&mut wake)).await;
}

#[cfg(not(feature = "ssr"))]
fn make(part: Part, place: Place) -> Option<AnyView> {
    LOADER.get().and_then(|loader| (loader.make)(part, place))
}

/// The page, or the word that it is on its way.
#[cfg(not(feature = "ssr"))]
pub fn page(part: Part, place: Place) -> impl FnMut() -> AnyView + Send + 'static {
    let loads = RwSignal::new(0_u32);
    move || {
        loads.track();
        untrack(|| make(part, place)).unwrap_or_else(|| {
            leptos::task::spawn_local(async move {
                load(part).await;
                loads.try_update(|loads| *loads += 1);
            });
            view! { <crate::ui::Loading /> }.into_any()
        })
    }
}
