//! The question what of both is kept, where somebody else saved what is modified here. What is asked is in a part of its own.

use super::{FormHandle, choice::by_whom};
use crate::{parts, routes::Place, ui::Dialog};
use leptos::prelude::*;

/// Whose conflict it is.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub form: FormHandle,
    /// Something changed while the question was open: it is asked anew.
    pub again: StoredValue<bool>,
}

/// Opens with the choices of the form; nothing is decided until "Save merged".
#[component]
pub fn ConflictDialog(form: FormHandle) -> impl IntoView {
    provide_context(Asked { form, again: StoredValue::new(false) });
    let open = form.parts().conflict;
    let title = Signal::derive(move || {
        open.track();
        let by = form.copy.with_value(|copy| by_whom(copy.draft()));
        [&by, " saved this ", form.parts().thing, " while you were editing"].concat()
    });
    view! {
        <Dialog open=open on_close=Callback::new(move |()| open.set(false)) title=title wide=true>
            {parts::page(Place::Conflict)}
        </Dialog>
    }
}
