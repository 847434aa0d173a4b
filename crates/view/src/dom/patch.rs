//! A new answer in the place of the one before: elements of the same shape stay (with their focus, their selection, their scrolling),
//! whatever differs is made anew.

use super::{ElementState, LiveState, State};
use crate::{element::Element, node::Node};
use leptos::tachys::view::Render;
use wasm_bindgen::JsCast;

impl LiveState {
    pub(super) fn update(&mut self, node: Node) {
        if node.fits(&self.content) {
            node.patch(&mut self.content);
            return;
        }
        let mut new = node.build_state();
        // Without a parent it stands nowhere now, and is mounted as it is then.
        if let Some(parent) = self.end().parent_node() {
            self.content.take_out();
            new.mount_in(parent.unchecked_ref(), Some(self.end()));
        }
        self.content = new;
    }
}

impl Node {
    /// Whether [`Node::patch`] can put it into the place of `state`.
    pub(crate) fn fits(&self, state: &State) -> bool {
        match (self, state) {
            (Self::Empty, State::Empty(_))
            | (Self::Text(_), State::Text(..))
            | (Self::Live(_), State::Live(_))
            | (Self::Foreign(_), State::Foreign(_)) => true,
            (Self::Inert(new), State::Inert(_, old)) => new == old,
            (Self::Element(new), State::Element(old)) => new.fits(old),
            (Self::Many(new), State::Many(old)) => all_fit(new, old),
            _ => false,
        }
    }

    pub(crate) fn patch(self, state: &mut State) {
        match (self, state) {
            (Self::Text(new), State::Text(node, old)) if new != *old => {
                node.set_data(&new);
                *old = new;
            }
            (Self::Element(new), State::Element(old)) => new.patch(old),
            (Self::Many(new), State::Many(old)) => new.into_iter().zip(old).for_each(|(new, old)| new.patch(old)),
            (Self::Live(ask), State::Live(old)) => {
                let mut new = Self::Live(ask).build_state();
                old.with_value_mut(|live| {
                    if let Some(parent) = live.end().parent_node() {
                        new.mount_in(parent.unchecked_ref(), Some(live.end()));
                    }
                    live.take_out();
                });
                if let State::Live(new) = new {
                    *old = new;
                }
            }
            (Self::Foreign(view), State::Foreign(old)) => view.rebuild(old),
            // The same as before.
            _ => {}
        }
    }
}

fn all_fit(new: &[Node], old: &[State]) -> bool {
    new.len() == old.len() && new.iter().zip(old).all(|(new, old)| new.fits(old))
}

impl Element {
    fn fits(&self, old: &ElementState) -> bool {
        self.tag == old.tag
            && self.attrs.len() == old.attrs.len()
            && self.attrs.iter().zip(&old.attrs).all(|((new, _), (old, _))| new == old)
            && self.listeners.len() == old.listeners.len()
            && self.listeners.iter().zip(&old.listeners).all(|(new, old)| new.name == old.name)
            // Properties are what the reader of the page may have changed.
            && self.props.is_empty()
            && old.props.is_empty()
    }

    fn patch(self, old: &mut ElementState) {
        let Self { attrs, listeners, reference, children, .. } = self;
        for ((name, value), (_, placed)) in attrs.into_iter().zip(&mut old.attrs) {
            placed.replace_attr(&old.element, &name, value);
        }
        for (listener, attached) in listeners.into_iter().zip(&mut old.listeners) {
            attached.replace(listener);
        }
        if let Some(load) = reference {
            load(&old.element);
        }
        if all_fit(&children, &old.children) {
            children.into_iter().zip(&mut old.children).for_each(|(new, old)| new.patch(old));
        } else {
            old.children.iter_mut().for_each(State::take_out);
            old.children = children.into_iter().map(Node::build_state).collect();
            for child in &mut old.children {
                child.mount_in(&old.element, None);
            }
        }
    }
}
