//! Seats by keyboard: `/` searches, arrows go from row to row, Enter (the link's own) opens.

use super::tools::SEARCH;
use crate::ui::focus;
use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

/// `/` brings the focus into the search box, wherever nothing is being typed.
pub fn slash_searches() {
    Effect::new(|| {
        let listener = window_event_listener(ev::keydown, |ev| {
            if ev.key() == "/" && !ev.ctrl_key() && !ev.meta_key() && !ev.alt_key() && !is_typing(&ev) && !dialog_open() {
                ev.prevent_default();
                focus(SEARCH);
                if let Some(input) = document().get_element_by_id(SEARCH).and_then(|e| e.dyn_into::<HtmlInputElement>().ok()) {
                    input.select();
                }
            }
        });
        on_cleanup(|| listener.remove());
    });
}

fn is_typing(ev: &KeyboardEvent) -> bool {
    ev.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        let types = |element: &HtmlInputElement| element.type_() != "checkbox";
        matches!(element.tag_name().as_str(), "SELECT" | "TEXTAREA") || element.dyn_ref::<HtmlInputElement>().is_some_and(types)
    })
}

fn dialog_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

fn rows() -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all("table.seats tbody a.open") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// What is wanted of the first row, once it is that of what was typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Nothing,
    Focus,
    Open,
}

/// The list and what is typed above it: keys that come before the answer wait for it.
#[derive(Clone, Copy)]
pub struct Arrival {
    wanted: StoredValue<Wanted>,
    /// What is typed is not answered yet.
    pending: StoredValue<bool>,
    /// The list that asks the server is there: others answer at once.
    listed: StoredValue<bool>,
}

impl Arrival {
    pub fn new() -> Self {
        Self { wanted: StoredValue::new(Wanted::Nothing), pending: StoredValue::new(false), listed: StoredValue::new(false) }
    }

    /// Something was typed, or is asked for.
    pub fn pending(self) {
        self.pending.set_value(self.listed.get_value());
    }

    pub fn listed(self, there: bool) {
        self.listed.try_set_value(there);
        if !there {
            self.pending.try_set_value(false);
        }
    }

    /// More was typed, or the focus goes elsewhere: nothing is wanted of rows.
    pub fn forget(self) {
        self.wanted.set_value(Wanted::Nothing);
    }

    /// To the first row; once there is an answer.
    pub fn focus(self) {
        if self.pending.get_value() {
            self.wanted.set_value(Wanted::Focus);
        } else {
            first_row();
        }
    }

    /// Opens the first row where it was asked for, and it is on its way. False: nothing was.
    pub fn open(self) -> bool {
        let wanted = self.wanted.get_value() != Wanted::Nothing;
        if wanted {
            self.wanted.set_value(Wanted::Open);
        }
        wanted
    }

    /// The rows of what was typed are about to stand there.
    pub fn arrived(self) {
        self.pending.try_set_value(false);
        let wanted = self.wanted.try_update_value(std::mem::take).unwrap_or_default();
        if wanted == Wanted::Nothing {
            return;
        }
        let go = move || match (wanted, rows().first()) {
            (Wanted::Open, Some(row)) => row.click(),
            (_, Some(row)) => drop(row.focus()),
            (_, None) => {}
        };
        set_timeout(go, Duration::ZERO);
    }
}

/// Focus on the first row.
fn first_row() {
    if let Some(row) = rows().first() {
        let _ = row.focus();
    }
}

/// Gives the focus to the first row, or to the search box, where the row that has it goes.
pub fn keep_focus() {
    let inside = |element: &Element| matches!(element.closest("table.seats tbody"), Ok(Some(_)));
    if document().active_element().is_some_and(|element| inside(&element)) {
        let look = move || {
            if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                if rows().is_empty() { focus(SEARCH) } else { first_row() }
            }
        };
        set_timeout(look, Duration::ZERO);
    }
}

/// In the table: up, down, to the first and the last row, from whatever of a row has the focus. Up from the first is the search box.
pub fn arrows(ev: &KeyboardEvent) {
    let rows = rows();
    let row = |element: &Element| element.closest("tr").ok().flatten();
    let active = document().active_element().and_then(|active| row(&active));
    let at = active.and_then(|active| rows.iter().position(|link| row(link).is_some_and(|row| row.is_same_node(Some(&active)))));
    let Some(at) = at else { return };
    let to = match ev.key().as_str() {
        "ArrowDown" => at + 1,
        "ArrowUp" if at == 0 => {
            ev.prevent_default();
            return focus(SEARCH);
        }
        "ArrowUp" => at - 1,
        "Home" => 0,
        "End" => rows.len() - 1,
        _ => return,
    };
    ev.prevent_default();
    if let Some(row) = rows.get(to) {
        let _ = row.focus();
    }
}
