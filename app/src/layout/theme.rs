//! Light, dark, or as the system has it: kept in this browser, applied before the first paint by `early.js`, which stands in the page itself.

use leptos::prelude::*;

const KEY: &str = "seatline.theme";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn shown_as(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// What this browser keeps. In the browser only.
    fn kept() -> Self {
        let word = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL.into_iter().find(|theme| Some(theme.word()) == word.as_deref()).unwrap_or_default()
    }

    /// Shows it at once, and keeps it. Where storage is blocked it holds for this page only.
    fn choose(self) {
        let Some(root) = document().document_element() else { return };
        let storage = window().local_storage().ok().flatten();
        if self == Self::System {
            let _ = root.remove_attribute("data-theme");
            let _ = storage.map(|storage| storage.remove_item(KEY));
        } else {
            let _ = root.set_attribute("data-theme", self.word());
            let _ = storage.map(|storage| storage.set_item(KEY, self.word()));
        }
    }
}

/// The choice of the theme.
#[component]
pub fn ThemeChoice(id: &'static str) -> impl IntoView {
    let chosen = RwSignal::new(Theme::System);
    Effect::new(move || chosen.set(Theme::kept()));
    view! {
        <select
            id=id
            autocomplete="off"
            prop:value=move || chosen.get().word()
            on:change=move |ev| {
                let word = event_target_value(&ev);
                let theme = Theme::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default();
                theme.choose();
                chosen.set(theme);
            }
        >
            {Theme::ALL
                .map(|theme| view! { <option value=theme.word()>{theme.shown_as()}</option> })
                .collect_view()}
        </select>
    }
}
