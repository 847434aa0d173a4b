//! The SIP password: masked, fetched and shown in clear only while its field has the focus. What stands in the DOM when the page comes
//! alive is never taken: password managers fill it.

use super::row::{control_id, described, invalid};
use super::{FormHandle, Look};
use crate::{
    api::ApiError,
    offline::with_standing,
    ui::{Button, announce, copy, offline, random},
};
use domain::rules::secret::{Strength, mangled, new_password, strength};
use domain::{Field, Secret, Value};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use std::pin::Pin;

const FIELD: Field = Field::Password;

/// Puts the focus on the button beside the field.
pub(super) fn focus_beside() {
    let button = document().query_selector("[data-field=password] .withbtn .btn");
    if let Some(button) = button.ok().flatten() {
        // A button takes it.
        let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// The stored password, on its way.
pub type Looking = Pin<Box<dyn Future<Output = Result<Secret, ApiError>>>>;

/// Fetches the stored password; each look is written to Activity.
pub type Looker = Callback<(), Looking>;

#[derive(Clone, Copy)]
struct State {
    form: FormHandle,
    looker: Looker,
    node: NodeRef<html::Input>,
    /// The stored password while the field has the focus.
    looked: StoredValue<Option<Secret>>,
    focused: RwSignal<bool>,
    said: RwSignal<Option<String>>,
}

impl State {
    fn typed(self) -> Option<Secret> {
        match self.form.value_untracked(FIELD) {
            Value::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    fn show(self, text: &str) {
        if let Some(input) = self.node.get_untracked().filter(|input| input.value() != text) {
            input.set_value(text);
        }
    }

    fn focus(self) {
        self.focused.set(true);
        if self.typed().is_some() || self.form.value_untracked(FIELD) != Value::Hidden || crate::offline::is_unreached() {
            return;
        }
        leptos::task::spawn_local(async move {
            match self.looker.run(()).await {
                Ok(secret) if self.focused.try_get_untracked() == Some(true) => {
                    let untouched = self.node.get_untracked().filter(|input| self.typed().is_none() && input.value().is_empty());
                    if let Some(input) = untouched {
                        input.set_value(secret.expose());
                        // As in a field that is reached by the keyboard: what is typed takes its place.
                        input.select();
                    }
                    self.looked.set_value(Some(secret));
                }
                Ok(_) => {}
                Err(error) => {
                    self.said.try_set(Some(["Can't show it. ", &error.to_string()].concat()));
                }
            }
        });
    }

    fn blur(self) {
        // A field that leaves the page loses the focus last of all, when nothing of it stands any more.
        if self.focused.try_set(false).is_some() {
            return;
        }
        self.looked.set_value(None);
        if self.typed().is_none() {
            self.show("");
        }
    }

    fn input(self, text: String) {
        self.said.set(None);
        let stored = self.looked.with_value(|looked| looked.as_ref().map(|looked| looked.expose() == text));
        // Put back, or emptied before the stored one came: the stored one stays.
        if stored == Some(true) || (stored.is_none() && text.is_empty() && self.form.saved_value(FIELD) == Value::Hidden) {
            self.form.undo(FIELD);
        } else {
            self.form.set(FIELD, Value::secret(text));
        }
    }

    fn generate(self) {
        self.form.set(FIELD, Value::secret(new_password(&mut random)));
        announce("New password. It counts from the next SAVE on.");
        crate::ui::focus(&control_id(FIELD));
    }

    fn copy(self) {
        leptos::task::spawn_local(async move {
            let secret = match self.typed() {
                Some(secret) => Ok(secret),
                None => self.looker.run(()).await,
            };
            let word = match secret {
                Ok(secret) if copy(secret.expose().to_owned()).await => "Password copied.".to_owned(),
                Ok(_) => "The browser does not let this page copy.".to_owned(),
                Err(error) => ["Can't copy it. ", &error.to_string()].concat(),
            };
            announce(word.clone());
            self.said.try_set(Some(word));
        });
    }
}

/// The field. For viewers it says that there is one, and no more.
#[component]
pub fn PasswordInput(form: FormHandle, look: Memo<Look>, looker: Looker) -> impl IntoView {
    let state = State {
        form,
        looker,
        node: NodeRef::new(),
        looked: StoredValue::new(None),
        focused: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    if form.read_only {
        return view! { <input id=control_id(FIELD) readonly=true value="" placeholder="hidden" autocomplete="off" aria-describedby=described(look, FIELD) /> }
            .into_any();
    }
    let away = offline();
    let no_look = Signal::derive(move || away.get() && form.value(FIELD) == Value::Hidden);
    Effect::new(move |alive: Option<()>| {
        let value = form.value(FIELD);
        let Some(_) = state.node.get() else { return };
        match value {
            Value::Secret(secret) => state.show(secret.expose()),
            _ if alive.is_none() || !state.focused.get_untracked() => state.show(""),
            // Undone while the field has the focus: the stored one again.
            _ => state.show(state.looked.get_value().as_ref().map_or("", Secret::expose)),
        }
    });
    view! {
        <div class="withbtn">
            <input
                node_ref=state.node
                id=control_id(FIELD)
                class="mono"
                type=move || if state.focused.get() { "text" } else { "password" }
                placeholder=move || if form.value(FIELD) == Value::Hidden && !state.focused.get() { "••••••••••••" } else { "" }
                autocomplete="new-password"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described(look, FIELD)
                aria-invalid=invalid(look)
                on:focus=move |_| state.focus()
                on:blur=move |_| state.blur()
                on:input=move |ev| state.input(event_target_value(&ev))
            />
            <Button disabled=no_look on_press=Callback::new(move |()| state.copy())>"Copy" <span class="visually-hidden">" password"</span></Button>
            <Button on_press=Callback::new(move |()| state.generate())>"Generate" <span class="visually-hidden">" password"</span></Button>
        </div>
        {move || state.said.get().map(|said| view! { <p class="said small sub">{said}</p> })}
    }
    .into_any()
}

/// How strong a typed one is, what phones mangle in it, and where it is not kept.
pub fn password_hint(form: FormHandle) -> AnyView {
    if form.read_only {
        return "Your role does not see passwords.".into_any();
    }
    // The browser encrypts on https and localhost only.
    let safe = RwSignal::new(true);
    Effect::new(move || safe.set(window().is_secure_context()));
    (move || match form.value(FIELD) {
        Value::Secret(secret) => {
            let kept = if safe.get() {
                " Until it is saved it is kept on this computer, encrypted."
            } else {
                " Over plain http it is not kept: it does not survive a reload of this page until it is saved."
            };
            let (words, step) = match strength(secret.expose()) {
                Strength::Weak => ("Weak: easily guessed.", "1"),
                Strength::Fair => ("Fair.", "2"),
                Strength::Strong => ("Strong.", "3"),
            };
            let mangled: String = mangled(secret.expose()).into_iter().flat_map(|c| [c, ' ']).collect();
            view! {
                <span class="meter" data-step=step>
                    <i aria-hidden="true"></i>
                    {words}
                </span>
                {(!mangled.is_empty()).then(|| view! { <span class="warn">" Some phones mangle " <code>{mangled.trim().to_owned()}</code> "."</span> })}
                " "
                <span>{kept}</span>
            }
            .into_any()
        }
        Value::Hidden if with_standing(|standing| standing.unreached) => "The stored one is shown with a connection only.".into_any(),
        Value::Hidden => "Shown when you select the field. Each look is written to Activity.".into_any(),
        _ => "There is none yet.".into_any(),
    })
    .into_any()
}
