//! The page of somebody who signed out without a connection.

use crate::{
    api,
    layout::Door,
    offline::{Outcome, Task, ask},
    ui::Button,
};
use leptos::prelude::*;
use std::time::Duration;

/// Every page until the server has ended the session.
#[component]
pub fn SignedOut() -> impl IntoView {
    let busy = RwSignal::new(false);
    let tell = move || {
        if busy.try_get_untracked() != Some(false) {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            if api::sign_out().await.is_ok() && matches!(ask(Task::Unmark).await, Outcome::Yes) {
                let _ = window().location().replace("/sign-in");
            }
            busy.try_set(false);
        });
    };
    Effect::new(move || {
        tell();
        let every = set_interval_with_handle(tell, Duration::from_secs(5)).ok();
        on_cleanup(move || {
            if let Some(every) = every {
                every.clear();
            }
        });
    });
    view! {
        <Door>
            <div class="card" role="status">
                <h1>"Signed out"</h1>
                <p>"You signed out without a connection. The session ends on the server as soon as that is reached; until then nothing is shown here."</p>
                <Button class="primary" busy=busy on_press=Callback::new(move |()| tell())>
                    "Try now"
                </Button>
            </div>
        </Door>
    }
}
