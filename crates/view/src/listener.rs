//! Event listeners.

use leptos::{prelude::Owner, tachys::html::event::EventDescriptor};
use send_wrapper::SendWrapper;
use std::{borrow::Cow, cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

type Handler = Box<dyn FnMut(JsValue)>;

/// What listens to an event of an element. On the server there is nothing to hear.
pub struct Listener {
    pub name: Cow<'static, str>,
    handler: Option<SendWrapper<Handler>>,
}

impl Listener {
    /// The handler runs under the owner of where it was made, as Leptos' own do.
    pub fn new<E, F>(event: &E, mut handler: F) -> Self
    where
        E: EventDescriptor,
        E::EventType: From<JsValue>,
        F: FnMut(E::EventType) + 'static,
    {
        let name = event.name();
        if cfg!(feature = "ssr") {
            return Self { name, handler: None };
        }
        Self { name, handler: Some(SendWrapper::new(Box::new(move |event| handler(E::EventType::from(event))))) }
    }
}

/// A listener that was attached. Its handler can be another later; it ends when this is dropped.
pub struct Attached {
    pub name: Cow<'static, str>,
    handler: Rc<RefCell<Handler>>,
    target: web_sys::Element,
    closure: Closure<dyn FnMut(JsValue)>,
}

fn scoped(handler: Option<SendWrapper<Handler>>) -> Handler {
    let mut handler = handler.map_or_else(|| Box::new(|_: JsValue| {}) as Handler, SendWrapper::take);
    let owner = Owner::current().unwrap_or_default();
    Box::new(move |event| owner.with(|| handler(event)))
}

impl Attached {
    pub fn new(listener: Listener, target: &web_sys::Element) -> Self {
        let handler = Rc::new(RefCell::new(scoped(listener.handler)));
        let closure = Closure::wrap(Box::new({
            let handler = Rc::clone(&handler);
            // Busy: the event comes from what its own handler does, as a `focus()` within `focus`.
            move |event: JsValue| {
                if let Ok(mut handler) = handler.try_borrow_mut() {
                    handler(event);
                }
            }
        }) as Box<dyn FnMut(JsValue)>);
        // Fails for no name of an event.
        let _ = target.add_event_listener_with_callback(&listener.name, closure.as_ref().unchecked_ref());
        Self { name: listener.name, handler, target: target.clone(), closure }
    }

    /// From now on `listener` hears it.
    pub fn replace(&mut self, listener: Listener) {
        self.handler = {
            let new = scoped(listener.handler);
            match self.handler.try_borrow_mut() {
                Ok(mut handler) => {
                    *handler = new;
                    return;
                }
                // It runs right now: this one ends with it.
                Err(_) => Rc::new(RefCell::new(new)),
            }
        };
        let handler = Rc::clone(&self.handler);
        self.detach();
        self.closure = Closure::wrap(Box::new(move |event: JsValue| {
            if let Ok(mut handler) = handler.try_borrow_mut() {
                handler(event);
            }
        }) as Box<dyn FnMut(JsValue)>);
        let _ = self.target.add_event_listener_with_callback(&self.name, self.closure.as_ref().unchecked_ref());
    }

    fn detach(&self) {
        let _ = self.target.remove_event_listener_with_callback(&self.name, self.closure.as_ref().unchecked_ref());
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.detach();
    }
}
