//! Choosing another default realm: what it does is said before.

use super::{Part, State};
use crate::{
    api,
    ui::{Button, Dialog, ErrorNote, count},
};
use domain::RealmId;
use leptos::prelude::*;

#[component]
pub fn MakeDefault(state: State, asked: RwSignal<Option<(RealmId, String)>>) -> impl IntoView {
    let part = Part::new();
    let close = Callback::new(move |()| {
        asked.set(None);
        part.error.set(None);
    });
    let name = Signal::derive(move || asked.with(|asked| asked.as_ref().map(|(_, name)| name.clone())).unwrap_or_default());
    let title = Signal::derive(move || format!("Make {} the default?", name.get()));
    let go = Callback::new(move |()| {
        if let Some((id, _)) = asked.get_untracked() {
            state.act(part, api::set_default_realm(state.account, id), "The default realm is changed.", move || close.run(()));
        }
    });
    let consequence = move || {
        let (inherit, registered) = state.view.with(|view| (view.inheriting, view.inheriting_registered));
        match (inherit, registered) {
            (0, _) => "No device inherits the default realm now: nothing changes for the phones.".to_owned(),
            (n, 0) => format!("{} the default realm. None of them is registered now.", inherits(n)),
            (n, 1) => format!(
                "{} the default realm. 1 of them is registered now: it drops, and does not come back until the new realm is set in the phone.",
                inherits(n)
            ),
            (n, m) => format!(
                "{} the default realm. {m} of them are registered now: they drop, and do not come back until the new realm is set in the phones.",
                inherits(n)
            ),
        }
    };
    view! {
        <Dialog open=Signal::derive(move || asked.with(Option::is_some)) on_close=close title=title>
            <p>{consequence}</p>
            <ErrorNote error=part.error />
            <div class="acts">
                <Button autofocus=true on_press=close>
                    "Cancel"
                </Button>
                <Button class="danger solid" busy=part.busy on_press=go>
                    "Make default"
                </Button>
            </div>
        </Dialog>
    }
}

fn inherits(n: u64) -> String {
    count(n, "device") + if n == 1 { " inherits" } else { " inherit" }
}
