//! Nodes in a document.

mod attrs;
mod build;
mod hydrate;
mod keyed;
mod mount;
mod patch;

use crate::listener::Attached;
use attrs::Placed;
use leptos::{
    prelude::{Owner, RenderEffect},
    tachys::view::any_view::AnyViewState,
};
use std::borrow::Cow;

/// What stands in the document for a [`crate::Node`]: always at least one node of it.
pub enum State {
    Empty(web_sys::Comment),
    Text(web_sys::Text, Cow<'static, str>),
    Inert(web_sys::Element, Cow<'static, str>),
    Element(Box<ElementState>),
    Many(Vec<State>),
    Live(RenderEffect<LiveState>),
    Keyed(RenderEffect<KeyedState>),
    Scoped(Box<State>, Owner),
    Foreign(Box<AnyViewState>),
}

/// An element with what keeps it up to date.
pub struct ElementState {
    element: web_sys::Element,
    tag: &'static str,
    attrs: Vec<(Cow<'static, str>, Placed)>,
    props: Vec<(&'static str, Placed)>,
    listeners: Vec<Attached>,
    children: Vec<State>,
}

/// What follows signals, up to the comment that marks its end.
pub struct LiveState {
    content: State,
    end: web_sys::Comment,
}

/// A list, up to the comment that marks its end.
pub struct KeyedState {
    rows: Vec<Row>,
    end: web_sys::Comment,
}

struct Row {
    key: u64,
    state: State,
}
