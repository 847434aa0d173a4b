//! One `EventSource` with its closures, closed when dropped.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

/// What the stream reports.
pub enum News {
    Open,
    /// A message, and the number to resume from.
    Message {
        data: String,
        id: String,
    },
    /// The connection broke. `dead`: the browser will not try again.
    Broken {
        dead: bool,
    },
}

pub struct Stream {
    source: EventSource,
    _open: Closure<dyn Fn(Event)>,
    _message: Closure<dyn Fn(MessageEvent)>,
    _error: Closure<dyn Fn(Event)>,
}

impl Stream {
    /// Opens the stream at `address`. `None` only where the browser knows no such address.
    pub fn open(address: &str, tell: impl Fn(News) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let open = {
            let tell = tell.clone();
            Closure::<dyn Fn(Event)>::new(move |_| tell(News::Open))
        };
        let message = {
            let tell = tell.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |ev: MessageEvent| {
                if let Some(data) = ev.data().as_string() {
                    tell(News::Message { data, id: ev.last_event_id() });
                }
            })
        };
        let error = {
            let source = source.clone();
            Closure::<dyn Fn(Event)>::new(move |_| tell(News::Broken { dead: source.ready_state() == EventSource::CLOSED }))
        };
        source.set_onopen(Some(open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        Some(Self { source, _open: open, _message: message, _error: error })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
