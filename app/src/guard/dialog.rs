//! The question itself.

use super::registry::{Way, dirty, go, let_go, set_dialog, take_pending};
use crate::ui::{Button, Dialog, count};
use leptos::prelude::*;

/// Asks "Leave without saving?". Stands once.
#[component]
pub fn LeaveDialog() -> impl IntoView {
    let asking = RwSignal::new(false);
    Effect::new(move || set_dialog(asking));
    let stay = Callback::new(move |()| {
        drop(take_pending());
        asking.set(false);
    });
    view! {
        <Dialog open=asking on_close=stay title=Signal::stored("Leave without saving?".to_owned())>
            <Question asking=asking stay=stay />
        </Dialog>
    }
}

fn leave(asking: RwSignal<bool>) {
    let way: Option<Way> = take_pending();
    asking.set(false);
    if let Some(way) = way {
        go(way);
    }
}

#[component]
fn Question(asking: RwSignal<bool>, stay: Callback<()>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let page = dirty();
    let modified = page.map_or(0, |page| page.modified.get_untracked());
    let name = page.map(|page| page.name.get_untracked()).unwrap_or_default();
    let are = if modified == 1 { "is" } else { "are" };
    let kept = page.and_then(|page| page.keeps.run(()));
    let keeps = kept.is_some();
    let lost = match (kept, modified) {
        (Some(words), _) => words,
        (None, 1) => "If you leave now, that change is lost.",
        (None, _) => "If you leave now, those changes are lost.",
    };
    let hidden = page.map(|page| page.hidden.run(())).unwrap_or_default().join(", ");
    let lose = Callback::new(move |()| {
        if let Some(page) = page {
            page.lose.run(());
        }
        leave(asking);
    });
    // What is typed is kept on this computer already: nothing is dropped.
    let keep = Callback::new(move |()| {
        let_go();
        leave(asking);
    });
    let save = page.and_then(|page| page.save).map(|save| {
        Callback::new(move |()| {
            busy.set(true);
            leptos::task::spawn_local(async move {
                let through = save.run(()).await;
                busy.try_set(false);
                if through { leave(asking) } else { stay.run(()) }
            });
        })
    });
    view! {
        <p>
            {count(modified as u64, "field")} " of " <strong>{name}</strong> " " {are} " modified and not saved. " {lost}
        </p>
        {(!hidden.is_empty())
            .then(|| view! { <p class="sub">"What you typed in " {hidden} " is not on the page now: it is dropped by a save."</p> })}
        <div class="acts">
            <Button class="danger" on_press=lose disabled=busy>
                "Leave and lose them"
            </Button>
            {keeps
                .then(|| {
                    view! {
                        <Button on_press=keep disabled=busy>
                            "Keep as a draft"
                        </Button>
                    }
                })}
            <Button autofocus=true on_press=stay>
                "Stay"
            </Button>
            {save
                .map(|save| {
                    view! {
                        <Button class="primary" on_press=save busy=busy>
                            "Save and leave"
                        </Button>
                    }
                })}
        </div>
    }
}
