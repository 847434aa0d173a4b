//! What a field holds, in one shape for every field: as typed, as stored, as sent.

use crate::routing::{Flag, FlagKind};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is shown to nobody by accident: its `Debug` prints `…`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Every caller is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The value of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Names, numbers, choices: as text. Empty means none.
    Text(String),
    Switch(bool),
    /// Chips whose order is kept.
    List(Vec<String>),
    Flags(Vec<Flag>),
    /// `None`: inherited from the account, and follows it.
    Realm(Option<String>),
    Secret(Secret),
    /// There is a secret that this reader does not hold.
    Hidden,
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn secret(text: impl Into<String>) -> Self {
        Self::Secret(Secret::new(text))
    }

    /// The text of a `Text`, else empty.
    pub fn as_text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    pub const fn is_on(&self) -> bool {
        matches!(self, Self::Switch(true))
    }

    pub fn as_list(&self) -> &[String] {
        if let Self::List(list) = self { list } else { &[] }
    }

    pub fn as_flags(&self) -> &[Flag] {
        if let Self::Flags(flags) = self { flags } else { &[] }
    }

    pub fn as_realm(&self) -> Option<&str> {
        if let Self::Realm(Some(realm)) = self { Some(realm) } else { None }
    }

    /// The value without what only its owner may read.
    #[must_use]
    pub fn hidden(self) -> Self {
        if matches!(self, Self::Secret(_)) { Self::Hidden } else { self }
    }
}

impl fmt::Display for Value {
    /// As a person reads it in "was …", in Activity and in a conflict. A secret reads "hidden".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.is_empty() => f.write_str("empty"),
            Self::Text(text) => f.write_str(text),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::List(list) if list.is_empty() => f.write_str("none"),
            Self::List(list) => f.write_str(&list.join(", ")),
            Self::Flags(flags) if flags.is_empty() => f.write_str("none"),
            Self::Flags(flags) => {
                for (i, flag) in flags.iter().enumerate() {
                    let end = if flag.kind == FlagKind::Dynamic { " (dynamic)" } else { "" };
                    write!(f, "{}{}{end}", if i == 0 { "" } else { ", " }, flag.name)?;
                }
                Ok(())
            }
            Self::Realm(None) => f.write_str("inherited"),
            Self::Realm(Some(realm)) => f.write_str(realm),
            Self::Secret(_) | Self::Hidden => f.write_str("hidden"),
        }
    }
}
