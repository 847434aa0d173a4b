//! `<Show>` and `<For>` over nodes, and effects of one type.

use crate::{
    children::{ChildrenFn, ViewFn},
    node::{IntoNode, Node},
};
use leptos::{
    prelude::{Get, Memo, Owner, component},
    reactive::effect::{self, EffectFunction},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// Shows its children while `when` is true, else `fallback`. The children are made anew at each change.
#[component]
pub fn Show<W>(children: ChildrenFn, when: W, #[prop(optional, into)] fallback: ViewFn) -> Node
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    let when = Memo::new(move |_| when());
    (move || if when.get() { children().into_node() } else { fallback.run().into_node() }).into_node()
}

/// A row for each item of `each`. A row is made once for its key, and stays while the key is in the list.
#[component]
pub fn For<E, I, T, K, F, N, C>(each: E, key: F, children: C) -> Node
where
    E: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    F: Fn(&T) -> K + Send + 'static,
    K: Hash,
    C: Fn(T) -> N + Send + Sync + 'static,
    N: IntoNode,
{
    let parent = Owner::current().unwrap_or_default();
    let children: Arc<dyn Fn(T) -> Node + Send + Sync> = Arc::new(move |item| children(item).into_node());
    Node::Keyed(Box::new(move || {
        let row = |item: T| {
            let mut hasher = DefaultHasher::new();
            key(&item).hash(&mut hasher);
            let (children, parent) = (Arc::clone(&children), parent.clone());
            let make: Box<dyn FnOnce() -> Node + Send> = Box::new(move || {
                // What a row holds lives as long as the row.
                let owner = parent.with(Owner::new);
                let node = owner.with(|| children(item));
                Node::Scoped(Box::new(node), owner)
            });
            (hasher.finish(), make)
        };
        each().into_iter().map(row).collect()
    }))
}

/// Leptos' effect, compiled once for all that it runs.
pub struct Effect;

impl Effect {
    /// Runs once the page lives, and again whenever a signal changes that it read. Not on the server.
    #[expect(clippy::new_ret_no_self, reason = "an effect lives under its owner; nobody holds it")]
    pub fn new<T: 'static, M>(mut run: impl EffectFunction<T, M> + 'static) {
        let mut last = None;
        let run: Box<dyn FnMut()> = Box::new(move || last = Some(run.run(last.take())));
        start(run);
    }
}

#[inline(never)]
fn start(run: Box<dyn FnMut()>) {
    effect::Effect::new(run);
}
