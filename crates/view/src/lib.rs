//! Leptos under its own name, with one difference: whatever `view!` makes is a [`Node`], a value, and not a type of its own.
//!
//! Leptos gives each element, attribute and closure of a page a type, and compiles building, hydrating, updating and removing again for
//! each of them: more than a third of the wasm. Here all of that exists once, over data. The macros stay those of Leptos: they expand to
//! paths that begin with `::leptos`, and the app imports this crate as `leptos`; what is not shadowed below is Leptos itself.
//!
//! What the pages don't use is not here: spreading attributes, `style:`, `bind:`, `use:`, `inner_html`.

mod attribute;
pub mod children;
mod control;
mod dom;
mod element;
mod listener;
mod node;
mod render;
#[cfg(feature = "ssr")]
mod ssr;

pub use leptos::*;
pub use node::{IntoNode, Node, anew};

/// The crate's own `prelude`, with views of one type.
pub mod prelude {
    pub use crate::{
        attribute::IntoAttributeValue,
        children::{Children, ChildrenFn, ToChildren, ViewFn},
        control::{Effect, For, Show},
        node::{CollectView, IntoAny, IntoNode, IntoRender, Node as AnyView, View},
    };
    pub use leptos::prelude::*;
}

/// What `view!` calls for components.
pub mod component {
    pub use crate::node::component_view;
    pub use leptos::component::*;
}

/// Where `view!` finds elements.
pub mod tachys {
    pub use leptos::tachys::*;

    /// HTML.
    pub mod html {
        pub use crate::node::{InertElement, doctype};
        pub use leptos::tachys::html::*;

        /// Elements by their names.
        pub mod element {
            pub use crate::element::tags::*;
        }
    }

    /// SVG.
    pub mod svg {
        pub use crate::element::svg_tags::*;
    }
}
