//! A list whose rows are known by a key: a row stays itself when others come, go or change places.

use super::{KeyedState, Row, State};
use crate::node::{Keyed, Node};
use leptos::{
    prelude::RenderEffect,
    tachys::{hydration::Cursor, renderer::Rndr, view::PositionState},
};
use std::collections::HashMap;
use wasm_bindgen::JsCast;

/// Follows the list; `take_over`: where the server's rows stand.
pub(super) fn follow(mut ask: Keyed, take_over: Option<(Cursor, PositionState)>) -> RenderEffect<KeyedState> {
    let mut take_over = take_over;
    RenderEffect::new(move |before: Option<KeyedState>| {
        let rows = ask();
        if let Some(mut state) = before {
            state.update(rows);
            return state;
        }
        match take_over.take() {
            None => KeyedState { rows: rows.into_iter().map(build).collect(), end: Rndr::create_placeholder() },
            Some((cursor, position)) => {
                let rows = rows.into_iter().map(|(key, make)| Row { key, state: make().hydrate_state(&cursor, &position) }).collect();
                KeyedState { rows, end: cursor.next_placeholder(&position) }
            }
        }
    })
}

fn build((key, make): (u64, Box<dyn FnOnce() -> Node + Send>)) -> Row {
    Row { key, state: make().build_state() }
}

impl KeyedState {
    fn update(&mut self, rows: Vec<(u64, Box<dyn FnOnce() -> Node + Send>)>) {
        let mut old: HashMap<u64, Row> = self.rows.drain(..).map(|row| (row.key, row)).collect();
        self.rows = rows.into_iter().map(|(key, make)| old.remove(&key).unwrap_or_else(|| build((key, make)))).collect();
        for row in old.values_mut() {
            row.state.take_out();
        }
        if let Some(parent) = self.end.parent_node() {
            self.place(parent.unchecked_ref());
        }
    }

    /// From the last row to the first, moving only those that stand elsewhere.
    fn place(&mut self, parent: &web_sys::Element) {
        let mut next: web_sys::Node = self.end.clone().into();
        for row in self.rows.iter_mut().rev() {
            let there = row.state.edge(false).and_then(|last| last.next_sibling()).is_some_and(|after| after == next);
            if !there {
                row.state.mount_in(parent, Some(&next));
            }
            if let Some(first) = row.state.edge(true) {
                next = first;
            }
        }
    }

    pub(super) fn mount_in(&mut self, parent: &web_sys::Element, before: Option<&web_sys::Node>) {
        self.rows.iter_mut().for_each(|row| row.state.mount_in(parent, before));
        let _ = parent.insert_before(&self.end, before);
    }

    pub(super) fn take_out(&mut self) {
        self.rows.iter_mut().for_each(|row| row.state.take_out());
        self.end.remove();
    }
}

impl State {
    /// The first or the last node that stands for it in the document.
    pub(super) fn edge(&self, first: bool) -> Option<web_sys::Node> {
        match self {
            Self::Many(states) => if first { states.first() } else { states.last() }.and_then(|state| state.edge(first)),
            Self::Scoped(state, _) => state.edge(first),
            Self::Live(effect) => {
                effect.with_value_mut(|live| if first { live.content.edge(true) } else { Some(live.end.clone().into()) }).flatten()
            }
            Self::Keyed(effect) => effect
                .with_value_mut(|list| match list.rows.first() {
                    Some(row) if first => row.state.edge(true),
                    _ => Some(list.end.clone().into()),
                })
                .flatten(),
            Self::Foreign(state) => {
                use leptos::tachys::view::Mountable;
                let elements = state.elements();
                if first { elements.first() } else { elements.last() }.map(|element| element.clone().into())
            }
            one => one.node().cloned(),
        }
    }
}
