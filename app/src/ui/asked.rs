//! What a page asks the server for: once where it is rendered, its answer travelling along with the page, and again in the browser
//! whenever the question changes. One resource of one type serves all pages; only what reads its text is made for each.

use crate::api::Answer;
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

pub(super) type Answers = Resource<Answer, FromToStringCodec>;

/// A question with its answer, sooner or later.
pub struct Asked<T> {
    pub(super) answers: Answers,
    /// How much of the live stream had been heard when it was asked.
    pub(super) as_of: StoredValue<u32>,
    what: PhantomData<fn() -> T>,
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Asked<T> {}

impl<T: DeserializeOwned> Asked<T> {
    const fn new(answers: Answers, as_of: StoredValue<u32>) -> Self {
        Self { answers, as_of, what: PhantomData }
    }
}

/// Asks what `call` asks, and again when a signal that it reads makes another question of it.
#[cfg(feature = "ssr")]
pub fn ask<T, F>(call: impl Fn() -> F + Send + Sync + 'static) -> Asked<T>
where
    F: Future<Output = Result<T, crate::api::ApiError>> + Send + 'static,
    T: serde::Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let answers = Resource::new_str(
        || (),
        move |()| {
            // On the server no signal changes.
            let answer = untrack(&call);
            async move { Answer::of(&answer.await) }
        },
    );
    Asked::new(answers, StoredValue::new(0))
}

/// Asks what `call` asks, and again when a signal that it reads makes another question of it.
#[cfg(not(feature = "ssr"))]
pub fn ask<T: DeserializeOwned>(call: impl Fn() -> crate::api::Call<T> + Send + Sync + 'static) -> Asked<T> {
    let as_of = StoredValue::new(0);
    Asked::new(answers(Box::new(move || call().question()), as_of), as_of)
}

#[cfg(not(feature = "ssr"))]
#[inline(never)]
fn answers(question: Box<dyn Fn() -> Option<crate::api::Question> + Send + Sync>, as_of: StoredValue<u32>) -> Answers {
    use send_wrapper::SendWrapper;
    let question = std::sync::Arc::new(question);
    let asked = std::sync::Arc::clone(&question);
    let answers = Resource::new_str(
        move || asked(),
        move |question| {
            as_of.try_set_value(crate::live::heard());
            // The browser has one thread.
            SendWrapper::new(async move {
                match question {
                    Some(question) => question.ask(true).await,
                    None => Answer::unreached(),
                }
            })
        },
    );
    // What came along with the page was not asked for here: it is kept all the same.
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(answer) = answers.get_untracked()
            && let Some(question) = untrack(|| question())
        {
            question.keep(&answer);
        }
    });
    answers
}
