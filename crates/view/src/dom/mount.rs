//! Nodes put into the document and taken out of it.

use super::{KeyedState, LiveState, State};
use leptos::tachys::view::Mountable;

/// Nothing can be done about a document that refuses a node.
fn insert(parent: &web_sys::Element, node: &web_sys::Node, before: Option<&web_sys::Node>) {
    let _ = parent.insert_before(node, before);
}

fn remove(node: &web_sys::Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

fn put_before(node: &web_sys::Node, child: &mut dyn Mountable) -> bool {
    let Some(parent) = node.parent_element() else { return false };
    child.mount(&parent, Some(node));
    true
}

impl LiveState {
    pub(super) fn mount_in(&mut self, parent: &web_sys::Element, before: Option<&web_sys::Node>) {
        self.content.mount_in(parent, before);
        insert(parent, &self.end, before);
    }

    pub(super) fn take_out(&mut self) {
        self.content.take_out();
        remove(&self.end);
    }

    pub(super) fn end(&self) -> &web_sys::Comment {
        &self.end
    }
}

impl State {
    /// The node that stands for the whole of it, where there is one.
    pub(super) fn node(&self) -> Option<&web_sys::Node> {
        match self {
            Self::Empty(comment) => Some(comment),
            Self::Text(text, _) => Some(text),
            Self::Inert(element, _) => Some(element),
            Self::Element(state) => Some(&state.element),
            Self::Many(_) | Self::Live(_) | Self::Keyed(_) | Self::Scoped(..) | Self::Foreign(_) => None,
        }
    }

    pub(crate) fn mount_in(&mut self, parent: &web_sys::Element, before: Option<&web_sys::Node>) {
        match self {
            Self::Many(states) => states.iter_mut().for_each(|state| state.mount_in(parent, before)),
            Self::Live(effect) => effect.with_value_mut(|live| live.mount_in(parent, before)).unwrap_or_default(),
            Self::Keyed(effect) => effect.with_value_mut(|list| list.mount_in(parent, before)).unwrap_or_default(),
            Self::Scoped(state, _) => state.mount_in(parent, before),
            Self::Foreign(state) => state.mount(parent, before),
            one => {
                if let Some(node) = one.node() {
                    insert(parent, node, before);
                }
            }
        }
    }

    pub(crate) fn take_out(&mut self) {
        match self {
            Self::Many(states) => states.iter_mut().for_each(Self::take_out),
            Self::Live(effect) => effect.with_value_mut(LiveState::take_out).unwrap_or_default(),
            Self::Keyed(effect) => effect.with_value_mut(KeyedState::take_out).unwrap_or_default(),
            Self::Scoped(state, _) => state.take_out(),
            Self::Foreign(state) => state.unmount(),
            one => {
                if let Some(node) = one.node() {
                    remove(node);
                }
            }
        }
    }

    pub(crate) fn insert_before(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::Many(states) => states.iter().any(|state| state.insert_before(child)),
            Self::Scoped(state, _) => state.insert_before(child),
            Self::Live(effect) => {
                effect.with_value_mut(|live| live.content.insert_before(child) || put_before(&live.end, child)).unwrap_or_default()
            }
            Self::Keyed(effect) => {
                let before_rows = |list: &KeyedState, child: &mut dyn Mountable| list.rows.iter().any(|row| row.state.insert_before(child));
                effect.with_value_mut(|list| before_rows(list, child) || put_before(&list.end, child)).unwrap_or_default()
            }
            Self::Foreign(state) => state.insert_before_this(child),
            one => one.node().is_some_and(|node| put_before(node, child)),
        }
    }

    pub(crate) fn all_elements(&self) -> Vec<web_sys::Element> {
        match self {
            Self::Inert(element, _) => vec![element.clone()],
            Self::Element(state) => vec![state.element.clone()],
            Self::Many(states) => states.iter().flat_map(Self::all_elements).collect(),
            Self::Live(effect) => effect.with_value_mut(|live| live.content.all_elements()).unwrap_or_default(),
            Self::Keyed(effect) => {
                effect.with_value_mut(|list| list.rows.iter().flat_map(|row| row.state.all_elements()).collect()).unwrap_or_default()
            }
            Self::Scoped(state, _) => state.all_elements(),
            Self::Foreign(state) => state.elements(),
            Self::Empty(_) | Self::Text(..) => Vec::new(),
        }
    }
}
