//! Values of attributes and properties.

use leptos::prelude::{Get, Memo, RwSignal, Signal};
use std::borrow::Cow;

/// The value of an attribute.
pub enum Attr {
    /// The attribute is not there.
    None,
    /// It is there without a value.
    Flag,
    Text(Cow<'static, str>),
    /// It follows signals.
    Live(Box<dyn FnMut() -> Attr + Send>),
}

impl Attr {
    /// What stands in the document: nothing, or a text. A live value is asked first.
    pub(crate) fn now(self) -> Option<Cow<'static, str>> {
        match self {
            Self::None => None,
            Self::Flag => Some(Cow::Borrowed("")),
            Self::Text(text) => Some(text),
            Self::Live(mut ask) => ask().now(),
        }
    }
}

/// What can be the value of an attribute. The name is that of Leptos' trait, which `view!` calls.
pub trait IntoAttributeValue {
    fn into_attribute_value(self) -> Attr;
}

impl IntoAttributeValue for Attr {
    fn into_attribute_value(self) -> Attr {
        self
    }
}

impl IntoAttributeValue for &'static str {
    fn into_attribute_value(self) -> Attr {
        Attr::Text(Cow::Borrowed(self))
    }
}

impl IntoAttributeValue for String {
    fn into_attribute_value(self) -> Attr {
        Attr::Text(Cow::Owned(self))
    }
}

impl IntoAttributeValue for Cow<'static, str> {
    fn into_attribute_value(self) -> Attr {
        Attr::Text(self)
    }
}

impl IntoAttributeValue for bool {
    fn into_attribute_value(self) -> Attr {
        if self { Attr::Flag } else { Attr::None }
    }
}

impl<T: IntoAttributeValue> IntoAttributeValue for Option<T> {
    fn into_attribute_value(self) -> Attr {
        self.map_or(Attr::None, T::into_attribute_value)
    }
}

impl<F, T> IntoAttributeValue for F
where
    F: FnMut() -> T + Send + 'static,
    T: IntoAttributeValue,
{
    fn into_attribute_value(mut self) -> Attr {
        Attr::Live(Box::new(move || self().into_attribute_value()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(
            impl IntoAttributeValue for $number {
                fn into_attribute_value(self) -> Attr {
                    self.to_string().into_attribute_value()
                }
            }
        )*
    };
}
numbers!(i32 u16 u32 u64 usize);

macro_rules! signals {
    ($($signal:ident)*) => {
        $(
            impl<T: IntoAttributeValue + Clone + Send + Sync + 'static> IntoAttributeValue for $signal<T> {
                fn into_attribute_value(self) -> Attr {
                    (move || self.get()).into_attribute_value()
                }
            }
        )*
    };
}
signals!(Signal RwSignal Memo);

impl IntoAttributeValue for leptos::nonce::Nonce {
    fn into_attribute_value(self) -> Attr {
        self.to_string().into_attribute_value()
    }
}

/// What `class` and `class:name` take.
pub trait IntoClass {
    fn into_class(self) -> Class;
}

/// A part of an element's class list.
pub enum Class {
    Names(Attr),
    /// The name is in the list while the condition is true.
    When(&'static str, Attr),
}

impl Class {
    fn is_live(&self) -> bool {
        matches!(self, Self::Names(Attr::Live(_)) | Self::When(_, Attr::Live(_)))
    }

    fn add_to(&mut self, list: &mut String) {
        let (attr, name) = match self {
            Self::Names(attr) => (attr, None),
            Self::When(name, attr) => (attr, Some(*name)),
        };
        let value = match attr {
            Attr::Live(ask) => ask().now(),
            Attr::None => None,
            Attr::Flag => Some(Cow::Borrowed("")),
            Attr::Text(text) => Some(text.clone()),
        };
        if let Some(value) = value {
            let names = name.unwrap_or(&value).trim();
            if !list.is_empty() && !names.is_empty() {
                list.push(' ');
            }
            list.push_str(names);
        }
    }
}

/// One attribute of all parts.
pub(crate) fn class_list(mut parts: Vec<Class>) -> Attr {
    let live = parts.iter().any(Class::is_live);
    let mut ask = move || {
        let mut list = String::new();
        for part in &mut parts {
            part.add_to(&mut list);
        }
        if list.is_empty() { Attr::None } else { Attr::Text(Cow::Owned(list)) }
    };
    if live { Attr::Live(Box::new(ask)) } else { ask() }
}

impl<T: IntoAttributeValue> IntoClass for T {
    fn into_class(self) -> Class {
        Class::Names(self.into_attribute_value())
    }
}

/// A name and its condition; a type of its own, since a pair is no value of an attribute.
impl<T: IntoAttributeValue> IntoClass for (&'static str, T) {
    fn into_class(self) -> Class {
        Class::When(self.0, self.1.into_attribute_value())
    }
}
