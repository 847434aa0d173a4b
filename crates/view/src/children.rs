//! What stands between the tags of a component.

use crate::node::{IntoNode, Node};
use leptos::children::{self as theirs, TypedChildren, TypedChildrenFn, TypedChildrenMut};
use std::sync::Arc;

/// Made once.
pub type Children = Box<dyn FnOnce() -> Node + Send>;

/// Made as often as it is asked for.
pub type ChildrenFn = Arc<dyn Fn() -> Node + Send + Sync>;

/// A view that can be made again and again, as a property of a component.
#[derive(Clone)]
pub struct ViewFn(ChildrenFn);

impl ViewFn {
    pub fn run(&self) -> Node {
        (self.0)()
    }
}

impl Default for ViewFn {
    fn default() -> Self {
        Self(Arc::new(|| Node::Empty))
    }
}

impl<F, T> From<F> for ViewFn
where
    F: Fn() -> T + Send + Sync + 'static,
    T: IntoNode,
{
    fn from(view: F) -> Self {
        Self(Arc::new(move || view().into_node()))
    }
}

/// What `view!` calls with the children of a component.
pub trait ToChildren<F> {
    fn to_children(make: F) -> Self;
}

/// Children that are there already, and not a closure that makes them.
pub struct ChildrenOptContainer<T>(pub T);

impl<F, T> ToChildren<F> for Children
where
    F: FnOnce() -> T + Send + 'static,
    T: IntoNode,
{
    fn to_children(make: F) -> Self {
        Box::new(move || make().into_node())
    }
}

impl<T: IntoNode + Send + 'static> ToChildren<ChildrenOptContainer<T>> for Children {
    fn to_children(made: ChildrenOptContainer<T>) -> Self {
        Box::new(move || made.0.into_node())
    }
}

impl<F, T> ToChildren<F> for ChildrenFn
where
    F: Fn() -> T + Send + Sync + 'static,
    T: IntoNode,
{
    fn to_children(make: F) -> Self {
        Arc::new(move || make().into_node())
    }
}

impl<F, T> ToChildren<F> for TypedChildren<Node>
where
    F: FnOnce() -> T + Send + 'static,
    T: IntoNode,
{
    fn to_children(make: F) -> Self {
        let make: Children = Box::new(move || make().into_node());
        theirs::ToChildren::to_children(make)
    }
}

impl<F, T> ToChildren<F> for TypedChildrenMut<Node>
where
    F: FnMut() -> T + Send + 'static,
    T: IntoNode,
{
    fn to_children(mut make: F) -> Self {
        let make: Box<dyn FnMut() -> Node + Send> = Box::new(move || make().into_node());
        theirs::ToChildren::to_children(make)
    }
}

impl<F, T> ToChildren<F> for TypedChildrenFn<Node>
where
    F: Fn() -> T + Send + Sync + 'static,
    T: IntoNode,
{
    fn to_children(make: F) -> Self {
        let make: ChildrenFn = Arc::new(move || make().into_node());
        theirs::ToChildren::to_children(move || make())
    }
}
