//! Asks for a page's data anew, so that the last answer taken is never older than what the page was told: one question at a time, another
//! one where something was told meanwhile, and again after a while where none could be answered.

use crate::{api::ApiError, loading::sleep};
use domain::Problem;
use leptos::{prelude::*, task::spawn_local};
use std::{mem, pin::Pin, sync::Arc, time::Duration};

/// Why nothing was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// Not now: a save is under way, whose answer says it better.
    Soon,
    /// It did not get through.
    Later,
    /// It was refused, or the page is gone: it stays so until something is told.
    Until,
}

impl From<ApiError> for Missed {
    fn from(error: ApiError) -> Self {
        let passes = match error {
            ApiError::Problem(problem) => matches!(problem, Problem::SlowDown { .. } | Problem::Failed { .. }),
            ApiError::Refused(_) | ApiError::Rpc(_) => true,
        };
        if passes { Self::Later } else { Self::Until }
    }
}

/// A question under way; what it is answered is taken by the page itself.
pub type Asking = Pin<Box<dyn Future<Output = Result<(), Missed>>>>;

const SOON: Duration = Duration::from_millis(300);
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

struct State {
    ask: Arc<dyn Fn() -> Asking + Send + Sync>,
    /// A question is under way.
    busy: bool,
    /// What it will be answered may be older than what the page knows by now.
    again: bool,
    /// Waits to ask.
    due: bool,
    /// Counts the questions: what waits to try again after one does not, once there is a later one.
    asked: u32,
    pause: Duration,
}

/// A page's way to ask; goes with the page.
#[derive(Clone, Copy)]
pub struct Fresh(StoredValue<State>);

impl Fresh {
    pub fn new(ask: impl Fn() -> Asking + Send + Sync + 'static) -> Self {
        Self(StoredValue::new(State { ask: Arc::new(ask), busy: false, again: false, due: false, asked: 0, pause: FIRST_PAUSE }))
    }

    /// The page was told something that an answer on its way may not have.
    pub fn told(self) {
        self.0.try_update_value(|state| state.again = state.busy);
    }

    /// Asks after `wait`, once for all who want it until then.
    pub fn load_in(self, wait: Duration) {
        if self.0.try_update_value(|state| mem::replace(&mut state.due, true)) != Some(false) {
            return;
        }
        let go = move || {
            if self.0.try_with_value(|state| state.due) == Some(true) {
                self.load();
            }
        };
        set_timeout(go, wait);
    }

    /// Asks.
    pub fn load(self) {
        let begins = self.0.try_update_value(|state| {
            state.due = false;
            state.asked = state.asked.wrapping_add(1);
            state.again = true;
            !mem::replace(&mut state.busy, true)
        });
        if begins == Some(true) {
            spawn_local(self.run());
        }
    }

    async fn run(self) {
        loop {
            let Some(ask) = self.0.try_update_value(|state| {
                state.again = false;
                Arc::clone(&state.ask)
            }) else {
                return;
            };
            let missed = ask().await.err();
            if missed == Some(Missed::Soon) {
                sleep(SOON).await;
                continue;
            }
            let Some((again, pause, number)) = self.0.try_update_value(|state| {
                // Told something meanwhile: that may be why the next one gets through.
                let pause = if state.again { FIRST_PAUSE } else { state.pause };
                let later = missed == Some(Missed::Later);
                state.pause = if later { (pause * 2).min(LONGEST_PAUSE) } else { FIRST_PAUSE };
                state.busy = state.again && !later;
                (state.busy, pause, state.asked)
            }) else {
                return;
            };
            if missed == Some(Missed::Later) {
                return set_timeout(
                    move || {
                        if self.0.try_with_value(|state| state.asked) == Some(number) {
                            self.load();
                        }
                    },
                    pause,
                );
            }
            if !again {
                return;
            }
        }
    }
}
