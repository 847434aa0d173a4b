//! Nodes that the server wrote, taken over where they stand.

use super::{LiveState, State, build::follow, keyed};
use crate::{element::is_void, node::Node};
use leptos::tachys::{
    hydration::Cursor,
    view::{Position, PositionState, RenderHtml},
};
use wasm_bindgen::JsCast;

impl Node {
    pub(crate) fn hydrate_state(self, cursor: &Cursor, position: &PositionState) -> State {
        match self {
            Self::Empty => State::Empty(cursor.next_placeholder(position)),
            Self::Text(text) => {
                let after_text = position.get() == Position::NextChildAfterText;
                step(cursor, position);
                if after_text {
                    cursor.sibling();
                }
                position.set(Position::NextChildAfterText);
                State::Text(here(cursor), text)
            }
            Self::Inert(html) => {
                step(cursor, position);
                position.set(Position::NextChild);
                State::Inert(here(cursor), html)
            }
            Self::Element(element) => {
                step(cursor, position);
                let (tag, current) = (element.tag, here::<web_sys::Element>(cursor));
                let (mut state, children) = element.equip(current, true);
                // Where scripts run, the content of `noscript` is a text.
                if !is_void(tag) && tag != "noscript" {
                    position.set(Position::FirstChild);
                    state.children = children.into_iter().map(|child| child.hydrate_state(cursor, position)).collect();
                    cursor.set(state.element.clone().into());
                }
                position.set(Position::NextChild);
                State::Element(Box::new(state))
            }
            Self::Many(nodes) => State::Many(nodes.into_iter().map(|node| node.hydrate_state(cursor, position)).collect()),
            Self::Live(ask) => {
                let (cursor, position) = (cursor.clone(), position.clone());
                State::Live(follow(ask, move |node| {
                    let content = node.hydrate_state(&cursor, &position);
                    LiveState { content, end: cursor.next_placeholder(&position) }
                }))
            }
            Self::Keyed(ask) => State::Keyed(keyed::follow(ask, Some((cursor.clone(), position.clone())))),
            Self::Scoped(node, owner) => State::Scoped(Box::new(owner.with(|| node.hydrate_state(cursor, position))), owner),
            Self::Given(node) => node.hydrate_state(cursor, position),
            Self::Foreign(view) => State::Foreign(Box::new(view.hydrate::<true>(cursor, position))),
        }
    }
}

fn step(cursor: &Cursor, position: &PositionState) {
    if position.get() == Position::FirstChild {
        cursor.child();
    } else {
        cursor.sibling();
    }
}

/// The node under the cursor, which is of this type when server and browser made the same page.
fn here<T: JsCast>(cursor: &Cursor) -> T {
    cursor.current().dyn_into().unwrap_or_else(|found| unlike(&found))
}

#[expect(clippy::panic, reason = "the page of the server is of another build: nothing can live in it")]
fn unlike(found: &web_sys::Node) -> ! {
    panic!("the server's page is another than the browser's, at {}", found.node_name())
}
