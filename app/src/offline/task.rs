//! What the pages ask of this module, as values: what does it is a file of its own, which the page loads once it is alive.

use super::{desk, gate, kept, reach::signed_in, sender, sign_out, sync, tabs, worker};
use crate::{api::ApiError, loading, ui::now};
use domain::OperatorId;
use domain::offline::{CameIn, Key, WorkingCopy};
use std::pin::Pin;

/// What is to be done.
#[derive(Debug)]
pub enum Task {
    /// Hears what the service worker and the browser say.
    Listen,
    /// Looks for a newer build.
    Look,
    /// What this operator has here is told, and what waits goes on.
    Begin(OperatorId),
    /// The copy is written down, with what other tabs have of it.
    Sync(Key),
    /// The copy is written down and sent.
    Save(Key),
    /// The draft is dropped.
    Discard(Key),
    /// Another tab said this.
    Heard(String),
    /// What waited for the connection goes out.
    Hurry,
    /// Asks until the server is reached again.
    Watch,
    Keep {
        function: &'static str,
        body: String,
        json: String,
    },
    Recall {
        function: &'static str,
        body: String,
    },
    /// Whether somebody signed out here and the server does not know.
    IsMarked,
    /// The mark goes.
    Unmark,
    SignOut,
    /// The operator signed in again, over the page: what waits goes on, in every tab.
    SignedIn,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    Nothing,
    Text(String),
    Yes,
    No(ApiError),
}

/// A task under way.
pub type Running = Pin<Box<dyn Future<Output = Outcome>>>;

/// Does it.
pub fn run(task: Task) -> Running {
    Box::pin(async move {
        match task {
            Task::Listen => worker::listen(),
            Task::Look => worker::look().await,
            Task::Begin(operator) => {
                sync::take_stock(operator).await;
                sign_out::catch_up().await;
            }
            Task::Sync(key) => {
                sync::sync(key, &mut |_| Vec::new()).await;
                sender::look_again();
            }
            Task::Discard(key) => drop(sync::sync(key, &mut |copy| discard(copy)).await),
            Task::Save(key) => sender::save(key).await,
            Task::Heard(text) => tabs::heard(&text),
            Task::Hurry => sender::hurry().await,
            Task::Watch => sender::watch().await,
            Task::Keep { function, body, json } => kept::keep(function, &body, &json).await,
            Task::Recall { function, body } => match kept::recall(function, &body).await {
                Ok(Some(json)) => return Outcome::Text(json),
                Ok(None) => {}
                Err(locked) => return Outcome::No(locked),
            },
            Task::IsMarked => return if sign_out::is_marked().await { Outcome::Yes } else { Outcome::Nothing },
            Task::Unmark => return if sign_out::unmark().await { Outcome::Yes } else { Outcome::Nothing },
            Task::SignedIn => {
                signed_in();
                if let Some(operator) = desk::operator() {
                    tabs::tell_in(operator);
                }
                sender::hurry().await;
            }
            Task::SignOut => return sign_out::sign_out().await.map_or_else(Outcome::No, |()| Outcome::Yes),
        }
        Outcome::Nothing
    })
}

fn discard(copy: &mut WorkingCopy) -> Vec<CameIn> {
    copy.drop_all(now());
    Vec::new()
}

/// Has it done, as soon as the file is there.
pub async fn ask(task: Task) -> Outcome {
    gate::open();
    // Behind what waited for it: in the order in which it was asked.
    gate::opened().await;
    loading::offline(task).await
}

/// The same, without waiting for it.
pub fn tell(task: Task) {
    gate::open();
    tell_by_and_by(task);
}

/// The same for what loses nothing by waiting until the file has come by itself.
pub fn tell_by_and_by(task: Task) {
    leptos::task::spawn_local(async move {
        gate::opened().await;
        loading::offline(task).await;
    });
}
