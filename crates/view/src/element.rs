//! Elements as data: a name, attributes, listeners, children.

use crate::{
    attribute::{Attr, Class, IntoAttributeValue, IntoClass, class_list},
    listener::Listener,
    node::{IntoNode, Node},
};
use leptos::{
    prelude::NodeRef,
    tachys::html::{element::ElementType, event::EventDescriptor, node_ref::NodeRefContainer},
};
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

/// An element that is not in a document yet.
pub struct Element {
    pub(crate) tag: &'static str,
    /// In the namespace of SVG.
    pub(crate) svg: bool,
    pub(crate) attrs: Vec<(Cow<'static, str>, Attr)>,
    classes: Vec<Class>,
    /// Properties, which are set on the element itself.
    pub(crate) props: Vec<(&'static str, Attr)>,
    pub(crate) listeners: Vec<Listener>,
    #[expect(clippy::type_complexity, reason = "said once")]
    pub(crate) reference: Option<Box<dyn Fn(&web_sys::Element) + Send>>,
    pub(crate) children: Vec<Node>,
}

/// Elements that have no content, and no closing tag.
pub(crate) fn is_void(tag: &str) -> bool {
    matches!(tag, "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr")
}

impl Element {
    fn new(tag: &'static str, svg: bool) -> Self {
        Self {
            tag,
            svg,
            attrs: Vec::new(),
            classes: Vec::new(),
            props: Vec::new(),
            listeners: Vec::new(),
            reference: None,
            children: Vec::new(),
        }
    }

    #[inline(never)]
    fn with_attr(mut self, name: Cow<'static, str>, value: Attr) -> Self {
        if !matches!(value, Attr::None) {
            self.attrs.push((name, value));
        }
        self
    }

    #[inline(never)]
    fn with_class(mut self, class: Class) -> Self {
        self.classes.push(class);
        self
    }

    #[inline(never)]
    fn with_child(mut self, child: Node) -> Self {
        match child {
            Node::Many(children) => self.children.extend(children),
            child => self.children.push(child),
        }
        self
    }

    #[inline(never)]
    fn with_listener(mut self, listener: Listener) -> Self {
        self.listeners.push(listener);
        self
    }

    #[must_use]
    pub fn child(self, child: impl IntoNode) -> Self {
        self.with_child(child.into_node())
    }

    /// An attribute of any name.
    #[must_use]
    pub fn attr(self, name: impl Into<Cow<'static, str>>, value: impl IntoAttributeValue) -> Self {
        self.with_attr(name.into(), value.into_attribute_value())
    }

    #[must_use]
    pub fn class(self, class: impl IntoClass) -> Self {
        self.with_class(class.into_class())
    }

    #[must_use]
    pub fn prop(mut self, name: &'static str, value: impl IntoAttributeValue) -> Self {
        self.props.push((name, value.into_attribute_value()));
        self
    }

    #[must_use]
    pub fn on<E, F>(self, event: E, handler: F) -> Self
    where
        E: EventDescriptor,
        E::EventType: From<JsValue>,
        F: FnMut(E::EventType) + 'static,
    {
        self.with_listener(Listener::new(&event, handler))
    }

    #[must_use]
    pub fn node_ref<E>(mut self, node: NodeRef<E>) -> Self
    where
        E: ElementType,
        E::Output: JsCast + 'static,
    {
        self.reference = Some(Box::new(move |element| node.load(element)));
        self
    }

    /// The classes become an attribute.
    pub(crate) fn finished(mut self) -> Self {
        if !self.classes.is_empty() {
            let class = class_list(std::mem::take(&mut self.classes));
            self = self.with_attr(Cow::Borrowed("class"), class);
        }
        self
    }
}

macro_rules! attributes {
    ($($method:ident $name:literal)*) => {
        impl Element {
            $(
                #[doc = concat!("The attribute `", $name, "`.")]
                #[must_use]
                pub fn $method(self, value: impl IntoAttributeValue) -> Self {
                    self.with_attr(Cow::Borrowed($name), value.into_attribute_value())
                }
            )*
        }
    };
}

attributes! {
    accept "accept" action "action" alt "alt" r#as "as" autocapitalize "autocapitalize" autocomplete "autocomplete" autofocus "autofocus"
    aria_atomic "aria-atomic" aria_busy "aria-busy" aria_checked "aria-checked" aria_controls "aria-controls" aria_current "aria-current"
    aria_describedby "aria-describedby" aria_disabled "aria-disabled" aria_expanded "aria-expanded" aria_haspopup "aria-haspopup"
    aria_hidden "aria-hidden" aria_invalid "aria-invalid" aria_label "aria-label" aria_labelledby "aria-labelledby" aria_live "aria-live"
    aria_keyshortcuts "aria-keyshortcuts" aria_pressed "aria-pressed" aria_relevant "aria-relevant" aria_required "aria-required" aria_selected "aria-selected" aria_sort "aria-sort"
    charset "charset" checked "checked" cols "cols" colspan "colspan" content "content" crossorigin "crossorigin" d "d" datetime "datetime"
    dir "dir" disabled "disabled" download "download" enctype "enctype" r#for "for" headers "headers" hidden "hidden" high "high" href "href"
    id "id" inert "inert" inputmode "inputmode" integrity "integrity" lang "lang" list "list" low "low" max "max" maxlength "maxlength"
    media "media" method "method" min "min" minlength "minlength" multiple "multiple" name "name" nonce "nonce" novalidate "novalidate"
    open "open" optimum "optimum" pattern "pattern" placeholder "placeholder" popover "popover" popovertarget "popovertarget"
    readonly "readonly" rel "rel" required "required" role "role" rowspan "rowspan" scope "scope" selected "selected" size "size"
    spellcheck "spellcheck" src "src" start "start" step "step" tabindex "tabindex" target "target" title "title" translate "translate"
    r#type "type" value "value" width "width" height "height"
}

macro_rules! tags {
    ($svg:literal $($tag:ident)*) => {
        $(
            #[doc = concat!("`<", stringify!($tag), ">`.")]
            #[must_use]
            pub fn $tag() -> super::Element {
                super::Element::new(stringify!($tag), $svg)
            }
        )*
    };
}

/// HTML.
pub mod tags {
    tags! { false
        a abbr article aside b body br button caption code col colgroup datalist dd del details dialog div dl dt em fieldset figure footer
        form h1 h2 h3 h4 head header hr html i img input ins kbd label legend li link main mark meta meter nav noscript ol optgroup option
        output p pre progress s samp script section select small span strong style sub summary sup table tbody td template tfoot th thead
        time title tr ul
    }
}

/// SVG.
pub mod svg_tags {
    tags! { true circle g line path rect svg r#use }
}
