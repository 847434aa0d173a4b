//! The question before something is deleted: what goes, what is lost with it, the safe choice first.

use super::{Button, Dialog, ErrorNote, announce, count, ids::new_operation};
use crate::api::ApiError;
use domain::OperationId;
use leptos::prelude::*;
use std::{pin::Pin, time::Duration};

/// A deletion under way.
pub type Deleting = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// What the question needs of its page.
#[derive(Clone, Copy)]
pub struct Deletion {
    pub open: RwSignal<bool>,
    /// The saved name of what goes.
    pub name: Signal<String>,
    /// The words of the button that does it.
    pub button: &'static str,
    /// True from the press on: the page says nothing of its own end.
    pub deleting: RwSignal<bool>,
    /// How many fields of the page are modified and not saved.
    pub unsaved: Signal<usize>,
    /// It can be restored from Activity.
    pub restorable: bool,
    pub delete: Callback<OperationId, Deleting>,
    /// It is gone: the page drops its edits and goes where one can be.
    pub gone: Callback<()>,
}

/// The dialog; `what` tells what goes, anew at each opening.
pub fn delete_dialog(deletion: Deletion, what: Callback<(), AnyView>) -> AnyView {
    let Deletion { open, name, .. } = deletion;
    let title = Signal::derive(move || ["Delete ", &name.get(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {question(deletion, what)}
        </Dialog>
    }
    .into_any()
}

fn question(deletion: Deletion, what: Callback<(), AnyView>) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // One name for this deletion, however often it is sent.
    let operation = new_operation();
    let delete = Callback::new(move |()| {
        busy.set(true);
        deletion.deleting.set(true);
        leptos::task::spawn_local(async move {
            let answer = deletion.delete.run(operation).await;
            // The page may be gone by now.
            if deletion.deleting.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(()) => gone(deletion),
                Err(problem) => {
                    deletion.deleting.try_set(false);
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let open = deletion.open;
    let unsaved = deletion.unsaved.get_untracked();
    view! {
        {what.run(())}
        {(unsaved > 0)
            .then(|| view! { <p class="sub">"You have " {count(unsaved as u64, "unsaved field")} ": what was typed there is lost with it."</p> })}
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=delete>
                {deletion.button}
            </Button>
        </div>
    }
    .into_any()
}

fn gone(deletion: Deletion) {
    let restored = if deletion.restorable { " It can be restored from Activity for 30 days." } else { "" };
    let said = [&deletion.name.get_untracked(), " was deleted.", restored].concat();
    deletion.open.set(false);
    deletion.gone.run(());
    // After the title of the new page.
    set_timeout(move || announce(said), Duration::from_millis(700));
}
