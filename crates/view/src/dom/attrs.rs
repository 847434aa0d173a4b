//! Attributes and properties of elements in a document.

use crate::attribute::Attr;
use leptos::prelude::RenderEffect;
use std::borrow::Cow;
use wasm_bindgen::JsValue;

type Value = Option<Cow<'static, str>>;

/// A value in the document.
pub enum Placed {
    Fixed(Value),
    Live(#[expect(dead_code, reason = "it lives as long as the element")] RenderEffect<Value>),
}

fn write_attr(element: &web_sys::Element, name: &str, value: &Value) {
    // Names and values come from markup: neither call fails.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// As the browser reads it: a flag is a truth value.
fn write_prop(element: &web_sys::Element, name: &str, value: &Value) {
    let value = match value.as_deref() {
        None => JsValue::FALSE,
        Some("") if matches!(name, "checked" | "open" | "disabled" | "indeterminate") => JsValue::TRUE,
        Some(text) => JsValue::from_str(text),
    };
    let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), &value);
}

/// `written`: the document has it already.
pub fn place_attr(element: &web_sys::Element, name: &str, value: Attr, written: bool) -> Placed {
    place(element, name, value, written, write_attr)
}

pub fn place_prop(element: &web_sys::Element, name: &'static str, value: Attr) -> Placed {
    place(element, name, value, false, write_prop)
}

fn place(element: &web_sys::Element, name: &str, value: Attr, written: bool, write: fn(&web_sys::Element, &str, &Value)) -> Placed {
    let Attr::Live(mut ask) = value else {
        let value = value.now();
        if !written {
            write(element, name, &value);
        }
        return Placed::Fixed(value);
    };
    let (element, name) = (element.clone(), name.to_owned());
    Placed::Live(RenderEffect::new(move |before: Option<Value>| {
        let value = ask().now();
        match &before {
            None if written => {}
            Some(before) if *before == value => {}
            _ => write(&element, &name, &value),
        }
        value
    }))
}

impl Placed {
    /// Another value takes the place of this one.
    pub fn replace_attr(&mut self, element: &web_sys::Element, name: &str, value: Attr) {
        let same = matches!((&*self, &value), (Self::Fixed(Some(before)), Attr::Text(now)) if before == now)
            || matches!((&*self, &value), (Self::Fixed(Some(before)), Attr::Flag) if before.is_empty());
        *self = if same { Self::Fixed(value.now()) } else { place_attr(element, name, value, false) };
    }
}
