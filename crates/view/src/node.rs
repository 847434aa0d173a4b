//! A view as a value.

use crate::{children::ViewFn, element::Element};
use leptos::{
    prelude::{Get, IntoView, Memo, Owner, RwSignal, Signal, Suspend},
    tachys::view::any_view::{AnyView, IntoAny as Erase},
};
use std::{any::Any, borrow::Cow};

/// Asks for the rows of a list: the key of each, and what makes it.
pub type Keyed = Box<dyn FnMut() -> Vec<(u64, Box<dyn FnOnce() -> Node + Send>)> + Send>;

/// What stands in a page: made on the server and in the browser alike.
pub enum Node {
    /// Nothing; a comment holds its place.
    Empty,
    Text(Cow<'static, str>),
    /// Markup without anything that lives in it.
    Inert(Cow<'static, str>),
    Element(Box<Element>),
    /// One after the other. Not empty: that would be [`Node::Empty`].
    Many(Vec<Node>),
    /// It follows signals. A comment marks its end.
    Live(Box<dyn FnMut() -> Node + Send>),
    /// What a [`Node::Live`] gave, on the server.
    Given(Box<Node>),
    /// Rows by their keys. A comment marks the end.
    Keyed(Keyed),
    /// What lives under an owner of its own.
    Scoped(Box<Node>, Owner),
    /// A view of Leptos' own.
    Foreign(Box<AnyView>),
}

impl Node {
    pub(crate) fn many(mut nodes: Vec<Self>) -> Self {
        match nodes.len() {
            0 => Self::Empty,
            1 => nodes.remove(0),
            _ => Self::Many(nodes),
        }
    }

    #[inline(never)]
    pub(crate) fn live(ask: Box<dyn FnMut() -> Self + Send>) -> Self {
        Self::Live(ask)
    }
}

impl Node {
    /// Where the macro was: for Leptos' hot reloading, which is not used.
    #[doc(hidden)]
    #[must_use]
    pub fn with_view_marker(self, _marker: &'static str) -> Self {
        self
    }
}

/// What can stand in a view.
pub trait IntoNode {
    fn into_node(self) -> Node;
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoNode for () {
    fn into_node(self) -> Node {
        Node::Empty
    }
}

impl IntoNode for Element {
    #[inline(never)]
    fn into_node(self) -> Node {
        Node::Element(Box::new(self.finished()))
    }
}

impl IntoNode for AnyView {
    #[inline(never)]
    fn into_node(self) -> Node {
        Node::Foreign(Box::new(self))
    }
}

impl<T: IntoView + 'static> IntoNode for Suspend<T> {
    fn into_node(self) -> Node {
        Erase::into_any(self).into_node()
    }
}

impl IntoNode for ViewFn {
    fn into_node(self) -> Node {
        self.run().into_node()
    }
}

impl IntoNode for &'static str {
    fn into_node(self) -> Node {
        Node::Text(Cow::Borrowed(self))
    }
}

impl IntoNode for String {
    fn into_node(self) -> Node {
        Node::Text(Cow::Owned(self))
    }
}

impl IntoNode for Cow<'static, str> {
    fn into_node(self) -> Node {
        Node::Text(self)
    }
}

impl IntoNode for char {
    fn into_node(self) -> Node {
        self.to_string().into_node()
    }
}

impl<T: IntoNode> IntoNode for Option<T> {
    fn into_node(self) -> Node {
        self.map_or(Node::Empty, T::into_node)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Node {
        Node::many(self.into_iter().map(T::into_node).collect())
    }
}

impl<T: IntoNode, const N: usize> IntoNode for [T; N] {
    fn into_node(self) -> Node {
        Node::many(self.into_iter().map(T::into_node).collect())
    }
}

impl<F, T> IntoNode for F
where
    F: FnMut() -> T + Send + 'static,
    T: IntoNode,
{
    fn into_node(mut self) -> Node {
        Node::live(Box::new(move || self().into_node()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(
            impl IntoNode for $number {
                fn into_node(self) -> Node {
                    self.to_string().into_node()
                }
            }
        )*
    };
}
numbers!(i32 i64 u8 u16 u32 u64 usize);

macro_rules! signals {
    ($($signal:ident)*) => {
        $(
            impl<T: IntoNode + Clone + Send + Sync + 'static> IntoNode for $signal<T> {
                fn into_node(self) -> Node {
                    (move || self.get()).into_node()
                }
            }
        )*
    };
}
signals!(Signal RwSignal Memo);

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: IntoNode),*> IntoNode for ($($name,)*) {
            #[allow(non_snake_case, reason = "one name for type and value")]
            fn into_node(self) -> Node {
                let ($($name,)*) = self;
                Node::Many(vec![$($name.into_node()),*])
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
tuples!(A B C D E F G H I J K L M);
tuples!(A B C D E F G H I J K L M N);
tuples!(A B C D E F G H I J K L M N O);
tuples!(A B C D E F G H I J K L M N O P);

/// What `view!` makes of the whole of its content.
pub struct View;

impl View {
    #[expect(clippy::new_ret_no_self, reason = "the name that `view!` calls")]
    pub fn new(content: impl IntoNode) -> Node {
        content.into_node()
    }
}

/// What `view!` makes of `{…}`.
pub trait IntoRender {
    fn into_render(self) -> Node;
}

impl<T: IntoNode> IntoRender for T {
    fn into_render(self) -> Node {
        self.into_node()
    }
}

/// Makes the branches of a page alike.
pub trait IntoAny {
    fn into_any(self) -> Node;
}

impl<T: IntoNode> IntoAny for T {
    fn into_any(self) -> Node {
        self.into_node()
    }
}

/// A list of views.
pub trait CollectView {
    fn collect_view(self) -> Node;
}

impl<I: IntoIterator> CollectView for I
where
    I::Item: IntoNode,
{
    fn collect_view(self) -> Node {
        Node::many(self.into_iter().map(IntoNode::into_node).collect())
    }
}

/// Markup that `view!` found to be constant.
pub struct InertElement;

impl InertElement {
    #[expect(clippy::new_ret_no_self, reason = "the name that `view!` calls")]
    pub fn new(html: impl Into<Cow<'static, str>>) -> Node {
        Node::Inert(html.into())
    }
}

/// `<!DOCTYPE …>`.
pub fn doctype(kind: &'static str) -> Node {
    Node::Inert(Cow::Owned(["<!DOCTYPE ", kind, ">"].concat()))
}

/// Runs a component. Ours give a [`Node`]; what Leptos' own give is taken as it is.
pub fn component_view<P, T>(component: impl leptos::component::ComponentConstructor<P, T>, props: P) -> Node
where
    T: IntoView + 'static,
{
    let mut view = Some(component.construct(props));
    // Decided when it is compiled: the type is known there.
    if let Some(node) = (&mut view as &mut dyn Any).downcast_mut::<Option<Node>>() {
        return node.take().unwrap_or(Node::Empty);
    }
    // Always there: it was put in above.
    view.map_or(Node::Empty, |view| Erase::into_any(view).into_node())
}

/// A view that takes the place of the one before as a whole: no element of it stays for this one, nor what was typed into it.
pub fn anew(view: impl IntoNode) -> Node {
    Node::Scoped(Box::new(view.into_node()), Owner::current().unwrap_or_default())
}
