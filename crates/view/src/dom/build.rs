//! Nodes made anew, before they stand in the document.

use super::{
    ElementState, LiveState, State,
    attrs::{place_attr, place_prop},
    keyed,
};
use crate::{element::Element, listener::Attached, node::Node};
use leptos::{
    prelude::RenderEffect,
    tachys::{renderer::Rndr, view::Render},
};

impl Node {
    pub(crate) fn build_state(self) -> State {
        match self {
            Self::Empty => State::Empty(Rndr::create_placeholder()),
            Self::Text(text) => State::Text(Rndr::create_text_node(&text), text),
            Self::Inert(html) => State::Inert(Rndr::create_element_from_html(html.clone()), html),
            Self::Element(element) => State::Element(Box::new(element.build())),
            Self::Many(nodes) => State::Many(nodes.into_iter().map(Self::build_state).collect()),
            Self::Live(ask) => State::Live(follow(ask, |node| LiveState { content: node.build_state(), end: Rndr::create_placeholder() })),
            Self::Keyed(ask) => State::Keyed(keyed::follow(ask, None)),
            Self::Scoped(node, owner) => State::Scoped(Box::new(owner.with(|| node.build_state())), owner),
            Self::Given(node) => node.build_state(),
            Self::Foreign(view) => State::Foreign(Box::new(view.build())),
        }
    }
}

/// Asks now and at each change; `first` makes what stands in the document of the first answer.
pub(super) fn follow(mut ask: Box<dyn FnMut() -> Node + Send>, first: impl FnOnce(Node) -> LiveState + 'static) -> RenderEffect<LiveState> {
    let mut first: Option<Box<dyn FnOnce(Node) -> LiveState>> = Some(Box::new(first));
    let next: Box<dyn FnMut(Option<LiveState>) -> LiveState> = Box::new(move |state| {
        let node = ask();
        match (state, first.take()) {
            (Some(mut state), _) => {
                state.update(node);
                state
            }
            (None, Some(first)) => first(node),
            (None, None) => LiveState { content: node.build_state(), end: Rndr::create_placeholder() },
        }
    });
    RenderEffect::new(next)
}

impl Element {
    fn build(self) -> ElementState {
        let element = Rndr::create_element(self.tag, self.svg.then_some("http://www.w3.org/2000/svg"));
        let mut state = self.live_in(element, false);
        for child in &mut state.1 {
            child.mount_in(&state.0.element, None);
        }
        state.0.children = state.1;
        state.0
    }

    /// Attributes, properties and listeners of `element`, and its children made but not mounted.
    fn live_in(self, element: web_sys::Element, written: bool) -> (ElementState, Vec<State>) {
        let (state, children) = self.equip(element, written);
        (state, children.into_iter().map(Node::build_state).collect())
    }

    /// Gives `element` what this one has; its children are still to be made.
    pub(super) fn equip(self, element: web_sys::Element, written: bool) -> (ElementState, Vec<Node>) {
        let Self { tag, attrs, props, listeners, reference, children, .. } = self;
        let attrs = attrs
            .into_iter()
            .map(|(name, value)| {
                let placed = place_attr(&element, &name, value, written);
                (name, placed)
            })
            .collect();
        let props = props.into_iter().map(|(name, value)| (name, place_prop(&element, name, value))).collect();
        let listeners = listeners.into_iter().map(|listener| Attached::new(listener, &element)).collect();
        if let Some(load) = reference {
            load(&element);
        }
        (ElementState { element, tag, attrs, props, listeners, children: Vec::new() }, children)
    }
}
