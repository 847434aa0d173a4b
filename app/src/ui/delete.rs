//! The question before something is deleted: what goes, what is lost with it, the safe choice first.

use super::{Button, Dialog, ErrorNote, announce, count, ids::new_operation};
use crate::api::ApiError;
use domain::OperationId;
use leptos::prelude::*;
use std::time::Duration;

/// A page whose thing can be deleted: handles, as its parts share them. Each page compiles the question for itself: the editor's is in the
/// main file, and nothing of it is looked up.
pub trait Deletable: Copy + Send + Sync + 'static {
    /// The words of the button that does it.
    const BUTTON: &'static str;

    /// What is said once it is gone, behind "NAME was deleted.".
    const AFTER: &'static str = " It can be restored from Activity for 30 days.";

    /// The saved name of what goes; tracked.
    fn name(self) -> String;

    /// True from the press on: the page says nothing of its own end.
    fn deleting(self) -> RwSignal<bool>;

    /// How many fields of the page are modified and not saved.
    fn unsaved(self) -> usize;

    /// What goes with it, in words; asked at each opening.
    fn what(self) -> AnyView;

    /// `operation`: one name for this deletion, however often it is sent.
    async fn delete(self, operation: OperationId) -> Result<(), ApiError>;

    /// It is gone: the page drops its edits and goes where one can be.
    fn gone(self);
}

/// The dialog.
pub fn delete_dialog<D: Deletable>(it: D, open: RwSignal<bool>) -> AnyView {
    let title = Signal::derive(move || ["Delete ", &it.name(), "?"].concat());
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title>
            {question(it, open)}
        </Dialog>
    }
    .into_any()
}

fn question<D: Deletable>(it: D, open: RwSignal<bool>) -> AnyView {
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let operation = new_operation();
    let delete = Callback::new(move |()| {
        busy.set(true);
        it.deleting().set(true);
        leptos::task::spawn_local(async move {
            let deleting = it.deleting();
            let answer = it.delete(operation).await;
            // The page may be gone by now.
            if deleting.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(()) => {
                    let said = it.name() + " was deleted." + D::AFTER;
                    open.set(false);
                    it.gone();
                    // After the title of the new page.
                    set_timeout(move || announce(said), Duration::from_millis(700));
                }
                Err(problem) => {
                    deleting.try_set(false);
                    busy.try_set(false);
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    let unsaved = it.unsaved();
    view! {
        {it.what()}
        {(unsaved > 0)
            .then(|| view! { <p class="sub">"You have " {count(unsaved as u64, "unsaved field")} ": what was typed there is lost with it."</p> })}
        <ErrorNote error=error />
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| open.set(false))>
                "Cancel"
            </Button>
            <Button class="danger solid" busy=busy on_press=delete>
                {D::BUTTON}
            </Button>
        </div>
    }
    .into_any()
}
