//! Seats by keyboard: `/` searches, arrows go from row to row, Enter (the link's own) opens.

use super::tools::SEARCH;
use crate::ui::focus;
use leptos::{ev, prelude::*};
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
    ev.target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

fn dialog_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

fn rows() -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all("table.seats tbody a.open") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// Focus on the first row.
pub fn first_row() {
    if let Some(row) = rows().first() {
        let _ = row.focus();
    }
}

/// In the table: up, down, to the first and the last row. Up from the first is the search box.
pub fn arrows(ev: &KeyboardEvent) {
    let rows = rows();
    let at = document().active_element().and_then(|active| rows.iter().position(|row| row.is_same_node(Some(&active))));
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
