//! A [`Node`] wherever Leptos takes a view.

use crate::{dom::State, node::Node};
use leptos::{
    prelude::AddAnyAttr,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{
            Mountable, Position, PositionState, Render, RenderHtml,
            any_view::{AnyView, IntoAny},
        },
    },
};
use std::{future::Future, pin::Pin};

impl Render for Node {
    type State = State;

    fn build(self) -> State {
        self.build_state()
    }

    fn rebuild(self, state: &mut State) {
        if self.fits(state) {
            self.patch(state);
        } else {
            let mut new = self.build_state();
            state.insert_before(&mut new);
            state.take_out();
            *state = new;
        }
    }
}

impl Mountable for State {
    fn unmount(&mut self) {
        self.take_out();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        self.mount_in(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.insert_before(child)
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.all_elements()
    }
}

impl AddAnyAttr for Node {
    type Output<New: Attribute> = <AnyView as AddAnyAttr>::Output<New>;

    fn add_any_attr<New: Attribute>(self, attr: New) -> Self::Output<New>
    where
        Self::Output<New>: RenderHtml,
    {
        IntoAny::into_any(self).add_any_attr(attr)
    }
}

impl Node {
    fn run(&mut self) {
        match self {
            Self::Live(ask) => ask().run(),
            Self::Many(nodes) => nodes.iter_mut().for_each(Self::run),
            Self::Element(element) => element.children.iter_mut().for_each(Self::run),
            Self::Keyed(ask) => ask().into_iter().for_each(|(_, make)| make().run()),
            Self::Given(node) | Self::Scoped(node, _) => node.run(),
            Self::Foreign(view) => view.dry_resolve(),
            Self::Empty | Self::Text(_) | Self::Inert(_) => {}
        }
    }

    fn wait(self) -> Pin<Box<dyn Future<Output = Self> + Send>> {
        Box::pin(async move {
            match self {
                Self::Live(mut ask) => Self::Given(Box::new(ask().wait().await)),
                Self::Given(node) => Self::Given(Box::new(node.wait().await)),
                Self::Keyed(mut ask) => {
                    let rows = ask().into_iter().map(|(_, make)| make()).collect();
                    Self::Given(Box::new(Self::Many(wait_for_all(rows).await)))
                }
                Self::Scoped(node, owner) => Self::Scoped(Box::new(node.wait().await), owner),
                Self::Many(nodes) => Self::Many(wait_for_all(nodes).await),
                Self::Element(mut element) => {
                    element.children = wait_for_all(element.children).await;
                    Self::Element(element)
                }
                Self::Foreign(view) => Self::Foreign(Box::new(view.resolve().await)),
                ready => ready,
            }
        })
    }
}

/// One after the other: what they wait for was asked for when the page was made.
async fn wait_for_all(nodes: Vec<Node>) -> Vec<Node> {
    let mut waited = Vec::with_capacity(nodes.len());
    for node in nodes {
        waited.push(node.wait().await);
    }
    waited
}

impl RenderHtml for Node {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        self.run();
    }

    async fn resolve(self) -> Self {
        self.wait().await
    }

    #[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the browser writes no HTML"))]
    fn to_html_with_buf(self, buf: &mut String, position: &mut Position, escape: bool, _branches: bool, _attrs: Vec<AnyAttribute>) {
        #[cfg(feature = "ssr")]
        self.write(buf, position, escape);
    }

    #[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the browser writes no HTML"))]
    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        _branches: bool,
        _attrs: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        self.write(&mut crate::ssr::Stream::<OUT_OF_ORDER>(buf), position, escape);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> State {
        self.hydrate_state(cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}
