//! A call of a server function in the browser: a POST of its arguments by name, as JSON. Nothing is compiled per function but the
//! writing of its arguments and the reading of its answer.

use super::{Answer, ApiError, OPERATOR, UNATTENDED, acted};
use crate::offline::{self, Outcome, Task};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

/// Milliseconds that an answer may take.
const PATIENCE: u32 = 20_000;

/// What is asked of which function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The function's name under `/api/`.
    function: &'static str,
    /// The arguments, as a JSON object whose end is still open.
    body: Vec<u8>,
}

type Asking = Pin<Box<dyn Future<Output = Answer>>>;

/// A call that is sent when it is awaited.
pub struct Call<T> {
    question: Option<Question>,
    asking: Option<Asking>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    pub(super) const fn new(function: &'static str) -> Self {
        Self { question: Some(Question { function, body: Vec::new() }), asking: None, answer: PhantomData }
    }

    pub(super) fn with(mut self, name: &str, value: &impl Serialize) -> Self {
        if let Some(question) = &mut self.question {
            question.name(name);
            // Nothing that is sent has a map with keys other than texts, and memory takes every byte.
            let _ = serde_json::to_writer(&mut question.body, value);
        }
        self
    }

    /// What would be asked, without asking it. None once it was sent.
    pub fn question(self) -> Option<Question> {
        self.question
    }
}

impl<T: DeserializeOwned> Future for Call<T> {
    type Output = Result<T, ApiError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = self.get_mut();
        poll(&mut call.question, &mut call.asking, context).map(|answer| answer.read())
    }
}

#[inline(never)]
fn poll(question: &mut Option<Question>, asking: &mut Option<Asking>, context: &mut Context<'_>) -> Poll<Answer> {
    if let Some(question) = question.take() {
        *asking = Some(question.ask(false));
    }
    let Some(waiting) = asking else { return Poll::Pending };
    let answer = waiting.as_mut().poll(context);
    if answer.is_ready() {
        *asking = None;
    }
    answer
}

impl Question {
    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.body.push(if self.body.is_empty() { b'{' } else { b',' });
        // Names of arguments need no escapes.
        self.body.push(b'"');
        self.body.extend_from_slice(name.as_bytes());
        self.body.extend_from_slice(b"\":");
    }

    /// Sends it. `recalls`: without a connection the answer is the one that this computer kept, if it keeps such answers. A page is made of
    /// it; what a page has already is newer.
    pub fn ask(self, recalls: bool) -> Asking {
        Box::pin(async move {
            let through = self.send().await.ok().flatten();
            offline::reached(through.is_some());
            match through {
                Some(answer) => {
                    self.keep(&answer);
                    answer
                }
                None if recalls => self.recall().await.unwrap_or_else(Answer::unreached),
                None => Answer::unreached(),
            }
        })
    }

    /// Keeps a good answer for reading without a connection, where it is one of those.
    pub fn keep(&self, answer: &Answer) {
        if let Some(json) = answer.json().filter(|_| offline::keeps(self.function)) {
            offline::keep_soon(self.function, self.text(), &json);
        }
    }

    async fn recall(&self) -> Option<Answer> {
        if !offline::keeps(self.function) {
            return None;
        }
        match offline::ask(Task::Recall { function: self.function, body: self.text() }).await {
            Outcome::Text(json) => Some(Answer::new(true, &json)),
            Outcome::No(_) => Some(Answer::new(false, "{\"Problem\":\"signed_out\"}")),
            _ => None,
        }
    }

    /// The arguments as they are sent.
    fn text(&self) -> String {
        let open = String::from_utf8_lossy(&self.body);
        [if open.is_empty() { "{" } else { &*open }, "}"].concat()
    }

    /// None: something between here and the server answered in its place. What broke off on the way back did not get through either.
    async fn send(&self) -> Result<Option<Answer>, JsValue> {
        let headers = Headers::new()?;
        for name in ["content-type", "accept"] {
            headers.set(name, "application/json")?;
        }
        if let Some(operator) = offline::operator() {
            headers.set(OPERATOR, &operator.to_string())?;
        }
        if acted::unattended() {
            headers.set(UNATTENDED, "1")?;
        }
        let options = RequestInit::new();
        options.set_method("POST");
        options.set_headers_headers(&headers);
        options.set_body_opt_str(Some(&self.text()));
        // Where a network swallows everything, waiting longer helps nobody.
        options.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
        let address = ["/api/", self.function].concat();
        let response = JsFuture::from(leptos::prelude::window().fetch_with_str_and_init(&address, &options)).await?;
        let response: Response = response.unchecked_into();
        let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        let kind = response.headers().get("content-type")?.unwrap_or_default();
        let ours = match response.status() {
            // A portal, or a proxy that wants a sign-in of its own, answers so with a page of theirs.
            200..=299 => kind.starts_with("application/json"),
            502..=504 => text.starts_with('{'),
            _ => true,
        };
        Ok(ours.then(|| Answer::new(response.status() < 400, &text)))
    }
}
