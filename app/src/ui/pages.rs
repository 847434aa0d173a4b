//! Rows that come a page at a time.

use super::{Button, ErrorNote, announce, count};
use crate::api::ApiError;
use leptos::{prelude::*, task::spawn_local};
use std::pin::Pin;

/// A further page on its way: its rows, and where the one behind it begins.
pub type Paging<R, C> = Pin<Box<dyn Future<Output = Result<(Vec<R>, Option<C>), ApiError>>>>;

/// What is shown so far, and where the next page begins.
#[derive(Debug)]
pub struct Pages<R: 'static, C: 'static> {
    pub rows: RwSignal<Vec<R>>,
    pub next: RwSignal<Option<C>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl<R, C> Clone for Pages<R, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, C> Copy for Pages<R, C> {}

impl<R: Send + Sync + 'static, C: Copy + PartialEq + Send + Sync + 'static> Pages<R, C> {
    pub fn new(rows: Vec<R>, next: Option<C>) -> Self {
        Self { rows: RwSignal::new(rows), next: RwSignal::new(next), busy: RwSignal::new(false), error: RwSignal::new(None) }
    }

    /// The button that loads the next page, while there is one. `row`: what one is called.
    pub fn more(
        self,
        words: &'static str,
        row: &'static str,
        ask: impl Fn(Option<C>) -> Paging<R, C> + Copy + Send + Sync + 'static,
    ) -> AnyView {
        let load = move || {
            let at = self.next.get_untracked();
            self.busy.set(true);
            spawn_local(self.take(at, row, ask(at)));
        };
        view! {
            <ErrorNote error=self.error />
            <Show when=move || self.next.with(Option::is_some)>
                <p class="more">
                    <Button busy=self.busy on_press=Callback::new(move |()| load())>
                        {words}
                    </Button>
                </p>
            </Show>
        }
        .into_any()
    }

    async fn take(self, at: Option<C>, row: &'static str, page: Paging<R, C>) {
        let answer = page.await;
        self.busy.try_set(false);
        match answer {
            // The rows that it follows are gone: so many new ones came.
            Ok(_) if self.next.try_get_untracked() != Some(at) => {}
            Ok((rows, next)) => {
                announce(count(rows.len() as u64, row));
                self.next.try_set(next);
                self.rows.try_update(|all| all.extend(rows));
                self.error.try_set(None);
            }
            Err(problem) => {
                self.error.try_set(Some(problem.to_string()));
            }
        }
    }
}
