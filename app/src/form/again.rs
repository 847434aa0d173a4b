//! Asks for a page's saved state anew without getting into the way of what goes on on it, and says when there is none any more.

use super::FormHandle;
use crate::{
    api::ApiError,
    live::Missed,
    ui::{Banner, offline},
};
use domain::Problem;
use leptos::prelude::*;

/// What a page shows beside its form.
#[derive(Clone, Copy)]
pub struct Shown {
    /// What the page is about is being deleted.
    pub deleting: RwSignal<bool>,
    /// Why nothing on the page can be saved any more.
    pub gone: RwSignal<Option<String>>,
}

impl Shown {
    pub fn new() -> Self {
        Self { deleting: RwSignal::new(false), gone: RwSignal::new(None) }
    }

    /// Says why nothing can be saved any more, and leads to `activity`, which tells who did what.
    pub fn why_gone(self, activity: String) -> AnyView {
        let words = move |text| {
            let activity = activity.clone();
            view! {
                <Banner tone="bad" role="alert">
                    <p>{text} " " <a href=activity>"See Activity"</a></p>
                </Banner>
            }
        };
        (move || self.gone.get().map(&words)).into_any()
    }

    /// What needs the server and what the page is about: without one of them there is nothing to do it to.
    pub fn closed(self) -> Signal<bool> {
        let away = offline();
        Signal::derive(move || away.get() || self.gone.with(Option::is_some))
    }

    /// Whether to ask now. Otherwise why not.
    pub fn may_ask(self, form: FormHandle) -> Result<(), Missed> {
        match self.deleting.try_get_untracked() {
            None => Err(Missed::Until),
            Some(deletes) if deletes || form.parts().saving.get_untracked() => Err(Missed::Soon),
            Some(_) => Ok(()),
        }
    }

    /// What was answered, unless there is nothing to take: a save or a deletion says it better, or the page went meanwhile.
    pub fn answered<T>(self, form: FormHandle, answer: Result<T, ApiError>) -> Result<T, Missed> {
        self.may_ask(form)?;
        match answer {
            Ok(_) => self.gone.set(None),
            Err(ApiError::Problem(ref problem @ (Problem::Deleted { .. } | Problem::NotFound | Problem::NotAllowed { .. }))) => {
                self.gone.set(Some(problem.to_string()));
            }
            // A broken connection is told by the banner of the stream.
            Err(_) => {}
        }
        Ok(answer?)
    }
}
