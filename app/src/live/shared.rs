//! One stream for all tabs of a browser: the tab that holds a lock has the stream, and tells the others over a channel. When it goes, the
//! browser gives the lock to the next. Where there are no locks (plain http from elsewhere) each tab has a stream of its own.

use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A tab's part in it; leaves when dropped.
pub struct Shared {
    channel: BroadcastChannel,
    _hear: Closure<dyn Fn(MessageEvent)>,
    left: Rc<Cell<bool>>,
    /// Gives the lock back.
    release: js_sys::Function,
}

/// `navigator.locks` and its `request`; web-sys does not have them yet.
fn locks() -> Option<(JsValue, js_sys::Function)> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &JsValue::from_str(name)).ok();
    let locks = get(&leptos::prelude::window().navigator(), "locks").filter(JsValue::is_object)?;
    let request = get(&locks, "request")?.dyn_into().ok()?;
    Some((locks, request))
}

impl Shared {
    /// Joins under `name`: `hear` gets what other tabs say, `lead` is called once this tab is to have the stream. None where it can't be.
    pub fn join(name: &str, hear: impl Fn(String) + 'static, lead: impl FnOnce() + 'static) -> Option<Self> {
        let (locks, request) = locks()?;
        let channel = BroadcastChannel::new(name).ok()?;
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |ev: MessageEvent| {
            if let Some(text) = ev.data().as_string() {
                hear(text);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let mut release = None;
        // The lock is held until this is kept.
        let held = js_sys::Promise::new(&mut |keep, _| release = Some(keep));
        let left = Rc::new(Cell::new(false));
        let gone = left.clone();
        let granted = Closure::once_into_js(move |_: JsValue| {
            if !gone.get() {
                lead();
            }
            held
        });
        // Refused only for names that begin with a dash.
        request.call2(&locks, &JsValue::from_str(name), &granted).ok()?;
        Some(Self { channel, _hear: hear, left, release: release? })
    }

    /// Tells the other tabs.
    pub fn say(&self, text: &str) {
        // A text can always be copied.
        let _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.left.set(true);
        self.channel.set_onmessage(None);
        self.channel.close();
        let _ = self.release.call0(&JsValue::NULL);
    }
}
