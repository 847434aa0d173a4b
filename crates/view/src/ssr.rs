//! Nodes as HTML. What is written here is what `dom::hydrate` walks over.

use crate::{
    element::{Element, is_void},
    node::Node,
};
use leptos::tachys::{
    ssr::StreamBuilder,
    view::{Position, RenderHtml},
};

/// Where the HTML goes: a text, or a stream that waits for what is not there yet.
pub(crate) trait Out {
    fn text(&mut self, html: &str);
    fn foreign(&mut self, view: leptos::tachys::view::any_view::AnyView, position: &mut Position, escape: bool);
}

impl Out for String {
    fn text(&mut self, html: &str) {
        self.push_str(html);
    }

    fn foreign(&mut self, view: leptos::tachys::view::any_view::AnyView, position: &mut Position, escape: bool) {
        view.to_html_with_buf(self, position, escape, false, Vec::new());
    }
}

/// Chunks in order, or out of order behind a fallback.
pub(crate) struct Stream<'a, const OUT_OF_ORDER: bool>(pub &'a mut StreamBuilder);

impl<const OUT_OF_ORDER: bool> Out for Stream<'_, OUT_OF_ORDER> {
    fn text(&mut self, html: &str) {
        self.0.push_sync(html);
    }

    fn foreign(&mut self, view: leptos::tachys::view::any_view::AnyView, position: &mut Position, escape: bool) {
        view.to_html_async_with_buf::<OUT_OF_ORDER>(self.0, position, escape, false, Vec::new());
    }
}

/// The place of nothing, and the end of what follows signals.
const MARK: &str = "<!>";

impl Node {
    pub(crate) fn write(self, out: &mut impl Out, position: &mut Position, escape: bool) {
        match self {
            Self::Empty => mark(out, position),
            Self::Text(text) => write_text(&text, out, position, escape),
            Self::Inert(html) => {
                out.text(&html);
                *position = Position::NextChild;
            }
            Self::Element(element) => write_element(*element, out, position),
            Self::Many(nodes) => nodes.into_iter().for_each(|node| node.write(out, position, escape)),
            Self::Live(mut ask) => Self::Given(Box::new(ask())).write(out, position, escape),
            Self::Keyed(mut ask) => {
                for (_, make) in ask() {
                    make().write(out, position, escape);
                }
                mark(out, position);
            }
            Self::Scoped(node, owner) => owner.with(|| node.write(out, position, escape)),
            Self::Given(node) => {
                node.write(out, position, escape);
                mark(out, position);
            }
            Self::Foreign(view) => out.foreign(*view, position, escape),
        }
    }
}

fn mark(out: &mut impl Out, position: &mut Position) {
    out.text(MARK);
    *position = Position::NextChild;
}

fn write_text(text: &str, out: &mut impl Out, position: &mut Position, escape: bool) {
    // Texts side by side would be read as one.
    if matches!(position, Position::NextChildAfterText) {
        out.text(MARK);
    }
    if !escape {
        out.text(text);
    } else if text.is_empty() {
        // Nothing would be no text node.
        out.text(" ");
    } else {
        out.text(&html_escape::encode_text(text));
    }
    *position = Position::NextChildAfterText;
}

fn write_element(element: Element, out: &mut impl Out, position: &mut Position) {
    let Element { tag, attrs, children, .. } = element;
    let mut open = String::from("<");
    open.push_str(tag);
    for (name, value) in attrs {
        if let Some(value) = value.now() {
            open.push(' ');
            open.push_str(&name);
            if !value.is_empty() {
                open.push_str("=\"");
                html_escape::encode_double_quoted_attribute_to_string(value, &mut open);
                open.push('"');
            }
        }
    }
    open.push('>');
    out.text(&open);
    if !is_void(tag) {
        let escape = !matches!(tag, "script" | "style");
        *position = Position::FirstChild;
        for child in children {
            child.write(out, position, escape);
        }
        out.text("</");
        out.text(tag);
        out.text(">");
    }
    *position = Position::NextChild;
}

#[cfg(test)]
mod tests {
    use crate::{IntoNode, Node, element::tags};
    use leptos::tachys::view::Position;

    fn html(view: impl IntoNode) -> String {
        let mut out = String::new();
        view.into_node().write(&mut out, &mut Position::FirstChild, true);
        out
    }

    #[test]
    fn what_is_typed_by_people_is_escaped() {
        let evil = "<script>\"&'";
        assert_eq!(html(tags::p().title(evil).child(evil)), "<p title=\"&lt;script&gt;&quot;&amp;'\">&lt;script&gt;\"&amp;'</p>");
    }

    #[test]
    fn each_part_has_its_place() {
        assert_eq!(html(tags::p().child(("a", "b", String::new()))), "<p>a<!>b<!> </p>");
        assert_eq!(html(tags::p().child(None::<Node>)), "<p><!></p>");
        assert_eq!(html(tags::p().child((|| "a", "b"))), "<p>a<!>b</p>");
        assert_eq!(html(tags::p().child(Vec::<Node>::new)), "<p><!><!></p>");
    }

    #[test]
    fn attributes_and_classes() {
        let input = tags::input().r#type("checkbox").checked(true).disabled(false).class("a ").class(("b", || true)).class(("c", false));
        assert_eq!(html(input), "<input type=\"checkbox\" checked class=\"a b\">");
        assert_eq!(html(tags::p().class(("c", false))), "<p></p>");
        assert_eq!(html(tags::a().href(None::<String>).attr("data-x", || Some("1"))), "<a data-x=\"1\"></a>");
    }
}
